/**
 * The `x-uuencode` content transfer encoding: what mail had before MIME, read only (POSIX, uuencode).
 *
 * @module
 */

import { concat } from "../../net/internal.ts";
import { latin1 } from "./bytes.ts";
import { EMPTY, type TransferCoder } from "./transfer_coding.ts";

/** Longest line that is looked at; real ones have 61 characters. */
const MAX_LINE = 1000;

/** Decodes uuencoded data: the lines between its `begin` and its `end`. */
export class UuDecoder implements TransferCoder {
  #held: Uint8Array = EMPTY;
  #place: "before" | "within" | "after" = "before";
  #defect: string | undefined;

  /** The first defect so far. */
  get defect(): string | undefined {
    return this.#defect;
  }

  /**
   * Takes the next piece.
   * @param piece Text, cut anywhere.
   * @returns The bytes of its whole lines.
   */
  push(piece: Uint8Array): Uint8Array {
    const all = this.#held.length === 0 ? piece : concat([this.#held, piece]);
    const decoded: Uint8Array[] = [];
    let at = 0;
    while (true) {
      const feed = all.indexOf(0x0a, at);
      if (feed < 0) break;
      decoded.push(this.#line(all.subarray(at, Math.min(feed, at + MAX_LINE))));
      at = feed + 1;
    }
    // Of a line that is too long only the beginning counts.
    this.#held = all.slice(at, at + MAX_LINE);
    return concat(decoded);
  }

  /**
   * Ends the data.
   * @returns The bytes of a last line without its end.
   */
  end(): Uint8Array {
    const last = this.#line(this.#held);
    this.#held = EMPTY;
    if (this.#place !== "after") this.#defect ??= "uuencoded data without its beginning or end";
    return last;
  }

  #line(line: Uint8Array): Uint8Array {
    const text = latin1(line)
      .trimEnd();
    if (this.#place === "before") {
      if (/^begin [0-7]{3,4} /.test(text)) this.#place = "within";
      return EMPTY;
    }
    if (this.#place === "after" || text === "") return EMPTY;
    if (text === "end") {
      this.#place = "after";
      return EMPTY;
    }
    return this.#decode(text);
  }

  #decode(text: string): Uint8Array {
    const digit = (at: number) => at < text.length ? (text.charCodeAt(at) - 0x20) & 0x3f : 0;
    const length = digit(0);
    if (Math.ceil(length / 3) * 4 < text.length - 2) {
      this.#defect ??= "a uuencoded line that is too long";
    }
    const bytes = new Uint8Array(Math.ceil(length / 3) * 3);
    for (let at = 1, to = 0; to < length; at += 4) {
      const group = digit(at) << 18 | digit(at + 1) << 12 | digit(at + 2) << 6 | digit(at + 3);
      bytes[to++] = group >> 16;
      bytes[to++] = group >> 8;
      bytes[to++] = group;
    }
    return bytes.subarray(0, length);
  }
}
