/**
 * Known failures: one a line, as JSON. Local files are written relative to the file itself, so that it serves from any working folder.
 *
 * @module
 */

import { UsageError } from "../../net/mod.ts";
import type { Finding } from "../../programs/robot/internal.ts";
import { readTextFile } from "../../stores/internal.ts";
import type { RobotPlan } from "./plans.ts";
import { pathOf } from "./starts.ts";

/** The parts of a finding that a baseline keeps. */
export type KnownFinding = Pick<Finding, "problem" | "url">;

/** Known findings by their keys. */
export type Baseline = ReadonlyMap<string, KnownFinding>;

/** Identifies a finding across runs, whatever folder its file was reached through. */
export function findingKey({ problem, url }: KnownFinding): string {
  return `${problem} ${withoutFolder(url)}`;
}

/** Gives findings their keys. */
export function toBaseline(findings: readonly KnownFinding[]): Baseline {
  return new Map(findings.map((finding) => [findingKey(finding), finding]));
}

/** The host of a local URL stands for the folder that was named. */
function withoutFolder(url: string): string {
  return url.replace(/^file:\/\/[^/]*/, "file://");
}

/**
 * Reads a file of known failures.
 *
 * @param path The file.
 * @param plan The working folder, and the folders that are checked.
 * @returns The failures.
 * @throws {UsageError} If a line is malformed; the message names it.
 */
export async function readBaseline(
  path: string,
  { working, folders }: Pick<RobotPlan, "working" | "folders">,
): Promise<Baseline> {
  const lines = (await readTextFile(path, { fatal: true })).split(/\r?\n/);
  const place = placeOf(path, working, folders[0]?.host);
  const known: KnownFinding[] = [];
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
    const isRelative = /^\.{1,2}\//.test(url) && URL.canParse(url, place);
    known.push({
      problem: problem as Finding["problem"],
      url: isRelative ? new URL(url, place).href : url,
    });
  }
  return toBaseline(known);
}

/**
 * Writes failures as known ones.
 *
 * @param findings The failures.
 * @param path The file that they are for.
 * @param working Path of the working folder.
 * @returns The content of the file.
 */
export function formatBaseline(
  findings: readonly Finding[],
  path: string,
  working: readonly string[],
): string {
  const place = placeOf(path, working);
  const lines = findings.map(({ problem, url, reason }) =>
    JSON.stringify({ problem, url: relativeTo(place, url), reason })
  );
  return `# Known failures of netwright http robot\n${lines.map((line) => `${line}\n`).join("")}`;
}

function placeOf(path: string, working: readonly string[], host = ""): URL {
  return new URL(`file://${host}/${pathOf(path, working).map(encodeURIComponent).join("/")}`);
}

/** Writes the URL of a local file as a reference from another one. */
function relativeTo(base: URL, url: string): string {
  if (!url.startsWith("file://") || !URL.canParse(url)) return url;
  const { pathname, hash } = new URL(url);
  const from = base.pathname.split("/").slice(0, -1);
  const to = pathname.split("/");
  const differs = to.findIndex((part, at) => at === to.length - 1 || part !== from[at]);
  const steps = "../".repeat(from.length - differs) || "./";
  return `${steps}${to.slice(differs).join("/")}${hash}`;
}
