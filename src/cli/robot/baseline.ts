/**
 * Known failures: one a line, as JSON.
 *
 * @module
 */

import { UsageError } from "../../net/mod.ts";
import type { Finding } from "../../programs/robot/internal.ts";
import { readTextFile } from "../../stores/internal.ts";

/** Identifies a finding across runs. */
export function findingKey({ problem, url }: Pick<Finding, "problem" | "url">): string {
  return `${problem} ${url}`;
}

/** Known failures by their keys. */
export type Baseline = ReadonlyMap<string, Pick<Finding, "problem" | "url">>;

/**
 * Reads a file of known failures.
 *
 * @param path The file.
 * @returns The failures.
 * @throws {UsageError} If a line is malformed; the message names it.
 */
export async function readBaseline(path: string): Promise<Baseline> {
  const lines = (await readTextFile(path, { fatal: true })).split(/\r?\n/);
  const known = new Map<string, Pick<Finding, "problem" | "url">>();
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    let entry: unknown;
    try {
      entry = JSON.parse(line);
    } catch {
      entry = undefined;
    }
    const { problem, url } = (entry ?? {}) as { problem?: unknown; url?: unknown };
    if (typeof problem !== "string" || typeof url !== "string") {
      throw new UsageError(`${path}:${index + 1}: a line holds an object with problem and url`);
    }
    const finding = { problem: problem as Finding["problem"], url };
    known.set(findingKey(finding), finding);
  }
  return known;
}

/**
 * Writes failures as known ones.
 *
 * @param findings The failures.
 * @returns The file.
 */
export function formatBaseline(findings: readonly Finding[]): string {
  const lines = findings.map(({ problem, url, reason }) =>
    JSON.stringify({ problem, url, reason })
  );
  return `# Known failures of netwright http robot\n${lines.join("\n")}${
    lines.length > 0 ? "\n" : ""
  }`;
}
