/**
 * Texts of any size in little memory: in pieces that were asked for one by one.
 *
 * @module
 */

import { Base64Decoder, QuotedPrintableDecoder } from "../../../mime/mod.ts";
import { NetwrightError, ProtocolError, UsageError } from "../../../net/mod.ts";
import type { ImapPart } from "../codec/body_structure.ts";
import type { ImapResponse } from "../codec/response.ts";
import type { FetchData } from "../codec/fetch_data.ts";
import { fetchMessages } from "./fetch.ts";
import { search } from "./search.ts";
import type { SelectedSession } from "./selected.ts";

/** Size of the pieces that are asked for, in bytes. */
const PIECE_BYTES = 262_144;
/** Pieces under way at once. */
const WINDOW = 3;
/** Texts up to this size come with their attributes, in bytes. */
const BEGINNING_BYTES = 65_536;

/** The text of a message, and its attributes on the server. */
export interface ImapText {
  /** Its unique identifier. */
  readonly uid: number;
  /** Its flags. */
  readonly flags: readonly string[];
  /** When the server received it; undefined if the server does not say. */
  readonly internalDate: Date | undefined;
  /** Its size in bytes, as the server says. */
  readonly size: number;
  /** Its modification sequence, if the server has one and it was asked for. */
  readonly modseq: bigint | undefined;
  /** The text, lines ending with CRLF; each piece is the caller's own. */
  readonly text: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** A piece of a section. */
interface Piece {
  /** Its bytes; null if the section is not there. */
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  /** The size of the message, if it was asked for. */
  readonly size: number | undefined;
}

/** A message that is not there, or not any more. */
class GoneError extends NetwrightError {}

/**
 * Streams a section of a message.
 *
 * @param session The session.
 * @param uid The message.
 * @param section The section; empty for the whole message.
 * @param size Its size in bytes, if the server has stated it; else the end is found out.
 * @param start Where to begin, in bytes.
 * @returns Pieces; each is the caller's own.
 * @throws {NetwrightError} If the message or the section is not there, or not any more.
 * @throws {ProtocolError} If the server sends more than was asked for.
 */
export async function* downloadSection(
  session: SelectedSession,
  uid: number,
  section: string,
  size?: number,
  start = 0,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (!/^[0-9A-Za-z.]{0,300}$/.test(section)) throw new UsageError("not a section, such as 1.2");
  const running: Promise<Piece>[] = [];
  let known = size;
  let next = 0;
  const request = (start: number): void => {
    const piece = requestPiece(session, uid, section, start);
    // It is looked at in its turn, or never.
    piece.catch(() => {});
    running.push(piece);
    next = start + PIECE_BYTES;
  };
  request(start);
  for (let position = start;;) {
    let piece: Piece;
    try {
      piece = await running.shift()!;
    } catch (error) {
      // Some servers do not respond to a request behind the end.
      const isThere = position > 0 && error instanceof GoneError &&
        (await search(session, { uids: uid })).includes(uid);
      if (isThere) return;
      throw error;
    }
    const { bytes, size } = piece;
    known ??= size;
    if (bytes === null && position === 0) throw missing(session, uid, section);
    if (bytes === null || bytes.length === 0) return;
    yield bytes;
    position += bytes.length;
    if (bytes.length < PIECE_BYTES) {
      // The end, or a server that sends less than it was asked for.
      if (known !== undefined && position >= known) return;
      running.length = 0;
      request(position);
    } else if (running.length === 0 && position === known) return;
    while (running.length < WINDOW && (known === undefined || next < known)) request(next);
    if (running.length === 0) request(position);
  }
}

function missing(session: SelectedSession, uid: number, section: string): NetwrightError {
  const what = section === "" ? "at all" : section;
  return new NetwrightError(`message ${uid} has no section ${what}`, {
    operation: "fetch a text",
    peer: session.peer,
  });
}

async function requestPiece(
  session: SelectedSession,
  uid: number,
  section: string,
  start: number,
): Promise<Piece> {
  const context = { operation: "fetch a text", peer: session.peer };
  let found: Piece | undefined;
  const wanted = section.toUpperCase();
  const take = (data: FetchData): boolean => {
    if (data.uid !== undefined && data.uid !== uid) return false;
    const section = data.sections?.find(({ section, origin }) =>
      section === wanted && (origin ?? 0) === start
    );
    if (section === undefined) return false;
    found = { bytes: section.bytes, size: data.size };
    return true;
  };
  const asksSize = wanted === "" && start === 0;
  await session.execute({
    verb: "UID FETCH",
    pieces: [
      `${uid} (UID${asksSize ? " RFC822.SIZE" : ""} BODY.PEEK[${wanted}]<${start}.${PIECE_BYTES}>)`,
    ],
    onData: (response) => response.kind === "fetch" && take(response.data),
  });
  if (found === undefined) throw new GoneError(`message ${uid} is not there`, context);
  const length = found.bytes?.length ?? 0;
  if (length <= PIECE_BYTES) return found;
  throw new ProtocolError(`the server sent ${length} bytes of ${PIECE_BYTES}`, context);
}

/**
 * Streams the content of a part, its transfer encoding undone.
 *
 * @param session The session.
 * @param uid The message.
 * @param part The part.
 * @returns Pieces of the content.
 */
export async function* downloadPart(
  session: SelectedSession,
  uid: number,
  part: ImapPart,
): AsyncGenerator<Uint8Array> {
  const decoder = part.encoding === "base64"
    ? new Base64Decoder()
    : part.encoding === "quoted-printable"
    ? new QuotedPrintableDecoder()
    : undefined;
  const size = part.size > 0 ? part.size : undefined;
  for await (const piece of downloadSection(session, uid, part.path, size)) {
    const decoded = decoder === undefined ? piece : decoder.push(piece);
    if (decoded.length > 0) yield decoded;
  }
  const last = decoder?.end();
  if (last !== undefined && last.length > 0) yield last;
}

/**
 * Streams the texts of many messages: their beginnings together, the rest of large ones piece by piece.
 *
 * @param session The session.
 * @param uids The messages.
 * @param withModseq Whether their modification sequences are asked for.
 * @param onResponse Is given every response to these commands.
 * @returns The messages in the order of the server; those that are gone are left out. A text is to be read before the
 *   next message is taken.
 */
export async function* downloadTexts(
  session: SelectedSession,
  uids: Iterable<number>,
  withModseq: boolean,
  onResponse: (response: ImapResponse) => void,
): AsyncGenerator<ImapText> {
  const items = {
    flags: true,
    internalDate: true,
    size: true,
    modseq: withModseq,
    beginning: BEGINNING_BYTES,
  };
  for await (const message of fetchMessages(session, uids, items, onResponse)) {
    const { uid, flags = [], internalDate, modseq, sections } = message;
    const beginning = sections.get("");
    if (beginning === undefined || beginning === null) continue;
    const size = message.size ?? beginning.length;
    const isWhole = beginning.length < BEGINNING_BYTES && beginning.length >= size;
    const text = isWhole ? once(beginning) : continued(session, uid, beginning, size);
    yield { uid, flags, internalDate, size, modseq, text };
  }
}

async function* once(bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield bytes;
}

async function* continued(
  session: SelectedSession,
  uid: number,
  beginning: Uint8Array<ArrayBuffer>,
  size: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (beginning.length > 0) yield beginning;
  yield* downloadSection(session, uid, "", size, beginning.length);
}
