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
/** Texts up to this size are fetched together, in bytes. */
const SMALL_BYTES = 524_288;
/** Size of texts that are fetched by one command, in bytes. */
const BATCH_BYTES = 1_048_576;
/** Number of texts that are fetched by one command. */
const BATCH = 200;

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
 * @param size Its size in bytes, as far as the server has said it; else the end is found out.
 * @returns Pieces; each is the caller's own.
 * @throws {NetwrightError} If the message or the section is not there, or not any more.
 * @throws {ProtocolError} If the server sends more than was asked for.
 */
export async function* downloadSection(
  session: SelectedSession,
  uid: number,
  section: string,
  size?: number,
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
  request(0);
  for (let position = 0;;) {
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
 * Streams the texts of many messages: small ones together, large ones piece by piece.
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
  let small: Described[] = [];
  let bytes = 0;
  let running: Fetching | undefined;
  const items = { flags: true, internalDate: true, size: true, modseq: withModseq };
  const begin = (): Fetching | undefined => {
    if (small.length === 0) return undefined;
    const started = startFetching(session, small, onResponse);
    small = [];
    bytes = 0;
    return started;
  };
  for await (
    const { uid, flags = [], internalDate, size = 0, modseq } of fetchMessages(
      session,
      uids,
      items,
      onResponse,
    )
  ) {
    const described = { uid, flags, internalDate, size, modseq };
    if (size > SMALL_BYTES) {
      yield* running?.texts() ?? [];
      running = undefined;
      yield* begin()?.texts() ?? [];
      const text = await begun(downloadSection(session, uid, "", size));
      if (text !== undefined) yield { ...described, text };
      continue;
    }
    small.push(described);
    bytes += size;
    if (small.length < BATCH && bytes < BATCH_BYTES) continue;
    // The next ones are on their way while these are read.
    const following = begin();
    yield* running?.texts() ?? [];
    running = following;
  }
  const last = begin();
  yield* running?.texts() ?? [];
  yield* last?.texts() ?? [];
}

/** Waits for the beginning of a text; undefined if the message is gone. */
async function begun(
  text: AsyncGenerator<Uint8Array<ArrayBuffer>>,
): Promise<AsyncGenerator<Uint8Array<ArrayBuffer>> | undefined> {
  let first: IteratorResult<Uint8Array<ArrayBuffer>>;
  try {
    first = await text.next();
  } catch (error) {
    if (error instanceof GoneError) return undefined;
    throw error;
  }
  return (async function* () {
    if (first.done) return;
    yield first.value;
    yield* text;
  })();
}

type Described = Omit<ImapText, "text">;

/** A command for the texts of several messages. */
interface Fetching {
  texts(): AsyncGenerator<ImapText>;
}

function startFetching(
  session: SelectedSession,
  described: readonly Described[],
  onResponse: (response: ImapResponse) => void,
): Fetching {
  const byUid = new Map(described.map((message) => [message.uid, message]));
  const messages = fetchMessages(session, byUid.keys(), { sections: [""] }, onResponse);
  // The command is sent when the first is asked for.
  const first = messages.next();
  first.catch(() => {});
  return {
    async *texts() {
      for (let next = await first; !next.done; next = await messages.next()) {
        const { uid, sections } = next.value;
        const known = byUid.get(uid);
        const text = sections.get("");
        if (known === undefined || text === undefined || text === null) continue;
        yield { ...known, text: once(text) };
      }
    },
  };
}

async function* once(bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield bytes;
}
