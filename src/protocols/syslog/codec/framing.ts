/**
 * Messages of syslog in a stream: counted, or ended by LF (RFC 6587 §3.4).
 *
 * @module
 */

import { concat } from "../../../net/internal.ts";
import { ProtocolError } from "../../../net/mod.ts";

/** Default for the maximum size of a message, in bytes. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

const LF = 0x0a;
const CR = 0x0d;
const NUL = 0;
const SPACE = 0x20;
/** Digits of the largest count: as many as RFC 5425 receivers need, and few enough to be refused early. */
const MAX_DIGITS = 9;

/** A message, and whether it was cut off. */
export interface FramedMessage {
  /** Its bytes, which the caller owns. */
  readonly bytes: Uint8Array;
  /** Whether it was longer than allowed: the rest is lost. */
  readonly isTruncated: boolean;
}

/**
 * Finds messages in a stream. Each one is looked at by itself: one that begins with a digit is counted, any other ends with LF or CR LF, or
 * with NUL until one has ended with LF; senders may mix both.
 *
 * @example Both forms
 * ```ts
 * import { SyslogFramer } from "@netwright/netwright/syslog";
 * const framer = new SyslogFramer();
 * const found = [...framer.push(new TextEncoder().encode("5 <1>ab<2>cd\n"))];
 * if (found.length !== 2) throw new Error(`${found.length}`);
 * ```
 */
export class SyslogFramer {
  readonly #maxBytes: number;
  /** Bytes of the message that is being read. */
  #pieces: Uint8Array[] = [];
  #size = 0;
  #isTruncated = false;
  /** Bytes of a counted message that are missing; undefined if it is ended by a byte. */
  #left: number | undefined;
  /** Digits of a count that have been read. */
  #digits = "";
  #isBegun = false;
  /** Whether a message has ended with LF: then NUL is a part of messages, and nobody can make two of one by it. */
  #hasLf = false;
  #isComplete = false;

  /**
   * Begins with a new stream.
   * @param maxBytes Maximum size of a message, in bytes; longer ones are cut off. @default {65_536}
   */
  constructor(maxBytes: number = MAX_MESSAGE_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes bytes of the stream.
   * @param bytes The bytes.
   * @yields The messages that they complete; all must be taken before the next call.
   * @throws {ProtocolError} If a count is malformed: what follows cannot be divided. Messages before it are yielded.
   */
  *push(bytes: Uint8Array): Generator<FramedMessage> {
    for (let at = 0; at < bytes.length;) {
      if (!this.#isBegun) {
        at = this.#begin(bytes, at);
        continue;
      }
      at = this.#left === undefined ? this.#takeLine(bytes, at) : this.#takeCounted(bytes, at);
      if (this.#isComplete) yield this.#finish();
    }
  }

  /**
   * Ends the stream.
   * @returns What was left of a message, if anything.
   */
  end(): FramedMessage | undefined {
    return this.#size > 0 ? this.#finish() : undefined;
  }

  /** Reads a count, or finds that there is none. */
  #begin(bytes: Uint8Array, from: number): number {
    let at = from;
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!;
      const isDigit = byte >= 0x30 && byte <= 0x39;
      if (isDigit && this.#digits.length < MAX_DIGITS) {
        this.#digits += String.fromCharCode(byte);
        continue;
      }
      if (byte === SPACE && this.#digits !== "" && !this.#digits.startsWith("0")) {
        this.#left = Number(this.#digits);
        this.#digits = "";
        this.#isBegun = true;
        return at + 1;
      }
      // Ends of lines between messages mean nothing.
      if (this.#digits === "" && (byte === LF || byte === CR || byte === NUL)) continue;
      break;
    }
    if (at === bytes.length) return at;
    if (this.#digits.length >= MAX_DIGITS) {
      throw new ProtocolError("the length of a syslog message is malformed", {
        operation: "receive syslog",
      });
    }
    // It only looked like a count: a message without a priority.
    const digits = new TextEncoder().encode(this.#digits);
    this.#digits = "";
    this.#isBegun = true;
    this.#keep(digits);
    return at;
  }

  #takeCounted(bytes: Uint8Array, from: number): number {
    const piece = bytes.subarray(from, from + this.#left!);
    this.#left! -= piece.length;
    this.#keep(piece);
    this.#isComplete = this.#left === 0;
    return from + piece.length;
  }

  #takeLine(bytes: Uint8Array, from: number): number {
    let at = from;
    while (at < bytes.length && bytes[at] !== LF && (this.#hasLf || bytes[at] !== NUL)) at++;
    this.#keep(bytes.subarray(from, at));
    this.#hasLf ||= bytes[at] === LF;
    this.#isComplete = at < bytes.length;
    return at + 1;
  }

  #keep(piece: Uint8Array): void {
    const room = this.#maxBytes - this.#size;
    if (piece.length > room) this.#isTruncated = true;
    const kept = piece.slice(0, Math.max(0, room));
    if (kept.length === 0) return;
    this.#pieces.push(kept);
    this.#size += kept.length;
  }

  #finish(): FramedMessage {
    const all = concat(this.#pieces);
    const isLine = this.#left === undefined;
    const bytes = isLine && (all.at(-1) === CR || all.at(-1) === NUL) ? all.subarray(0, -1) : all;
    const message = { bytes, isTruncated: this.#isTruncated };
    this.#pieces = [];
    this.#size = 0;
    this.#isTruncated = false;
    this.#left = undefined;
    this.#isBegun = false;
    this.#isComplete = false;
    return message;
  }
}

/**
 * Puts messages into a stream, each behind its length (RFC 6587 §3.4.1, RFC 5425 §4.3).
 *
 * @param message The message.
 * @returns The bytes to send.
 */
export function countOctets(message: Uint8Array): Uint8Array {
  return concat([new TextEncoder().encode(`${message.length} `), message]);
}
