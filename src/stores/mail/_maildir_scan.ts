/**
 * The files of a Maildir folder, found although other programs rename them at the same time.
 *
 * @module
 */

import { delay } from "../../net/internal.ts";
import { baseOf } from "./maildir_names.ts";

/** Most readings of a folder that changes all the time. */
const MAX_PASSES = 10;
/** Changes within this time may not change the time of a folder, in milliseconds. */
const GRANULARITY_MS = 20;
/** The same where the system keeps whole seconds, or every other one. */
const COARSE_GRANULARITY_MS = 2000;

/** The files that were found. */
export interface FoundFiles {
  /** Files below the folder, as `cur/NAME` or `new/NAME`, by the parts of their names that stay. */
  readonly files: ReadonlyMap<string, string>;
  /** Whether a file that was not found is not there. */
  readonly isCertain: boolean;
}

/**
 * Finds all files. A system may leave out those that are renamed while it lists a folder, so it is read again while
 * known ones are missing and others change it.
 *
 * @param path The folder.
 * @param known The files that were there before.
 * @returns The files.
 */
export async function findFiles(
  path: string,
  known: ReadonlyMap<string, unknown>,
): Promise<FoundFiles> {
  const all = new Map<string, string>();
  for (let pass = 1;; pass++) {
    const begin = Date.now();
    const before = timesOf(path);
    const found = new Map<string, string>();
    for (const part of ["new", "cur"]) {
      for await (const { name, isFile } of Deno.readDir(`${path}/${part}`)) {
        // Files moved from `new` to `cur` meanwhile are seen there.
        if (isFile && !name.startsWith(".")) found.set(baseOf(name), `${part}/${name}`);
      }
    }
    const isQuiet = Math.max(...before) < begin - granularityOf(before) &&
      timesOf(path).join() === before.join();
    if (isQuiet) return { files: found, isCertain: true };
    for (const [base, file] of found) all.set(base, file);
    const isMissing = known.keys().some((base) => !all.has(base));
    if (!isMissing || pass === MAX_PASSES) return { files: all, isCertain: false };
    // Soon the times show whether anything was renamed meanwhile.
    await delay(GRANULARITY_MS + 5);
  }
}

/**
 * Returns when `new` and `cur` were changed.
 *
 * @param path The folder.
 * @returns Both times, in milliseconds since 1970.
 */
export function timesOf(path: string): number[] {
  return ["new", "cur"].map((part) =>
    Deno.statSync(`${path}/${part}`).mtime?.getTime() ?? Infinity
  );
}

/**
 * Estimates how exact the times of a folder are.
 *
 * @param times Times, in milliseconds since 1970.
 * @returns Changes within this time may not change them, in milliseconds.
 */
export function granularityOf(times: readonly number[]): number {
  return times.some((time) => time % 1000 !== 0) ? GRANULARITY_MS : COARSE_GRANULARITY_MS;
}
