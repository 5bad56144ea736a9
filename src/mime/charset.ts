/**
 * Bytes of any charset that mail names become text: `TextDecoder`, what it does without, and fall-backs.
 *
 * @module
 */

import { fromBase64, latin1 } from "./_bytes.ts";
import { decodeHz, decodeIso2022Jp, decodeIso2022Kr } from "./_iso2022.ts";

const UTF8 = new TextDecoder("utf-8");
const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Names that mail uses and the Encoding standard does not. */
const ALIASES: Readonly<Record<string, string>> = {
  cp932: "shift_jis",
  "x-ms-cp932": "shift_jis",
  "windows-932": "shift_jis",
  cp936: "gbk",
  "ms936": "gbk",
  cp949: "euc-kr",
  uhc: "euc-kr",
  cp950: "big5",
  "iso-8859-8-e": "iso-8859-8",
  "iso-8859-6-i": "iso-8859-6",
  "iso-8859-6-e": "iso-8859-6",
  "utf8mb4": "utf-8",
  "x-gbk": "gbk",
  "x-big5": "big5",
  "x-utf-8": "utf-8",
  "macroman": "macintosh",
};

/** Labels that mean ASCII: what is not, is guessed. */
const ASCII = new Set(["us-ascii", "ascii", "ansi_x3.4-1968", "iso646-us", "7bit", "8bit", "646"]);

/** Characters 128 to 255 of charsets that the Encoding standard leaves out. */
const HIGH_HALVES: Readonly<Record<string, string>> = {
  cp437:
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀" +
    "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0",
  cp850:
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀" +
    "ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0",
};

/** Text of a charset. */
export interface CharsetText {
  /** The text. What could not be read is U+FFFD. */
  readonly text: string;
  /** The charset that it was read in: another than was named, if that is unknown or cannot be. */
  readonly charset: string;
  /** Whether the charset was the one that was named. */
  readonly asNamed: boolean;
}

/**
 * Reads bytes as text.
 *
 * Where no charset is named, or ASCII and the bytes are none, or one that nobody knows, it is UTF-8 if the bytes
 * are good UTF-8, else Windows-1252: what such mail mostly is.
 *
 * @param bytes The bytes.
 * @param label The charset as mail names it; undefined or empty if it names none.
 * @returns The text, and what it was read in.
 *
 * @example A charset that `TextDecoder` does not know
 * ```ts
 * import { decodeCharset } from "@netwright/netwright/mime";
 * const { text } = decodeCharset(new TextEncoder().encode("Hi Mom -+Jjo--!"), "utf-7");
 * if (text !== "Hi Mom -\u263a-!") throw new Error(text);
 * ```
 */
export function decodeCharset(bytes: Uint8Array, label?: string): CharsetText {
  const named = (label ?? "").trim().toLowerCase();
  if (named === "utf-8" || named === "utf8") {
    return { text: UTF8.decode(bytes), charset: "utf-8", asNamed: true };
  }
  if (named === "" || ASCII.has(named)) return guess(bytes, named !== "");
  const own = OWN.get(named.replace(/^(?:ibm|cs|x-|ibm-)?(?=437$|850$|pc8codepage437$)/, "cp"));
  if (own !== undefined) return { text: own(bytes), charset: named, asNamed: true };
  try {
    const decoder = new TextDecoder(ALIASES[named] ?? named);
    return { text: decoder.decode(bytes), charset: decoder.encoding, asNamed: true };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { ...guess(bytes, false), asNamed: false };
  }
}

/**
 * Reads bytes whose charset nobody names.
 *
 * @param bytes The bytes.
 * @returns UTF-8 if they are good UTF-8, else Windows-1252.
 */
export function guessText(bytes: Uint8Array): string {
  return guess(bytes, false).text;
}

function guess(bytes: Uint8Array, namedAscii: boolean): CharsetText {
  const ascii = isAscii(bytes);
  if (ascii) {
    const text = latin1(bytes);
    return { text, charset: "us-ascii", asNamed: true };
  }
  try {
    return { text: STRICT_UTF8.decode(bytes), charset: "utf-8", asNamed: !namedAscii };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const text = new TextDecoder("windows-1252").decode(bytes);
    return { text, charset: "windows-1252", asNamed: !namedAscii };
  }
}

/**
 * Tells whether all bytes are ASCII.
 *
 * @param bytes The bytes.
 * @returns Whether none is over 127.
 */
export function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if (bytes[at]! > 0x7f) return false;
  return true;
}

const OWN: ReadonlyMap<string, (bytes: Uint8Array) => string> = new Map([
  ["utf-7", decodeUtf7],
  ["unicode-1-1-utf-7", decodeUtf7],
  ["x-utf-7", decodeUtf7],
  ["utf-32", (bytes: Uint8Array) => decodeUtf32(bytes, false)],
  ["utf-32be", (bytes: Uint8Array) => decodeUtf32(bytes, false)],
  ["utf-32le", (bytes: Uint8Array) => decodeUtf32(bytes, true)],
  ...[
    "iso-2022-jp",
    "iso-2022-jp-1",
    "iso-2022-jp-2",
    "iso-2022-jp-3",
    "iso-2022-jp-ms",
    "csiso2022jp",
    "cp50220",
    "cp50221",
  ]
    .map((name) => [name, decodeIso2022Jp] as const),
  ["iso-2022-kr", decodeIso2022Kr],
  ["csiso2022kr", decodeIso2022Kr],
  ["hz-gb-2312", decodeHz],
  ...Object.entries(HIGH_HALVES).map(([name, half]) =>
    [name, (bytes: Uint8Array) => decodeHalf(bytes, half)] as const
  ),
]);

function decodeHalf(bytes: Uint8Array, half: string): string {
  return Array.from(
    bytes,
    (byte) => byte < 0x80 ? String.fromCharCode(byte) : half[byte - 0x80]!,
  ).join("");
}

/** UTF-7 (RFC 2152). */
function decodeUtf7(bytes: Uint8Array): string {
  const text = new TextDecoder("windows-1252").decode(bytes);
  return text.replace(/\+([A-Za-z0-9+/]*)-?/g, (_, digits: string) => {
    if (digits === "") return "+";
    const units = fromBase64(digits);
    return new TextDecoder("utf-16be").decode(units.subarray(0, units.length & ~1));
  });
}

function decodeUtf32(bytes: Uint8Array, little: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const marked = bytes.length >= 4 && view.getUint32(0, true) === 0xfeff;
  const points: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, little || marked);
    if (at === 0 && point === 0xfeff) continue;
    const bad = point > 0x10ffff || point >= 0xd800 && point <= 0xdfff;
    points.push(bad ? "\ufffd" : String.fromCodePoint(point));
  }
  return points.join("");
}
