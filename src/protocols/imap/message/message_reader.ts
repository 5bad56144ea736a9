/**
 * Texts of stored messages: whole, in part, and taken apart.
 *
 * @module
 */

import { Header } from "../../../mime/mod.ts";
import { concat } from "../../../net/internal.ts";
import type { ByteRange, MailFolder } from "../../../stores/mod.ts";
import { type MessagePart, structureOf } from "./structure.ts";

/** A message that was read and taken apart. */
export interface ReadMessage {
  /** The message and its parts. */
  readonly root: MessagePart;
  /** Its bytes from the beginning on; not all if {@link isWhole} is false. */
  readonly bytes: Uint8Array;
  /** Whether the bytes are all. */
  readonly isWhole: boolean;
}

/** Messages up to this size are read whole even if only their header is needed, in bytes. */
const SMALL_BYTES = 65_536;
/** Messages up to this size are remembered with their bytes, in bytes. */
const KEPT_BYTES = 1024 * 1024;
/** Larger messages are not taken apart: they count as one text. */
const MAX_PARSED_BYTES = 256 * 1024 * 1024;
/** Longest header, in bytes. */
const MAX_HEADER_BYTES = 4 * 1024 * 1024;

/** Large messages are taken apart one at a time, so that many clients together need the memory of one. */
let turn: Promise<unknown> = Promise.resolve();

/** Reads messages of one folder, and remembers the last. */
export class MessageReader {
  readonly #folder: MailFolder;
  #last: { readonly uid: number; readonly message: ReadMessage } | undefined;

  constructor(folder: MailFolder) {
    this.#folder = folder;
  }

  /** Reads some bytes, as a stream. */
  stream(uid: number, range?: ByteRange): AsyncIterable<Uint8Array> {
    return this.#folder.read(uid, range);
  }

  /** Reads all bytes of a message that is small. */
  async bytes(uid: number, range?: ByteRange): Promise<Uint8Array> {
    if (this.#last?.uid === uid && this.#last.message.isWhole) {
      const { bytes } = this.#last.message;
      return range === undefined ? bytes : bytes.subarray(range.start, range.end);
    }
    const pieces: Uint8Array[] = [];
    for await (const piece of this.#folder.read(uid, range)) pieces.push(piece);
    return pieces.length === 1 ? pieces[0]! : concat(pieces);
  }

  /** Reads the header of a message, and parses that part of the message. */
  async header(uid: number): Promise<ReadMessage> {
    if (this.#last?.uid === uid) return this.#last.message;
    for (let size = SMALL_BYTES;; size *= 8) {
      const bytes = await this.bytes(uid, { start: 0, end: size });
      const isWhole = bytes.length < size;
      // A header ends with an empty line; a message without one is read as far as headers may be long.
      if (!isWhole && !hasEmptyLine(bytes) && size < MAX_HEADER_BYTES) continue;
      const message = { root: structureOf(bytes), bytes, isWhole };
      if (isWhole) this.#remember(uid, message);
      return message;
    }
  }

  /**
   * Reads a message and takes it apart.
   * @param uid Its number.
   * @param sizeBytes Its size.
   * @param withBytes Whether its bytes are needed, and not only the places of its parts.
   */
  async whole(uid: number, sizeBytes: number, withBytes: boolean): Promise<ReadMessage> {
    const last = this.#last;
    if (last?.uid === uid && (last.message.isWhole || !withBytes)) return last.message;
    if (sizeBytes <= SMALL_BYTES) return await this.#whole(uid);
    const before = turn;
    const reading = before.then(() => this.#whole(uid));
    turn = reading.catch(() => {});
    return await reading;
  }

  async #whole(uid: number): Promise<ReadMessage> {
    const range = { start: 0, end: MAX_PARSED_BYTES };
    const bytes = await this.bytes(uid, range);
    const message = { root: structureOf(bytes), bytes, isWhole: bytes.length < MAX_PARSED_BYTES };
    this.#remember(uid, message);
    return message;
  }

  /** Of a large message only the places of its parts are remembered. */
  #remember(uid: number, message: ReadMessage): void {
    const { bytes, root } = message;
    const kept = bytes.length <= KEPT_BYTES
      ? message
      : { root: withOwnBytes(root), bytes: new Uint8Array(0), isWhole: false };
    this.#last = { uid, message: kept };
  }
}

/** Copies the headers, so that they do not hold the whole message. */
function withOwnBytes(part: MessagePart): MessagePart {
  const { header, parts, message } = part;
  return {
    ...part,
    header: new Header(header.fields, header.bytes.slice()),
    parts: parts.map(withOwnBytes),
    message: message && withOwnBytes(message),
  };
}

const LF = 10;
const CR = 13;

function hasEmptyLine(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF || bytes[at + 1] === CR && bytes[at + 2] === LF) return true;
  }
  return false;
}
