/**
 * SASLprep (RFC 4013): one spelling for each user name and password.
 *
 * @module
 */

import { InjectionError } from "../../net/mod.ts";

/** RFC 3454 table C.1.2: spaces that become the ASCII one. */
const SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g;
/** Table B.1: characters that are removed. */
const DROPPED = new RegExp(
  "[\\u00ad\\u034f\\u1806\\u180b-\\u180d\\u200c\\u200d\\u2060\\ufe00-\\ufe0f\\ufeff]",
  "g",
);
/** Tables C.2 to C.9: controls, private use, non-characters, surrogates, and what changes display. */
const PROHIBITED = new RegExp(
  "[\\p{Cc}\\p{Co}\\p{Cs}\\u06dd\\u070f\\u180e\\u200c\\u200d\\u2028\\u2029\\u2060-\\u2063\\u206a-\\u206f" +
    "\\ufdd0-\\ufdef\\ufeff\\ufff9-\\uffff\\u2ff0-\\u2ffb\\u0340\\u0341\\u200e\\u200f\\u202a-\\u202e" +
    "\\u{1d173}-\\u{1d17a}\\u{e0001}\\u{e0020}-\\u{e007f}]|[\\u{1fffe}\\u{1ffff}\\u{2fffe}\\u{2ffff}" +
    "\\u{3fffe}\\u{3ffff}\\u{4fffe}\\u{4ffff}\\u{5fffe}\\u{5ffff}\\u{6fffe}\\u{6ffff}\\u{7fffe}\\u{7ffff}" +
    "\\u{8fffe}\\u{8ffff}\\u{9fffe}\\u{9ffff}\\u{afffe}\\u{affff}\\u{bfffe}\\u{bffff}\\u{cfffe}\\u{cffff}" +
    "\\u{dfffe}\\u{dffff}\\u{efffe}\\u{effff}\\u{ffffe}\\u{fffff}\\u{10fffe}\\u{10ffff}]",
  "u",
);
/** Table D.1: letters of scripts that are written from right to left. */
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;
/** Table D.2, in so far as it matters: letters of all other scripts. */
const LEFT_TO_RIGHT =
  /(?![\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}])\p{L}/u;

/**
 * Prepares a user name or password for comparison.
 *
 * @param text The user's input.
 * @returns The one spelling of it.
 * @throws {InjectionError} If it holds a character that may not be in one, or mixes directions.
 *
 * @example A Roman numeral
 * ```ts
 * import { saslPrep } from "@netwright/netwright/sasl";
 * if (saslPrep("\u2168") !== "IX") throw new Error(saslPrep("\u2168"));
 * ```
 */
export function saslPrep(text: string): string {
  const normal = text.replace(SPACES, " ").replace(DROPPED, "").normalize("NFKC");
  if (PROHIBITED.test(normal)) throw refusal("holds a character that may not be in one");
  if (RIGHT_TO_LEFT.test(normal)) {
    const characters = [...normal];
    const ends = [characters[0]!, characters.at(-1)!];
    if (LEFT_TO_RIGHT.test(normal) || !ends.every((end) => RIGHT_TO_LEFT.test(end))) {
      throw refusal("mixes directions of writing");
    }
  }
  return normal;
}

function refusal(reason: string): InjectionError {
  return new InjectionError(`the user name or password ${reason}`, { operation: "authenticate" });
}
