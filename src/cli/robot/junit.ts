/**
 * Findings as a JUnit report, which systems for continuous integration show.
 *
 * @module
 */

import { escapeMarkup } from "../../net/internal.ts";
import type { Finding } from "../../programs/robot/internal.ts";

/** Content of a JUnit report. */
export interface JunitInput {
  /** The starts of the crawl. */
  readonly name: string;
  /** Number of URLs that were checked. */
  readonly urls: number;
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** Findings that are failures. */
  readonly failures: readonly Finding[];
  /** Findings that are not. */
  readonly others: readonly Finding[];
}

/** Maximum number of pages that a failure names. */
const MAX_PAGES = 50;
/** Maximum number of findings. */
const MAX_FINDINGS = 10_000;

/**
 * Writes the report: a test case for each failure and for each other finding, and one for all that is well.
 *
 * @param input The findings.
 * @returns XML.
 */
export function formatJunit({ name, urls, ms, failures, others }: JunitInput): string {
  const bad = new Set([...failures, ...others].map(({ url }) => url));
  const left = Math.max(0, failures.length + others.length - MAX_FINDINGS);
  const cases = [
    ...failures.slice(0, MAX_FINDINGS).map((finding) => testCase(finding, "failure")),
    ...others.slice(0, Math.max(0, MAX_FINDINGS - failures.length)).map((finding) =>
      testCase(finding, "skipped")
    ),
    ...left === 0 ? [] : [`    <testcase classname="left-out" name="${left} further findings"/>`],
    `    <testcase classname="ok" name="${Math.max(0, urls - bad.size)} other URLs"/>`,
  ];
  const counts = `tests="${cases.length}" failures="${failures.length}" errors="0" ` +
    `skipped="${others.length}" time="${(ms / 1000).toFixed(3)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- netwright http robot -->
<testsuites ${counts}>
  <testsuite name="${escapeXml(`links of ${name}`)}" ${counts}>
${cases.join("\n")}
  </testsuite>
</testsuites>
`;
}

function testCase({ problem, url, reason, pages, pageCount }: Finding, kind: string): string {
  const where = pages.slice(0, MAX_PAGES).map((page) =>
    page.text === "" ? page.url : `${page.url} (${page.text})`
  );
  if (pageCount > where.length) where.push(`and ${pageCount - where.length} more`);
  const text = where.length === 0 ? "" : `linked from:\n${where.join("\n")}`;
  return `    <testcase classname="${problem}" name="${escapeXml(url)}">
      <${kind} message="${escapeXml(reason)}">${escapeXml(text)}</${kind}>
    </testcase>`;
}

/** Characters that XML 1.0 does not have are left out. */
function escapeXml(text: string): string {
  // deno-lint-ignore no-control-regex
  const barred = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;
  return escapeMarkup(text.toWellFormed().replace(barred, ""));
}
