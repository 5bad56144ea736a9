/**
 * Arguments of commands: the only way to the socket (RFC 9051 §4.3).
 *
 * @module
 */

import { encodeFolderName } from "../../../net/internal.ts";
import { InjectionError, UsageError } from "../../../net/mod.ts";
import type { Secret } from "../../wire/mod.ts";

/** Counted bytes in a command. */
export interface Literal {
  /** Number of bytes. */
  readonly size: number;
  /** The bytes, as many as promised. */
  readonly content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** Whether they may hold NUL: `~{` (RFC 3516). */
  readonly isBinary?: boolean;
  /** Whether no transcript shows them. */
  readonly isSecret?: boolean;
}

/** A piece of a command: text that is sent unchanged, or a literal. */
export type CommandPiece = string | Secret | Literal;

/** A word that needs no quotes, in any place. */
const ATOM = /^[A-Za-z0-9!#$&',\-./:;<=>?@^_`|~]{1,200}$/;
/** Longest string in quotes; longer ones are literals. */
const MAX_QUOTED = 1000;

/**
 * Writes a string: as a word, in quotes, or as a literal.
 *
 * @param text Any text without NUL.
 * @param utf8 Whether the server takes UTF-8 in quotes (RFC 6855).
 * @returns The piece.
 * @throws {InjectionError} If it holds NUL.
 */
export function astring(text: string, utf8 = false): CommandPiece {
  return ATOM.test(text) && text.toUpperCase() !== "NIL" ? text : quoted(text, utf8);
}

/**
 * Writes a string in quotes, or as a literal.
 *
 * @param text Any text without NUL.
 * @param utf8 Whether the server takes UTF-8 in quotes (RFC 6855).
 * @returns The piece.
 * @throws {InjectionError} If it holds NUL.
 */
export function quoted(text: string, utf8 = false): CommandPiece {
  if (text.includes("\0")) {
    throw new InjectionError("the text holds NUL", { operation: "build a command" });
  }
  const fits = utf8 ? text.isWellFormed() && !/[\x01-\x1f\x7f]/.test(text) : isPrintable(text);
  if (fits && text.length <= MAX_QUOTED) return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
  return literal(new TextEncoder().encode(text));
}

function isPrintable(text: string): boolean {
  return !/[^\x20-\x7e]/.test(text);
}

/**
 * Makes a literal of bytes.
 *
 * @param bytes The bytes.
 * @returns The literal.
 */
export function literal(bytes: Uint8Array): Literal {
  return { size: bytes.length, content: [bytes] };
}

/** Longest name of a mailbox, in characters. */
const MAX_NAME = 1000;

/**
 * Writes the name of a mailbox.
 *
 * @param name The name.
 * @param utf8 Whether the server takes UTF-8; else it is written in modified UTF-7 (RFC 3501 §5.1.3).
 * @returns The piece.
 * @throws {UsageError} If it cannot be a name.
 */
export function mailboxPiece(name: string, utf8: boolean): CommandPiece {
  checkMailboxName(name);
  return utf8 ? astring(name, true) : astring(encodeFolderName(name));
}

/**
 * Checks a name of a mailbox.
 *
 * @param name The name.
 * @throws {UsageError} If it is empty, too long, or holds control characters.
 */
export function checkMailboxName(name: string): void {
  if (name === "" || name.length > MAX_NAME || !name.isWellFormed() || /[\0-\x1f\x7f]/.test(name)) {
    throw new UsageError(
      "the name of a mailbox must have 1 to 1000 characters, without control characters",
    );
  }
}

/** A flag: a keyword, or one of the system's with its backslash. */
const FLAG = /^\\?[A-Za-z0-9!#$&',\-./:;<=>?@^_`|~+]{1,200}$/;

/**
 * Writes flags.
 *
 * @param flags Flags, such as `\Seen` and `$Forwarded`.
 * @returns The list in parentheses.
 * @throws {UsageError} If one is none.
 */
export function flagList(flags: Iterable<string>): string {
  const list = [...flags];
  const bad = list.find((flag) => !FLAG.test(flag));
  if (bad !== undefined) {
    throw new UsageError(`${JSON.stringify(bad.slice(0, 80))} is not a flag, such as \\Seen`);
  }
  return `(${list.join(" ")})`;
}
