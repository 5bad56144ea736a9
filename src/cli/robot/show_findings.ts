/**
 * Findings on standard output: a row for each page that makes a link, or JSON lines.
 *
 * @module
 */

import type { Finding } from "../../programs/robot/internal.ts";
import type { Context } from "../command/context.ts";
import { Table } from "../terminal/table.ts";
import { type RobotPlan, WORKING_FOLDER } from "./plans.ts";

/** Pages of one finding that a person is shown. */
const SHOWN_PAGES = 5;

/**
 * Prints findings.
 *
 * @param findings Those that count, and those that do not.
 * @param plan The parsed command line.
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
        url: displayUrl(url),
        status,
        reason,
        pages: pages.map((page) => ({ ...page, url: displayUrl(page.url) })),
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
    const target = displayUrl(url);
    if (shown.length === 0) await table.row(severity, problem, target, reason, "");
    for (const [index, page] of shown.entries()) {
      const cells = stdout.isTerminal && index > 0
        ? ["", "", "", ""]
        : [severity, problem, target, reason];
      await table.row(...cells, displayUrl(page.url));
    }
    if (stdout.isTerminal && pageCount > shown.length && shown.length > 0) {
      await table.row("", "", "", "", `and ${pageCount - shown.length} more`);
    }
  }
  await table.end();
}

/**
 * Formats a URL for display: local files as paths.
 *
 * @param url The URL.
 * @returns The path of a local file, or the URL.
 */
export function displayUrl(url: string): string {
  if (!url.startsWith("file://")) return url;
  const { hostname, pathname, hash } = new URL(url);
  if (hostname === "") return url;
  let path = pathname.slice(1);
  try {
    path = decodeURIComponent(path);
  } catch {
    // Shown undecoded.
  }
  const parts = path.split("/");
  const above = parts.findIndex((part) => part !== WORKING_FOLDER[0]);
  const depth = above < 0 ? parts.length : above;
  if (depth === 0) return `/${path}${hash}`;
  const steps = Array.from({ length: WORKING_FOLDER.length - depth }, () => "..");
  return `${[...steps, ...parts.slice(depth)].join("/") || "."}${hash}`;
}
