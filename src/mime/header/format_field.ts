/**
 * Writes fields of a header: folded, encoded where that is needed, and one field only (RFC 5322 §2.2.3).
 *
 * @module
 */

import { InjectionError, LimitError } from "../../net/mod.ts";
import { utf8Length } from "../coding/bytes.ts";
import { encodeWords } from "./encoded_word.ts";

/** Longest line that is written if it can be helped. */
const USUAL_LENGTH = 78;
/** Longest line that may be. */
const MAX_LINE = 998;

/** How fields are written. */
export interface FieldOptions {
  /** Whether text is written in UTF-8 (RFC 6532). @default {false} */
  readonly utf8?: boolean;
}

/**
 * Writes a field of pieces that stay whole: addresses, parameters, identifiers.
 *
 * @param name The field's name.
 * @param pieces The pieces, to be separated by white space.
 * @returns The field's lines with CRLF, 78 characters each where the pieces allow it.
 * @throws {InjectionError} If the name is none, or a piece holds CR, LF or NUL.
 * @throws {LimitError} If a piece is longer than a line may be.
 *
 * @example Folded
 * ```ts
 * import { formatField } from "./format_field.ts";
 * const field = formatField("References", [`<${"a".repeat(40)}@x>`, `<${"b".repeat(40)}@x>`]);
 * if (!field.includes(">\r\n <")) throw new Error(field);
 * ```
 */
export function formatField(name: string, pieces: readonly string[]): string {
  checkName(name);
  let field = `${name}:`;
  let width = field.length;
  let empty = true;
  for (const piece of pieces) {
    checkText(name, piece);
    // A name stands alone on its line only if that cannot be helped.
    const room = empty ? MAX_LINE : USUAL_LENGTH;
    const fits = width + 1 + piece.length <= room;
    field += fits ? " " : "\r\n ";
    width = (fits ? width : 0) + 1 + piece.length;
    field += piece;
    empty = false;
    if (utf8Length(piece) + 1 > MAX_LINE) {
      throw new LimitError(`a word of field ${name} is longer than ${MAX_LINE} bytes`, {
        operation: "write a field",
        limit: MAX_LINE,
      });
    }
  }
  return `${field}\r\n`;
}

/**
 * Writes a field of text, such as Subject.
 *
 * @param name The field's name.
 * @param text One line of any text.
 * @param options Whether UTF-8 is allowed.
 * @returns The field's lines with CRLF.
 * @throws {InjectionError} If the name is none, or the text holds CR, LF or NUL.
 *
 * @example Only one field can be written
 * ```ts
 * import { formatTextField } from "./format_field.ts";
 * let refused = false;
 * try {
 *   formatTextField("Subject", "hi\r\nBcc: eve@example.org");
 * } catch {
 *   refused = true;
 * }
 * if (!refused) throw new Error("two fields");
 * ```
 */
export function formatTextField(name: string, text: string, options: FieldOptions = {}): string {
  checkName(name);
  checkText(name, text);
  const clean = text.toWellFormed();
  const plain = options.utf8 ?? false ? /^[^\x00-\x1f\x7f]*$/ : /^[\x20-\x7e]*$/;
  // A word that looks encoded, and white space that reading would lose, are kept by encoding them.
  const kept = plain.test(clean) && !clean.includes("=?") && clean === clean.trim() &&
    !(clean.length > USUAL_LENGTH && clean.includes("  ")) &&
    !clean.split(" ").some((word) => utf8Length(word) > USUAL_LENGTH * 3);
  const pieces = kept
    ? clean.split(/(?<=[^ ]) (?=[^ ])/)
    : encodeWords(clean, USUAL_LENGTH - name.length - 2);
  return formatField(name, pieces);
}

function checkName(name: string): void {
  if (/^[!-9;-~]{1,76}$/.test(name)) return;
  throw new InjectionError(`${JSON.stringify(name.slice(0, 100))} is not the name of a field`, {
    operation: "write a field",
  });
}

function checkText(name: string, text: string): void {
  if (!/[\r\n\0]/.test(text)) return;
  throw new InjectionError(`the text of ${name} holds CR, LF or NUL`, {
    operation: "write a field",
  });
}
