/**
 * Converts bytes of any charset named in mail to text: `TextDecoder`, the charsets that it lacks, and fall-backs.
 *
 * @module
 */

import { fromBase64, latin1 } from "./bytes.ts";
import { charsetOf } from "./_charset_labels.ts";
import { CODE_PAGES } from "./_code_pages.ts";
import { decodeHz, decodeIso2022Jp, decodeIso2022Kr } from "./_iso2022.ts";

const UTF8 = new TextDecoder("utf-8");
/** The escape by which ISO-2022-JP goes over to kanji: no other text has it. */
const ISO_2022_JP = /\x1b\$[@B]/;
const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

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
 * If no charset is named, or an unknown one, or ASCII and the bytes are not ASCII, it is UTF-8 if the bytes
 * are valid UTF-8, else Windows-1252, which most such mail is.
 *
 * @param bytes The bytes.
 * @param label The charset as mail names it; undefined or empty if it names none.
 * @returns The text, and the charset used.
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
  const known = charsetOf(named);
  const asNamed = !APPROXIMATE.test(named);
  if (named === "" || known === "us-ascii") return guessDocument(bytes, named !== "");
  const own = OWN.get(known ?? named);
  if (own !== undefined) return { text: own(bytes), charset: known ?? named, asNamed };
  try {
    const decoder = new TextDecoder(isBigEndian(known, bytes) ? "utf-16be" : known ?? named);
    return { text: decoder.decode(bytes), charset: decoder.encoding, asNamed };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { ...guessDocument(bytes, false), asNamed: false };
  }
}

/** Charsets of JIS X 0213, of whose 11,000 characters the decoders know only those of JIS X 0208. */
const APPROXIMATE = /(?:jp|jis|euc|s)[_-]?(?:3$|2004$|x?0213$)|jis_?x?_?(?:2004|0213)$/;

/**
 * Whether UTF-16 has its higher byte first, other than the Encoding standard expects: by its byte order mark, or by
 * where most zeros are (RFC 2781 §4.3).
 */
function isBigEndian(charset: string | undefined, bytes: Uint8Array): boolean {
  if (charset !== "utf-16") return false;
  const mark = markOf(bytes);
  if (mark !== undefined) return mark === "utf-16be";
  const zeros = [0, 0];
  for (let at = 0; at < Math.min(bytes.length, 1024); at++) if (bytes[at] === 0) zeros[at % 2]!++;
  return zeros[0]! > zeros[1]!;
}

/** The encoding of a byte order mark. */
function markOf([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return first === 0xef && second === 0xbb && third === 0xbf ? "utf-8" : undefined;
}

/**
 * Decodes a piece of text without a named charset. A byte order mark has no meaning here: it is for whole documents.
 *
 * @param bytes The bytes.
 * @returns UTF-8 if they are good UTF-8, else Windows-1252.
 */
export function detectCharset(bytes: Uint8Array): string {
  return guess(bytes, false).text;
}

/** Reads a whole document, which may begin with a byte order mark. */
function guessDocument(bytes: Uint8Array, namedAscii: boolean): CharsetText {
  const mark = markOf(bytes);
  return mark?.startsWith("utf-16")
    ? { text: new TextDecoder(mark).decode(bytes), charset: mark, asNamed: !namedAscii }
    : guess(bytes, namedAscii);
}

function guess(bytes: Uint8Array, namedAscii: boolean): CharsetText {
  const ascii = isAscii(bytes);
  if (ascii) {
    const text = latin1(bytes);
    if (ISO_2022_JP.test(text)) {
      return { text: decodeIso2022Jp(bytes), charset: "iso-2022-jp", asNamed: !namedAscii };
    }
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
 * Finds the charset that an HTML document names for itself.
 *
 * @param bytes The document, or its beginning.
 * @returns The label in a `meta` element within the first 1024 bytes (HTML §4.2.5.4); undefined if there is none.
 */
export function charsetOfHtml(bytes: Uint8Array): string | undefined {
  const start = latin1(bytes.subarray(0, 1024))
    .replace(/<!--[^]*?(?:-->|$)/g, "")
    .replace(/<(script|style|title|textarea)\b[^]*?(?:<\/\1|$)/gi, "");
  for (const [, text = ""] of start.matchAll(/<meta[\s/]((?:"[^"]*"|'[^']*'|[^>"'])*)/gi)) {
    const label = charsetOfMeta(text);
    if (label !== undefined) return label;
  }
  return undefined;
}

/** The charset that the attributes of a `meta` element name (HTML §13.2.3.2). */
function charsetOfMeta(text: string): string | undefined {
  const attributes = new Map<string, string>();
  for (
    const [, name = "", , double, single, bare] of text.matchAll(
      /([^\s/=]+)(\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/g,
    )
  ) {
    const key = name.toLowerCase();
    if (!attributes.has(key)) attributes.set(key, double ?? single ?? bare ?? "");
  }
  const isType = attributes.get("http-equiv")?.toLowerCase() === "content-type";
  const label = attributes.get("charset") ??
    (isType
      ? /charset\s*=\s*["']?([^\s;"']+)/i.exec(attributes.get("content") ?? "")?.[1]
      : undefined);
  if (label === undefined || label.trim() === "") return undefined;
  // Who could read the element in ASCII does not read UTF-16.
  if (/^utf-?(?:16|32)/i.test(label.trim())) return "utf-8";
  return /^x-user-defined$/i.test(label.trim()) ? "windows-1252" : label.trim();
}

/**
 * Checks whether all bytes are ASCII.
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
  ["utf-32", (bytes: Uint8Array) => decodeUtf32(bytes, false)],
  ["utf-32be", (bytes: Uint8Array) => decodeUtf32(bytes, false)],
  ["utf-32le", (bytes: Uint8Array) => decodeUtf32(bytes, true)],
  ["iso-2022-jp", decodeIso2022Jp],
  ["iso-2022-kr", decodeIso2022Kr],
  ["hz-gb-2312", decodeHz],
  ...Object.entries(CODE_PAGES).map(([name, half]) =>
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
  // By the byte order mark, or because no character has its number beyond 0x10ffff.
  const marked = bytes.length >= 4 && (view.getUint32(0, true) === 0xfeff ||
    view.getUint32(0) > 0x10ffff && view.getUint32(0, true) <= 0x10ffff);
  const points: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, little || marked);
    if (at === 0 && point === 0xfeff) continue;
    const bad = point > 0x10ffff || point >= 0xd800 && point <= 0xdfff;
    points.push(bad ? "\ufffd" : String.fromCodePoint(point));
  }
  return points.join("");
}
