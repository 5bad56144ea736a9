/**
 * Lines of a shell as words: quotes, backslashes, patterns.
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";

/** One word of a line. */
export interface Word {
  /** The text, without quotes. */
  readonly text: string;
  /** The same as a pattern, in which quoted characters match themselves; undefined if it is not a pattern. */
  readonly pattern: string | undefined;
  /** Where it begins in the line, quotes included. */
  readonly start: number;
}

/** Longest line, in UTF-16 units. */
const MAX_LINE = 65_536;
const SPECIAL = /[*?[\]{}()!+@\\]/;

/**
 * Splits a line into words: between blanks, `'literally'`, `"with \" in it"`, `\` before a single character, `#`
 * before a remark.
 *
 * @param line The line.
 * @returns Its words, and whether a quote is still open.
 * @throws {UsageError} If the line is too long.
 */
export function parseLine(line: string): { readonly words: Word[]; readonly isOpen: boolean } {
  if (line.length > MAX_LINE) {
    throw new UsageError(`the line is longer than ${MAX_LINE} characters`);
  }
  const words: Word[] = [];
  let word: { text: string; pattern: string; isPattern: boolean; start: number } | undefined;
  let quote = "";
  let escaped = false;
  const add = (text: string, literal: boolean): void => {
    if (word === undefined) return;
    word.text += text;
    word.pattern += literal && SPECIAL.test(text) ? `\\${text}` : text;
    word.isPattern ||= !literal && /[*?[]/.test(text);
  };
  const finish = (): void => {
    if (word === undefined) return;
    const { text, pattern, isPattern, start } = word;
    words.push({ text, pattern: isPattern ? pattern : undefined, start });
    word = undefined;
  };
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (escaped) {
      // Between quotes a backslash is literal, unless it precedes a character that it could escape.
      if (quote === '"' && !/["\\]/.test(character)) add("\\", true);
      add(character, true);
      escaped = false;
    } else if (character === "\\" && quote !== "'") {
      word ??= { text: "", pattern: "", isPattern: false, start: at };
      escaped = true;
    } else if (quote !== "") {
      if (character === quote) quote = "";
      else add(character, true);
    } else if (/\s/.test(character)) finish();
    else if (character === "#" && word === undefined) break;
    else {
      word ??= { text: "", pattern: "", isPattern: false, start: at };
      if (character === "'" || character === '"') quote = character;
      else add(character, false);
    }
  }
  finish();
  return { words, isOpen: quote !== "" || escaped };
}

/**
 * Writes a word so that {@link parseLine} reads it.
 *
 * @param text The word.
 * @returns The same with a backslash before whatever could mean something.
 *
 * @example
 * ```ts
 * if (escapeWord("my file*.txt") !== "my\\ file\\*.txt") throw new Error("not escaped");
 * ```
 */
export function escapeWord(text: string): string {
  return text === "" ? "''" : text.replaceAll(/[\s'"\\*?[\]#!]/g, "\\$&");
}
