/**
 * Values in the files of scripts, read with their places.
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import type { ScriptPosition } from "./script.ts";

/** A file of a script. */
export interface ScriptFile {
  /** Its name. */
  readonly file: string;
  /** Its content: maps, lists and texts. */
  readonly content: unknown;
  /** Finds the place of a part of the content, by its keys and indexes. */
  positionOf(path: readonly (string | number)[]): Omit<ScriptPosition, "file">;
}

/** A mistake in a script. */
export interface ScriptProblem {
  /** Where. */
  readonly at: ScriptPosition;
  /** The mistake, and the expected content. */
  readonly message: string;
}

/** Keys and indexes that lead to a part of a file. */
export type Path = readonly (string | number)[];

/** Times that steps are repeated. */
const MAX_TIMES = 10_000;

/** Reads values; mistakes are collected. */
export class ScriptValues {
  /** All mistakes. */
  readonly problems: ScriptProblem[] = [];
  /** Files that are being read, the including ones first. */
  protected readonly files: ScriptFile[] = [];

  /** Reads a map that has no keys but these; undefined if it is not a map. */
  map(
    content: unknown,
    path: Path,
    keys: readonly string[],
    what: string,
  ): Readonly<Record<string, unknown>> | undefined {
    if (!isRecord(content)) {
      this.report(path, `${what} is a map of ${keys.join(", ")}`);
      return undefined;
    }
    for (const key of Object.keys(content)) {
      if (!keys.includes(key)) {
        this.report([...path, key], `${what} has no ${JSON.stringify(key)}`);
      }
    }
    return content;
  }

  /** Reads names and texts. */
  texts(content: unknown, path: Path): Record<string, string> {
    if (!isRecord(content)) {
      this.report(path, "a map of names and texts is expected");
      return {};
    }
    return Object.fromEntries(
      Object.entries(content).map(([name, value]) => [
        this.name(name, [...path, name]),
        this.text(value, [...path, name]),
      ]),
    );
  }

  /** Reads a text. */
  text(content: unknown, path: Path): string {
    if (typeof content === "string") return content;
    this.report(path, "a text is expected");
    return "";
  }

  /** Reads the name of a variable. */
  name(content: unknown, path: Path): string {
    if (typeof content === "string" && /^[A-Za-z_]\w*$/.test(content)) return content;
    this.report(path, "the name of a variable is expected: letters, digits and _");
    return "_";
  }

  /** Reads `true` or `false`. */
  flag(content: unknown, path: Path, fallback: boolean): boolean {
    if (content === undefined) return fallback;
    if (content === "true" || content === "false") return content === "true";
    this.report(path, "true or false is expected");
    return fallback;
  }

  /** Reads a time in seconds; gives milliseconds. */
  seconds(content: unknown, path: Path): number {
    const seconds = typeof content === "string" && /^\d{1,7}(?:\.\d{1,3})?$/.test(content)
      ? Number(content)
      : 0;
    if (seconds <= 0) this.report(path, "a number of seconds is expected");
    return Math.max(1, seconds * 1000);
  }

  /** Reads a number of times. */
  times(content: unknown, path: Path): number {
    const times = typeof content === "string" && /^\d{1,6}$/.test(content) ? Number(content) : 0;
    if (times < 1 || times > MAX_TIMES) {
      this.report(path, `repeat takes a number of times, 1 to ${MAX_TIMES}`);
    }
    return times;
  }

  /** Makes the error for a script that is too large. */
  tooMuch(message: string, path: Path): UsageError {
    const { file, line, column } = this.at(path);
    return new UsageError(`${file}:${line}:${column}: ${message}`);
  }

  /** Reports a mistake. */
  report(path: Path, message: string): void {
    this.problems.push({ at: this.at(path), message });
  }

  /** Finds the place of a part of the current file. */
  at(path: Path): ScriptPosition {
    const file = this.files.at(-1)!;
    return { file: file.file, ...file.positionOf(path) };
  }
}

/** Whether a content is a map. */
export function isRecord(content: unknown): content is Readonly<Record<string, unknown>> {
  return typeof content === "object" && content !== null && !Array.isArray(content);
}
