/**
 * A line that is being edited, with its history: what keys do to text, without a terminal.
 *
 * @module
 */

import { characters } from "./columns.ts";
import type { Key } from "./keys.ts";

/** Limits of a {@link LineEditor}. */
export interface LineEditorOptions {
  /** Lines of before, oldest first. */
  readonly history?: readonly string[] | undefined;
  /** Maximum line length in UTF-16 units; further input is ignored. @default {4096} */
  readonly maxLength?: number | undefined;
  /** How many lines are remembered. @default {1000} */
  readonly maxHistory?: number | undefined;
}

/** The request of a key to the reader of the line; undefined if it only edited. */
export type EditorRequest = "line" | "interrupt" | "end" | "complete" | "clear" | undefined;

/** One line, a cursor in it, and the lines of before. */
export class LineEditor {
  readonly #history: string[];
  readonly #maxLength: number;
  readonly #maxHistory: number;
  #before = "";
  #after = "";
  #killed = "";
  /** The position in the history, and the line that was typed before. */
  #looking: { readonly index: number; readonly typed: string } | undefined;
  /** The text searched for in the history, the line to start from, and the line that was typed before. */
  #search: { readonly query: string; readonly index: number; readonly typed: string } | undefined;

  /** @param options History and limits. */
  constructor({ history = [], maxLength = 4096, maxHistory = 1000 }: LineEditorOptions = {}) {
    this.#history = history.slice(-maxHistory);
    this.#maxLength = maxLength;
    this.#maxHistory = maxHistory;
  }

  /** The text left of the cursor. */
  get before(): string {
    return this.#before;
  }

  /** The text right of the cursor. */
  get after(): string {
    return this.#after;
  }

  /** The text searched for in the history; undefined outside of a search. */
  get query(): string | undefined {
    return this.#search?.query;
  }

  /** The whole line. */
  get text(): string {
    return this.#before + this.#after;
  }

  /** The lines of before, oldest first. */
  get history(): readonly string[] {
    return this.#history;
  }

  /** Takes the line away and remembers it, unless it is empty, the last one again, or begins with a space. */
  take(): string {
    const { text } = this;
    if (text.trim() !== "" && !text.startsWith(" ") && text !== this.#history.at(-1)) {
      this.#history.push(text);
      if (this.#history.length > this.#maxHistory) this.#history.shift();
    }
    this.clear();
    return text;
  }

  /** Empties the line. */
  clear(): void {
    this.#set("", "");
    this.#looking = undefined;
    this.#search = undefined;
  }

  /** Puts text where the cursor is, in place of some characters before it. */
  replace(length: number, text: string): void {
    const kept = this.#before.slice(0, this.#before.length - length);
    if (kept.length + text.length + this.#after.length > this.#maxLength) return;
    this.#cut(kept + text, this.#after);
  }

  /**
   * Executes a key.
   * @param key The key.
   * @returns The request to the reader of the line.
   */
  press(key: Key): EditorRequest {
    if (this.#search !== undefined && this.#pressInSearch(key, this.#search)) return undefined;
    if ("text" in key) {
      this.replace(0, key.text);
      return undefined;
    }
    const [before, after] = [this.#before, this.#after];
    switch (key.name) {
      case "enter":
        return "line";
      case "interrupt":
      case "complete":
      case "clear":
        return key.name;
      case "end":
        if (this.text === "") return "end";
        return this.#cut(before, after.slice(first(after)));
      case "left":
        return this.#moveTo(before.length - last(before));
      case "right":
        return this.#moveTo(before.length + first(after));
      case "home":
        return this.#moveTo(0);
      case "line-end":
        return this.#moveTo(this.text.length);
      case "word-left":
        return this.#moveTo(startOfWord(before));
      case "word-right":
        return this.#moveTo(before.length + endOfWord(after));
      case "back":
        return this.#cut(before.slice(0, before.length - last(before)), after);
      case "delete":
        return this.#cut(before, after.slice(first(after)));
      case "delete-word-left":
        return this.#kill(before.slice(0, startOfWord(before)), after);
      case "delete-word-right":
        return this.#kill(before, after.slice(endOfWord(after)));
      case "delete-to-start":
        return this.#kill("", after);
      case "delete-to-end":
        return this.#kill(before, "");
      case "yank":
        return this.replace(0, this.#killed) as undefined;
      case "search":
        this.#search = { query: "", index: this.#history.length, typed: this.text };
        return undefined;
      case "abandon":
        return undefined;
      case "older":
        return this.#look(-1);
      case "newer":
        return this.#look(1);
    }
  }

  /** Whether a key belonged to the search; any other ends it, and is executed then. */
  #pressInSearch(
    key: Key,
    { query, index, typed }: { query: string; index: number; typed: string },
  ): boolean {
    if ("text" in key) return this.#find(query + key.text, index, typed);
    if (key.name === "search") return this.#find(query, index - 1, typed);
    if (key.name === "back") {
      return this.#find(query.slice(0, query.length - last(query)), this.#history.length, typed);
    }
    this.#search = undefined;
    if (key.name !== "abandon" && key.name !== "interrupt") return false;
    this.#set(typed, "");
    return true;
  }

  /** Goes to the last line, from there on back, that holds a text; stays where there is none. */
  #find(query: string, from: number, typed: string): true {
    const found = query === ""
      ? -1
      : this.#history.findLastIndex((line, at) => at <= from && line.includes(query));
    this.#search = { query, index: found < 0 ? Math.max(0, from) : found, typed };
    if (found >= 0) this.#set(this.#history[found]!, "");
    return true;
  }

  #set(before: string, after: string): undefined {
    this.#before = before;
    this.#after = after;
  }

  /** Changes the text, which then is no longer a line of the history. */
  #cut(before: string, after: string): undefined {
    this.#looking = undefined;
    this.#set(before, after);
  }

  #kill(before: string, after: string): undefined {
    const killed = this.#before.slice(before.length) +
      this.#after.slice(0, this.#after.length - after.length);
    if (killed !== "") this.#killed = killed;
    this.#cut(before, after);
  }

  #moveTo(index: number): undefined {
    const { text } = this;
    this.#set(text.slice(0, index), text.slice(index));
  }

  /** Moves to the next line of the history with the same beginning as the typed line. */
  #look(step: 1 | -1): undefined {
    const { index, typed } = this.#looking ?? { index: this.#history.length, typed: this.text };
    for (let i = index + step; i >= 0 && i <= this.#history.length; i += step) {
      const line = i === this.#history.length ? typed : this.#history[i]!;
      if (!line.startsWith(typed) || (line === this.text && i < this.#history.length)) continue;
      this.#looking = { index: i, typed };
      return this.#set(line, "");
    }
  }
}

/** Units of the first character. */
function first(text: string): number {
  return characters(text.slice(0, 64))[0]?.length ?? 0;
}

/** Units of the last character. */
function last(text: string): number {
  return characters(text.slice(-64)).at(-1)?.length ?? 0;
}

/** Where the last word of a text begins. */
function startOfWord(text: string): number {
  return text.replace(/[^\s/]*[\s/]*$/u, "").length;
}

/** Where the first word of a text ends. */
function endOfWord(text: string): number {
  return /^[\s/]*[^\s/]*/u.exec(text)![0].length;
}
