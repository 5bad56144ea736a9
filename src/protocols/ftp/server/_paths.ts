/**
 * Paths as clients write them.
 *
 * @module
 */

import { trimBlanks } from "../../../net/internal.ts";
import { TreeError } from "../../../stores/mod.ts";

/** Longest path, in characters. */
const MAX_LENGTH = 4096;

/**
 * Works out where a path leads.
 *
 * @param folder The current folder.
 * @param text The path; absolute, or from the current folder. Nothing leads above the root.
 * @returns Its parts.
 * @throws {TreeError} If it holds a control character, or is too long.
 */
export function resolvePath(folder: readonly string[], text: string): string[] {
  // deno-lint-ignore no-control-regex -- just these must not be there
  if (text.length > MAX_LENGTH || /[\0-\x1f\x7f]/.test(text)) throw new TreeError("denied");
  const parts = text.startsWith("/") ? [] : [...folder];
  for (const part of text.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts;
}

/** Writes a path from the root. */
export function formatPath(parts: readonly string[]): string {
  return `/${parts.join("/")}`;
}

/** Writes a path as a reply quotes it (RFC 959, appendix II). */
export function quotePath(parts: readonly string[]): string {
  return `"${formatPath(parts).replaceAll('"', '""')}"`;
}

/**
 * Takes words apart at spaces; one in quotes may hold spaces, and quotes after a backslash.
 *
 * @param text The words.
 * @returns Them; undefined if a quote is not closed.
 */
export function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  let rest = trimBlanks(text);
  while (rest !== "") {
    const [all, quoted, bare] = /^(?:"((?:[^"\\]|\\.)*)"|([^ \t"]+))(?:[ \t]+|$)/s.exec(rest) ?? [];
    if (all === undefined) return undefined;
    words.push(bare ?? quoted!.replaceAll(/\\(.)/gs, "$1"));
    rest = rest.slice(all.length);
  }
  return words;
}
