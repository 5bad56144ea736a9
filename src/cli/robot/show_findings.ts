/**
 * Findings on standard output: a row for each page that makes a link, or JSON lines.
 *
 * @module
 */

import type { Finding } from "../../programs/robot/internal.ts";
import type { Context } from "../command/context.ts";
import { Table } from "../terminal/table.ts";
import type { RobotPlan } from "./plans.ts";

/** Pages of one finding that a person is shown. */
const SHOWN_PAGES = 5;

/**
 * Prints findings.
 *
 * @param findings Those that count, and those that do not.
 * @param plan What is printed.
 * @param context Where.
 */
export async function showFindings(
  { failures, others }: {
    readonly failures: readonly Finding[];
    readonly others: readonly Finding[];
  },
  plan: RobotPlan,
  context: Context,
): Promise<void> {
  const { stdout } = context;
  if (context.json) {
    const isFailure = new Set(failures);
    for (const finding of [...failures, ...others]) {
      const { severity, problem, url, status, reason, pages, pageCount } = finding;
      await stdout.json({
        severity,
        failure: isFailure.has(finding),
        problem,
        url: displayUrl(url, plan),
        status,
        reason,
        pages: pages.map((page) => ({ ...page, url: displayUrl(page.url, plan) })),
        pageCount,
      });
    }
    return;
  }
  const table = new Table(stdout, { headings: ["", "problem", "url", "reason", "page"] });
  for (const finding of [...failures, ...others]) {
    const { severity, problem, url, reason, pages, pageCount } = finding;
    if (severity === "note" && !plan.notes) continue;
    const shown = stdout.isTerminal ? pages.slice(0, SHOWN_PAGES) : pages;
    const target = displayUrl(url, plan);
    if (shown.length === 0) await table.row(severity, problem, target, reason, "");
    for (const [index, page] of shown.entries()) {
      const cells = stdout.isTerminal && index > 0
        ? ["", "", "", ""]
        : [severity, problem, target, reason];
      await table.row(...cells, displayUrl(page.url, plan));
    }
    if (stdout.isTerminal && pageCount > shown.length && shown.length > 0) {
      await table.row("", "", "", "", `and ${pageCount - shown.length} more`);
    }
  }
  await table.end();
}

/**
 * Names what a URL stands for: of a local folder, the file.
 *
 * @param url The URL.
 * @param plan The folders.
 * @returns The path of a local file, or the URL.
 */
export function displayUrl(url: string, { folders }: Pick<RobotPlan, "folders">): string {
  if (!url.startsWith("file://")) return url;
  const { hostname, pathname, hash } = new URL(url);
  const start = folders.find(({ host }) => host === hostname);
  if (start === undefined) return url;
  let path = pathname.slice(1);
  try {
    path = decodeURIComponent(path);
  } catch {
    // It is shown as it is written.
  }
  const base = start.folder === "." ? "" : `${start.folder.replace(/\/$/, "")}/`;
  return `${base}${path}${hash}`;
}
