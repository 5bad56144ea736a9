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
  const shown = findingDisplay(plan);
  if (context.json) {
    const isFailure = new Set(failures);
    for (const finding of [...failures, ...others]) {
      const { severity, problem, url, status, reason, pages, pageCount } = shown(finding);
      await stdout.json({
        severity,
        failure: isFailure.has(finding),
        problem,
        url,
        status,
        reason,
        pages,
        pageCount,
      });
    }
    return;
  }
  const table = new Table(stdout, { headings: ["", "problem", "url", "reason", "page"] });
  for (const finding of [...failures, ...others]) {
    const { severity, problem, url, reason, pages, pageCount } = shown(finding);
    if (severity === "note" && !plan.notes) continue;
    const some = stdout.isTerminal ? pages.slice(0, SHOWN_PAGES) : pages;
    if (some.length === 0) await table.row(severity, problem, url, reason, "");
    for (const [index, page] of some.entries()) {
      const cells = stdout.isTerminal && index > 0
        ? ["", "", "", ""]
        : [severity, problem, url, reason];
      await table.row(...cells, page.url);
    }
    if (stdout.isTerminal && pageCount > some.length && some.length > 0) {
      await table.row("", "", "", "", `and ${pageCount - some.length} more`);
    }
  }
  await table.end();
}

/**
 * Formats findings for display.
 *
 * @param plan The folders.
 * @returns Formats a finding.
 */
export function findingDisplay(
  plan: Pick<RobotPlan, "folders" | "working">,
): (finding: Finding) => Finding {
  const display = urlDisplay(plan);
  return (finding) => ({
    ...finding,
    url: display(finding.url),
    pages: finding.pages.map((page) => ({ ...page, url: display(page.url) })),
  });
}

/**
 * Formats URLs for display: local files as paths, absolute or not as the folder was given.
 *
 * @param plan The folders.
 * @returns Formats a URL.
 */
export function urlDisplay(
  { folders, working }: Pick<RobotPlan, "folders" | "working">,
): (url: string) => string {
  const absolute = new Set(
    folders.filter(({ folder }) => folder.startsWith("/")).map(({ host }) => host),
  );
  return (url) => {
    if (!url.startsWith("file://")) return url;
    const { hostname, pathname, hash } = new URL(url);
    if (hostname === "") return url;
    const path = decoded(pathname);
    if (absolute.has(hostname)) return `${path}${hash}`;
    const parts = path.slice(1).split("/");
    const differs = parts.findIndex((part, at) => part !== working[at]);
    const depth = Math.min(differs < 0 ? parts.length : differs, working.length);
    if (depth === 0) return `${path}${hash}`;
    const steps = Array.from({ length: working.length - depth }, () => "..");
    return `${[...steps, ...parts.slice(depth)].join("/") || "."}${hash}`;
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // Shown undecoded.
    return path;
  }
}
