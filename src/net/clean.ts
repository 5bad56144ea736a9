/**
 * The one cleaner for text that goes to a terminal, a log or an error message.
 *
 * @module
 */

/** What {@link cleanText} lets through. */
export interface CleanOptions {
  /** Keep line feeds, for text of several lines. @default {false} */
  readonly lines?: boolean;
  /** Longest result in UTF-16 units; the rest becomes `…`. @default {Infinity} */
  readonly maxLength?: number;
}

/**
 * Makes text from the network safe to show: control characters (C0, DEL, C1), bidirectional controls,
 * invisible format characters, line and paragraph separators and lone surrogates become visible
 * escapes such as `\x1b` and `\u{202e}`. A tab stays a tab. Text of others looks as it is.
 *
 * @param text Anything.
 * @param options What to let through.
 * @returns Text without any character that a terminal or a log could take for a command.
 *
 * @example A terminal escape becomes harmless
 * ```ts
 * import { cleanText } from "@netwright/netwright/net";
 * if (cleanText("\x1b[2Jhi\u202e") !== "\\x1b[2Jhi\\u{202e}") throw new Error("not clean");
 * ```
 */
export function cleanText(text: string, options: CleanOptions = {}): string {
  const { lines = false, maxLength = Infinity } = options;
  // Cut first: the work then is bounded by what is shown, whatever the peer sent.
  const cut = text.length > maxLength;
  const shown = cut ? text.slice(0, maxLength) : text;
  const cleaned = shown.replace(
    UNSAFE,
    (character) => character === "\n" && lines ? character : escape(character),
  );
  return cut ? `${cleaned}…` : cleaned;
}

/**
 * Writes a value as JSON in one line in which every character that a terminal or a log could take for a command is
 * escaped: `JSON.stringify` leaves C1 controls and bidirectional marks as they are.
 *
 * @param value Any value that JSON can hold.
 * @returns The JSON, without a line end.
 *
 * @example A control of 8 bits
 * ```ts
 * import { jsonLine } from "@netwright/netwright/net";
 * if (jsonLine("a\x9bb") !== '"a\\u009bb"') throw new Error("not escaped");
 * ```
 */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    UNSAFE,
    (character) =>
      [...Array(character.length).keys()].map((index) =>
        `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`
      ).join(""),
  );
}

// Controls but tab; soft hyphen; Arabic letter mark; zero-width and bidi marks, separators and
// overrides; invisible operators and isolates; BOM; interlinear marks; tags; lone surrogates.
const UNSAFE = new RegExp(
  "[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e" +
    "\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}\\ud800-\\udfff]",
  "gu",
);

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === "\r") return "\\r";
  if (character === "\n") return "\\n";
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : `\\u{${code.toString(16).padStart(4, "0")}}`;
}
