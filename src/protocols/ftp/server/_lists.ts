/**
 * Listings that a server writes.
 *
 * @module
 */

import type { TreeEntry } from "../../../stores/mod.ts";
import { type FactsInput, formatFacts } from "../codec/facts.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** Beyond this age the year stands for the time of day. */
const RECENT_MS = 180 * 86_400_000;

/** Writes a line as `ls -l` does, its time in UTC. */
export function formatUnixLine(name: string, entry: TreeEntry, now: Date): string {
  const { kind, size, modified, mode, target } = entry;
  const type = { file: "-", folder: "d", link: "l", other: "p" }[kind];
  const age = now.getTime() - modified.getTime();
  const pad = (number: number): string => String(number).padStart(2, "0");
  const clock = age > RECENT_MS || age < -3_600_000
    ? String(modified.getUTCFullYear()).padStart(5)
    : `${pad(modified.getUTCHours())}:${pad(modified.getUTCMinutes())}`;
  const day = `${MONTHS[modified.getUTCMonth()]} ${String(modified.getUTCDate()).padStart(2)}`;
  const arrow = kind === "link" && target !== undefined ? ` -> ${target}` : "";
  return `${type}${formatMode(mode)}   1 ftp      ftp      ${String(size).padStart(12)} ` +
    `${day} ${clock} ${name}${arrow}`;
}

/** Writes `rwxr-x---`. */
function formatMode(mode: number): string {
  let text = "";
  for (let i = 0; i < 9; i++) text += mode & 0o400 >> i ? "rwx"[i % 3] : "-";
  return text;
}

/** Writes a line of MLSD or MLST. */
export function formatFactsLine(
  name: string,
  entry: TreeEntry,
  canWrite: boolean,
  requested: ReadonlySet<string>,
  type?: FactsInput["type"],
): string {
  const { kind, size, modified, mode, unique } = entry;
  return formatFacts(
    {
      type: type ?? (kind === "folder" ? "dir" : kind === "link" ? "link" : "file"),
      target: kind === "link" ? entry.target : undefined,
      size: kind === "file" ? size : undefined,
      modified,
      mode,
      unique,
      permissions: kind === "folder" ? canWrite ? "cdeflmp" : "el" : canWrite ? "adfrw" : "r",
    },
    name,
    requested,
  );
}
