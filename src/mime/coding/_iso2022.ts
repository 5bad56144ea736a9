/**
 * Charsets that switch between sets of characters by escape sequences: ISO-2022-JP (RFC 1468, 1554, 2237),
 * ISO-2022-KR (RFC 1557) and HZ (RFC 1843).
 *
 * `TextDecoder` rejects sequences that are common in mail, such as two escape sequences in a row, which arise
 * where encoded words are joined. Each run of one set is therefore decoded by itself, as the EUC form of that set.
 *
 * @module
 */

const ESC = 0x1b;
const [LF, CR, SO, SI, TILDE] = [0x0a, 0x0d, 0x0e, 0x0f, 0x7e];

/** Decodes a run of one set, bytes 0x21 to 0x7e. */
type Decode = (bytes: readonly number[]) => string;

/** A set of characters. */
interface CharacterSet {
  /** Bytes of one character. */
  readonly width: 1 | 2;
  readonly decode: Decode;
}

const ASCII: CharacterSet = { width: 1, decode: (bytes) => String.fromCharCode(...bytes) };
const ROMAN: CharacterSet = {
  width: 1,
  decode: (bytes) =>
    ASCII.decode(bytes).replace(/[\\~]/g, (mark) => mark === "\\" ? "\u00a5" : "\u203e"),
};
const KATAKANA: CharacterSet = {
  width: 1,
  decode: (bytes) =>
    String.fromCharCode(
      ...bytes.map((byte) => byte >= 0x21 && byte <= 0x5f ? 0xff40 + byte : 0xfffd),
    ),
};
const KANJI = pairs("euc-jp");
const KANJI_MORE = pairs("euc-jp", [0x8f]);
/** The second plane of JIS X 0213, which no decoder of the runtime knows. */
const UNKNOWN_PAIRS: CharacterSet = {
  width: 2,
  decode: (bytes) => "\ufffd".repeat(Math.ceil(bytes.length / 2)),
};
const CHINESE = pairs("gb18030");
const KOREAN = pairs("euc-kr");

/** What follows an escape. */
const ESCAPES: readonly (readonly [sequence: string, set: CharacterSet])[] = [
  ["$(D", KANJI_MORE],
  ["$(C", KOREAN],
  // Of JIS X 0213, what JIS X 0208 has.
  ["$(O", KANJI],
  ["$(Q", KANJI],
  ["$(P", UNKNOWN_PAIRS],
  ["$(@", KANJI],
  ["$(B", KANJI],
  ["$@", KANJI],
  ["$B", KANJI],
  ["$A", CHINESE],
  ["(B", ASCII],
  ["(J", ROMAN],
  ["(H", ROMAN],
  ["(I", KATAKANA],
];

/** Sets of which one character at a time is taken, behind `ESC N` (RFC 1554). */
const SINGLE: Readonly<Record<string, string>> = { ".A": "windows-1252", ".F": "iso-8859-7" };

/** A set of two bytes a character, which is decoded with their high bits set. */
function pairs(label: string, prefix: readonly number[] = []): CharacterSet {
  return {
    width: 2,
    decode(bytes) {
      const converted: number[] = [];
      for (let at = 0; at + 1 < bytes.length; at += 2) {
        converted.push(...prefix, bytes[at]! | 0x80, bytes[at + 1]! | 0x80);
      }
      const text = new TextDecoder(label).decode(Uint8Array.from(converted));
      return bytes.length % 2 === 0 ? text : `${text}\ufffd`;
    },
  };
}

/** Collects runs of one set. */
class Runs {
  readonly #texts: string[] = [];
  #run: number[] = [];
  #set: CharacterSet = ASCII;

  get set(): CharacterSet {
    return this.#set;
  }

  switch(set: CharacterSet): void {
    if (set === this.#set) return;
    this.#flush();
    this.#set = set;
  }

  add(byte: number): void {
    this.#run.push(byte);
    // Arguments of a call are limited.
    if (this.#run.length >= 4096 && this.#run.length % this.#set.width === 0) this.#flush();
  }

  text(text: string): void {
    this.#flush();
    this.#texts.push(text);
  }

  #flush(): void {
    if (this.#run.length === 0) return;
    this.#texts.push(this.#set.decode(this.#run));
    this.#run = [];
  }

  end(): string {
    this.#flush();
    return this.#texts.join("");
  }
}

/**
 * Reads ISO-2022-JP with all its extensions.
 *
 * @param bytes The bytes.
 * @returns The text; malformed bytes are U+FFFD. A line always ends in ASCII.
 */
export function decodeIso2022Jp(bytes: Uint8Array): string {
  const runs = new Runs();
  let single: string | undefined;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    const other = byte === ESC && Object.keys(SINGLE).find((key) => startsWith(bytes, at + 1, key));
    if (other) {
      single = SINGLE[other];
      at += other.length;
    } else if (
      byte === ESC && bytes[at + 1] === 0x4e && single !== undefined && at + 2 < bytes.length
    ) {
      runs.text(new TextDecoder(single).decode(Uint8Array.of(bytes[at + 2]! | 0x80)));
      at += 2;
    } else if (byte === ESC) {
      const found = ESCAPES.find(([sequence]) => startsWith(bytes, at + 1, sequence));
      if (found === undefined) runs.text("\ufffd");
      else {
        runs.switch(found[1]);
        at += found[0].length;
      }
    } else if (byte >= 0xa1 && byte <= 0xdf && runs.set.width === 1) {
      // Some programs write half-width katakana, or all of it, with the high bit.
      runs.text(KATAKANA.decode([byte & 0x7f]));
    } else addByte(runs, byte);
  }
  return runs.end();
}

/** Adds a byte that switches nothing; a line ends in ASCII, and blanks and controls are the same in every set. */
function addByte(runs: Runs, byte: number): void {
  if (byte >= 0x80) runs.text("\ufffd");
  else if (byte === LF || byte === CR) {
    runs.switch(ASCII);
    runs.add(byte);
  } else if (byte > 0x20 || runs.set.width === 1) runs.add(byte);
  else runs.text(String.fromCharCode(byte));
}

/** ISO-2022-KR: Korean is enclosed in SO and SI. */
export function decodeIso2022Kr(bytes: Uint8Array): string {
  const runs = new Runs();
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === ESC && startsWith(bytes, at + 1, "$)C")) at += 3;
    else if (byte === SO) runs.switch(KOREAN);
    else if (byte === SI) runs.switch(ASCII);
    else addByte(runs, byte);
  }
  return runs.end();
}

/** HZ: Chinese is enclosed in `~{` and `~}`. */
export function decodeHz(bytes: Uint8Array): string {
  const runs = new Runs();
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    const next = bytes[at + 1];
    if (byte === TILDE && next === 0x7b) {
      runs.switch(CHINESE);
      at++;
    } else if (byte === TILDE && next === 0x7d) {
      runs.switch(ASCII);
      at++;
    } else if (byte === TILDE && next === TILDE && runs.set === ASCII) {
      runs.add(TILDE);
      at++;
    } else if (byte === TILDE && next === LF) at++;
    else addByte(runs, byte);
  }
  return runs.end();
}

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}
