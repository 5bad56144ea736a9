/**
 * Texts and patterns that output is searched for.
 *
 * @module
 */

import { escapeControls } from "../../../net/mod.ts";

/** A pattern; `RegExp` is one, but may take for ever on hostile text. */
export interface TextPattern {
  /** How it is written, for messages. */
  readonly source?: string;
  /** Finds the first match in a text. */
  exec(text: string): PatternMatch | null;
}

/** A match of a {@link TextPattern}. */
export interface PatternMatch {
  /** The matched text. */
  readonly 0: string;
  /** Where it begins. */
  readonly index: number;
  /** Text of named groups. */
  readonly groups?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Describes patterns for a message. */
export function describePatterns(patterns: readonly (string | TextPattern)[]): string {
  const texts = patterns.map((pattern) => typeof pattern === "string" ? pattern : pattern.source);
  const shown = texts.flatMap((text) => text === undefined ? [] : [JSON.stringify(text)]);
  return shown.length === 0
    ? "the expected text"
    : escapeControls(shown.join(" or "), { maxLength: 200 });
}

/**
 * Finds a text.
 *
 * @param text The text.
 * @param within Where it is searched.
 * @returns The first match, or null.
 */
export function findText(text: string, within: string): PatternMatch | null {
  const index = within.indexOf(text);
  return index < 0 ? null : { 0: text, index };
}
