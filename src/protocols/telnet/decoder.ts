/**
 * Framing: data with its commands taken out, however the bytes are cut (RFC 854).
 *
 * @module
 */

import { concat } from "../../net/internal.ts";
import { LimitError } from "../../net/mod.ts";
import { COMMAND, commandOf, IAC, type TelnetSignal, type Verb } from "./codes.ts";

/** Receives commands. */
export interface TelnetEvents {
  /** A word of a negotiation. */
  negotiation(verb: Verb, option: number): void;
  /** The content of a subnegotiation, its doubled IAC undone. */
  subnegotiation(option: number, content: Uint8Array): void;
  /**
   * A command.
   * @param at How many bytes of data of the current call came before it.
   */
  signal(name: TelnetSignal, at: number): void;
}

/** How a {@link TelnetDecoder} decodes. */
export interface TelnetDecoderOptions {
  /** Maximum size of a subnegotiation in bytes. @default {8192} */
  readonly maxSubnegotiationBytes?: number | undefined;
  /** The peer, for error messages. */
  readonly peer?: string | undefined;
}

const CR = 13;
const NUL = 0;

/** The context of the next byte. */
type Place =
  | "data"
  /** Behind IAC. */
  | "command"
  /** Behind the option of a subnegotiation. */
  | "content"
  /** Behind IAC in it. */
  | "content-command"
  /** Behind SB. */
  | "option"
  /** Behind a word of a negotiation. */
  | Verb;

/** Takes commands out of a stream of bytes. */
export class TelnetDecoder {
  /** Whether the peer sends 8-bit data: then CR NUL is two bytes of data (RFC 856). */
  isBinary = false;
  readonly #events: TelnetEvents;
  readonly #maxBytes: number;
  readonly #peer: string | undefined;
  #place: Place = "data";
  /** Whether the last byte of data was CR. */
  #afterCr = false;
  #option = 0;
  #content: Uint8Array[] = [];
  #contentBytes = 0;

  /**
   * @param events Receives commands.
   * @param options The limit.
   */
  constructor(events: TelnetEvents, options: TelnetDecoderOptions = {}) {
    this.#events = events;
    this.#maxBytes = options.maxSubnegotiationBytes ?? 8192;
    this.#peer = options.peer;
  }

  /** Whether the stream may end here: not within a command. */
  get isAtData(): boolean {
    return this.#place === "data";
  }

  /**
   * Decodes bytes in place: data moves to the front.
   * @param bytes The next bytes; overwritten.
   * @returns How many bytes of data are at the front.
   * @throws {LimitError} If a subnegotiation is too large.
   */
  decode(bytes: Uint8Array): number {
    let length = 0;
    for (let at = 0; at < bytes.length;) {
      if (this.#place === "data") {
        const found = bytes.indexOf(IAC, at);
        const end = found < 0 ? bytes.length : found;
        length = this.#take(bytes, at, end, length);
        at = end + 1;
        if (found >= 0) this.#place = "command";
      } else if (this.#place === "content") at = this.#takeContent(bytes, at);
      else {
        const byte = bytes[at++]!;
        // A doubled IAC is a byte of data.
        if (this.#place === "command" && byte === IAC) {
          bytes[length++] = byte;
          this.#afterCr = false;
          this.#place = "data";
        } else this.#step(byte, length);
      }
    }
    return length;
  }

  /** Moves data to the front, without the NUL behind CR. */
  #take(bytes: Uint8Array, from: number, end: number, to: number): number {
    let start = from;
    let length = to;
    const move = (until: number): void => {
      if (length !== start) bytes.copyWithin(length, start, until);
      length += until - start;
    };
    // NUL is rare and CR is not, so the search is for NUL.
    for (let nul = start; !this.isBinary; nul++) {
      nul = bytes.indexOf(NUL, nul);
      if (nul < 0 || nul >= end) break;
      if (nul === start ? !this.#afterCr : bytes[nul - 1] !== CR) continue;
      move(nul);
      start = nul + 1;
      this.#afterCr = false;
    }
    if (start < end) this.#afterCr = bytes[end - 1] === CR;
    move(end);
    return length;
  }

  #takeContent(bytes: Uint8Array, at: number): number {
    const found = bytes.indexOf(IAC, at);
    const end = found < 0 ? bytes.length : found;
    this.#add(bytes.slice(at, end));
    if (found >= 0) this.#place = "content-command";
    return found < 0 ? end : end + 1;
  }

  #add(part: Uint8Array): void {
    this.#contentBytes += part.length;
    if (this.#contentBytes > this.#maxBytes) {
      throw new LimitError(`a subnegotiation is larger than ${this.#maxBytes} bytes`, {
        operation: "negotiate",
        peer: this.#peer,
        limit: this.#maxBytes,
      });
    }
    // Each part is an object: a peer that sends single bytes may not fill the memory with them.
    if (this.#content.push(part) >= MAX_PARTS) this.#content = [concat(this.#content)];
  }

  #step(byte: number, length: number): void {
    const place = this.#place;
    switch (place) {
      case "will":
      case "wont":
      case "do":
      case "dont":
        this.#place = "data";
        return this.#events.negotiation(place, byte);
      case "option":
        this.#option = byte;
        this.#content = [];
        this.#contentBytes = 0;
        this.#place = "content";
        return;
      case "content-command":
        if (byte === IAC) {
          this.#place = "content";
          return this.#add(Uint8Array.of(IAC));
        }
        this.#place = "data";
        if (byte === COMMAND.se) {
          const content = concat(this.#content);
          this.#content = [];
          return this.#events.subnegotiation(this.#option, content);
        }
        // The peer forgot the end: the content is useless, the command counts.
        this.#content = [];
        return this.#command(byte, length);
      default:
        return this.#command(byte, length);
    }
  }

  /** The byte behind IAC. */
  #command(byte: number, length: number): void {
    const name = commandOf(byte);
    this.#place = "data";
    switch (name) {
      case "will":
      case "wont":
      case "do":
      case "dont":
        this.#place = name;
        return;
      case "sb":
        this.#place = "option";
        return;
      case "se":
      case undefined:
        // Neither is data; RFC 854 gives them no meaning here.
        return;
      default:
        this.#events.signal(name, length);
    }
  }
}

const MAX_PARTS = 64;

/**
 * Encodes data: IAC is doubled, and CR that no LF follows gets a NUL behind it.
 *
 * @param data Any bytes. A CR at the end counts as a lone CR: its meaning must not wait for more bytes.
 * @param isBinary Whether CR is sent unchanged (RFC 856).
 * @returns The bytes to send; the same object if nothing had to be changed.
 */
export function encodeTelnet(data: Uint8Array, isBinary: boolean): Uint8Array {
  let extra = 0;
  for (let at = data.indexOf(IAC); at >= 0; at = data.indexOf(IAC, at + 1)) extra++;
  if (!isBinary) {
    for (let at = data.indexOf(CR); at >= 0; at = data.indexOf(CR, at + 1)) {
      if (data[at + 1] !== LF) extra++;
    }
  }
  if (extra === 0) return data;
  const bytes = new Uint8Array(data.length + extra);
  let length = 0;
  for (let at = 0; at < data.length; at++) {
    const byte = data[at]!;
    bytes[length++] = byte;
    if (byte === IAC) bytes[length++] = IAC;
    else if (byte === CR && !isBinary && data[at + 1] !== LF) bytes[length++] = NUL;
  }
  return bytes;
}

const LF = 10;
