/**
 * Patterns of names, such as `*.txt`, and their matches.
 *
 * @module
 */

import { LimitError, UsageError } from "../../../net/mod.ts";
import type { ListedName } from "./places.ts";
import type { Word } from "./words.ts";

/** Maximum number of matches of a pattern. */
const MAX_NAMES = 100_000;

/**
 * Finds the names that a word matches.
 *
 * @param word A word; one without a pattern matches itself.
 * @param list Lists a folder by its path; the current one if that is empty.
 * @returns Paths in the order of the alphabet.
 * @throws {UsageError} If nothing is called so.
 */
export async function expand(
  { text, pattern }: Word,
  list: (folder: string) => Promise<readonly ListedName[]>,
): Promise<string[]> {
  if (pattern === undefined) return [text];
  const { default: picomatch } = await import("picomatch");
  const parts = pattern.split("/");
  let paths = [parts[0] === "" ? "/" : ""];
  for (const [index, part] of parts.entries()) {
    // The first is empty in an absolute path, the last in one of a folder.
    if (part === "") continue;
    const matches = picomatch(part, { nonegate: true, noextglob: true, nobrace: true });
    const isLast = index === parts.length - 1;
    const next: string[] = [];
    for (const path of paths) {
      if (!/[*?[]/.test(part.replaceAll(/\\./g, ""))) {
        next.push(`${path}${part.replaceAll(/\\(.)/g, "$1")}${isLast ? "" : "/"}`);
        continue;
      }
      for (const { name, isFolder } of await list(path)) {
        if (!(isLast || isFolder) || !matches(name)) continue;
        next.push(`${path}${name}${isLast ? "" : "/"}`);
      }
    }
    if (next.length > MAX_NAMES) {
      throw new LimitError(`more than ${MAX_NAMES} names are like this`, {
        peer: text,
        limit: MAX_NAMES,
      });
    }
    paths = next;
  }
  if (paths.length === 0) throw new UsageError("nothing is called like this", { peer: text });
  return paths.sort();
}
