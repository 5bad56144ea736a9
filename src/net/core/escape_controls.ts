/**
 * The one cleaner for text that goes to a terminal, a log or an error message.
 *
 * @module
 */

/** What {@link escapeControls} lets through. */
export interface CleanOptions {
  /** Keep line feeds, for text of several lines. @default {false} */
  readonly lines?: boolean;
  /** Longest result in UTF-16 units; the rest becomes `…`. @default {Infinity} */
  readonly maxLength?: number;
}

/**
 * Makes text from the network safe to show: control characters (C0, DEL, C1), bidirectional controls,
 * invisible format characters, line and paragraph separators and lone surrogates become visible
 * escapes such as `\x1b` and `\u{202e}`. A tab stays a tab, and joiners stay in emoji and in the scripts that use them.
 *
 * @param text Anything.
 * @param options What to let through.
 * @returns Text without any character that a terminal or a log could take for a command.
 *
 * @example A terminal escape becomes harmless
 * ```ts
 * import { escapeControls } from "@netwright/netwright/net";
 * if (escapeControls("\x1b[2Jhi\u202e") !== "\\x1b[2Jhi\\u{202e}") throw new Error("not clean");
 * ```
 */
export function escapeControls(text: string, options: CleanOptions = {}): string {
  const { lines = false, maxLength = Infinity } = options;
  // Cut first: the work then is bounded by the length of the output, whatever the peer sent.
  const cut = text.length > maxLength;
  const shown = cut ? text.slice(0, maxLength) : text;
  if (!cut && PLAIN.test(shown)) return shown;
  const cleaned = shown.replace(
    UNSAFE,
    (character, at: number) =>
      character === "\n" && lines || isJoiner(character) && joins(shown, at)
        ? character
        : escape(character),
  );
  return cut ? `${cleaned}…` : cleaned;
}

/**
 * Writes a value as JSON in one line in which every character that a terminal or a log could interpret is
 * escaped: `JSON.stringify` leaves C1 controls and bidirectional marks unescaped.
 *
 * @param value Any value that JSON can hold.
 * @returns The JSON, without a line end.
 *
 * @example A control of 8 bits
 * ```ts
 * import { jsonLine } from "./escape_controls.ts";
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

/** Most texts have nothing to be escaped. */
const PLAIN = /^[\t\x20-\x7e]*$/;

// Controls but tab; soft hyphen; Arabic letter mark; zero-width and bidi marks, separators and
// overrides; invisible operators and isolates; BOM; interlinear marks; tags; lone surrogates.
const UNSAFE = new RegExp(
  "[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e" +
    "\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}\\ud800-\\udfff]",
  "gu",
);

function isJoiner(character: string): boolean {
  return character === "\u200c" || character === "\u200d";
}

/** Scripts in which joiners change how letters look, so that they are part of the spelling (RFC 5892, appendix A). */
const JOINING =
  "\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Gurmukhi}" +
  "\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}" +
  "\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{Script=Khmer}\\p{Script=Mongolian}";
const JOINS = new RegExp(`^[${JOINING}]$`, "u");
const EMOJI = /^\p{Extended_Pictographic}$/u;
const EMOJI_STYLE = /^[\ufe0f\u{1f3fb}-\u{1f3ff}]$/u;

/** Whether a joiner belongs between its neighbours; between other letters it could only deceive. */
function joins(text: string, at: number): boolean {
  const [after = ""] = text.slice(at + 1, at + 3);
  const [last = "", earlier = ""] = [...text.slice(Math.max(0, at - 4), at)].reverse();
  if (JOINS.test(last) && JOINS.test(after)) return true;
  const emoji = EMOJI_STYLE.test(last) ? earlier : last;
  return text[at] === "\u200d" && EMOJI.test(emoji) && EMOJI.test(after);
}

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === "\r") return "\\r";
  if (character === "\n") return "\\n";
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : `\\u{${code.toString(16).padStart(4, "0")}}`;
}
