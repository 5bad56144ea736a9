/**
 * Files that the user named for the robot to read and write.
 *
 * @module
 */

import { type Capabilities, UsageError } from "../../net/mod.ts";
import { partialPath } from "../../stores/internal.ts";
import type { Arguments } from "../command/arguments.ts";
import { realPath } from "../sandbox/real_paths.ts";
import type { FolderStart, ReportInFolder } from "./plans.ts";
import { pathOf } from "./starts.ts";

/** The files of a command line. */
export interface UserFiles {
  /** The permissions that they require. */
  readonly needs: Capabilities;
  /** Reports that lie in folders that are checked. */
  readonly reports: readonly ReportInFolder[];
  /** Whether the baseline is written again. */
  readonly rewritesBaseline: boolean;
}

/** Options that name files of the user which are only read: nothing may be written there. */
const INPUTS = ["token-file", "password-file", "netrc", "ca", "tls-cert", "tls-key"];

/**
 * Finds the files of a command line.
 *
 * @param args The command line.
 * @param folders The folders that are checked.
 * @param working Path of the working folder.
 * @returns The files.
 * @throws {UsageError} If two of them are one, except a baseline that is written again.
 */
export function userFiles(
  args: Arguments,
  folders: readonly FolderStart[],
  working: readonly string[],
): UserFiles {
  const read: string[] = [];
  const write: string[] = [];
  const reports: ReportInFolder[] = [];
  let rewritesBaseline = false;
  /** Options by the file that they name, whatever the spelling. */
  const owners = new Map<string, string>();
  for (const name of INPUTS) {
    const file = args.value(name);
    if (file !== undefined) owners.set(placeOf(file, working), name);
  }
  for (const name of ["state", "cookies", "html", "junit", "write-baseline", "baseline"]) {
    const file = args.value(name);
    if (file === undefined) continue;
    if (file === "" || file === "-" || file.endsWith("/")) {
      throw new UsageError(`--${name} takes the name of a file`);
    }
    // The database keeps two files beside its own, a report is written beside its place first.
    const all = name === "state"
      ? [file, `${file}-wal`, `${file}-shm`, `${file}-journal`]
      : name === "baseline" || name === "cookies"
      ? [file]
      : [file, partialPath(file)];
    for (const path of all) {
      // The database follows a link before it names the two beside it.
      const suffix = name === "state" ? path.slice(file.length) : "";
      const place = suffix === "" ? placeOf(path, working) : placeOf(file, working) + suffix;
      const owner = owners.get(place);
      const isRewritten = name === "baseline" && owner === "write-baseline";
      if (owner !== undefined && !isRewritten) {
        throw new UsageError(`one file for two purposes: ${path} (--${owner} and --${name})`);
      }
      rewritesBaseline ||= isRewritten;
      owners.set(place, name);
    }
    if (name === "cookies") continue;
    read.push(...all);
    if (name === "baseline") continue;
    write.push(...all);
    if (name === "state") {
      if (!/\.(?:html?|xhtml|md|markdown|css|xml|svg)$/i.test(file)) continue;
      throw new UsageError(`--state keeps a database: ${file} is the name of a document`);
    }
    for (const start of folders) {
      const inside = insideOf(placeOf(file, working), placeOf(start.folder, working));
      if (inside !== undefined) reports.push({ file, host: start.host, path: inside });
    }
  }
  return { needs: { read, write }, reports, rewritesBaseline };
}

/** The same text for each spelling of a path, links followed as far as that may be asked. */
function placeOf(path: string, working: readonly string[]): string {
  return realPath(path) ?? `/${pathOf(path, working).join("/")}`;
}

function insideOf(place: string, folder: string): string[] | undefined {
  const base = folder === "/" ? "/" : `${folder}/`;
  return place.startsWith(base) ? place.slice(base.length).split("/") : undefined;
}
