/**
 * Texts of any size in little memory: in pieces that were asked for one by one.
 *
 * @module
 */

import { Base64Decoder, QuotedPrintableDecoder } from "../../../mime/mod.ts";
import { NetwrightError, UsageError } from "../../../net/mod.ts";
import type { ImapPart } from "../codec/body_structure.ts";
import type { ImapResponse } from "../codec/response.ts";
import type { FetchData } from "../codec/fetch_data.ts";
import { fetchMessages } from "./fetch.ts";
import type { ImapSession } from "./session.ts";

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

/** The text of a message, and what the server knows of it. */
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

/**
 * Streams a section of a message.
 *
 * @param session The session.
 * @param uid The message.
 * @param section The section; empty for the whole message.
 * @returns Pieces; each is the caller's own.
 * @throws {NetwrightError} If the message or the section is not there.
 */
export async function* downloadSection(
  session: ImapSession,
  uid: number,
  section: string,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (!/^[0-9A-Za-z.]{0,300}$/.test(section)) throw new UsageError("not a section, such as 1.2");
  const running: Promise<Uint8Array<ArrayBuffer> | null>[] = [];
  let next = 0;
  const request = (): void => {
    const piece = requestPiece(session, uid, section, next);
    // It is looked at in its turn, or never.
    piece.catch(() => {});
    running.push(piece);
    next += PIECE_BYTES;
  };
  // A small text needs one.
  request();
  for (let at = 0;; at++) {
    const piece = await running.shift()!;
    if (piece === null) {
      if (at > 0) return;
      throw new NetwrightError(
        `message ${uid} has no section ${section === "" ? "at all" : section}`,
        { operation: "fetch a text", peer: session.connection.peer },
      );
    }
    if (piece.length > 0) yield piece;
    if (piece.length < PIECE_BYTES) return;
    while (running.length < WINDOW) request();
  }
}

async function requestPiece(
  session: ImapSession,
  uid: number,
  section: string,
  start: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  let found: Uint8Array<ArrayBuffer> | null = null;
  const wanted = section.toUpperCase();
  const take = (data: FetchData): boolean => {
    if (data.uid !== undefined && data.uid !== uid) return false;
    const section = data.sections?.find(({ section, origin }) =>
      section === wanted && (origin ?? 0) === start
    );
    if (section === undefined) return false;
    found = section.bytes;
    return true;
  };
  await session.connection.execute({
    verb: "UID FETCH",
    pieces: [`${uid} (UID BODY.PEEK[${wanted}]<${start}.${PIECE_BYTES}>)`],
    onData: (response) => response.kind === "fetch" && take(response.data),
  });
  return found;
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
  session: ImapSession,
  uid: number,
  part: ImapPart,
): AsyncGenerator<Uint8Array> {
  const decoder = part.encoding === "base64"
    ? new Base64Decoder()
    : part.encoding === "quoted-printable"
    ? new QuotedPrintableDecoder()
    : undefined;
  for await (const piece of downloadSection(session, uid, part.path)) {
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
  session: ImapSession,
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
    const begun = startFetching(session, small, onResponse);
    small = [];
    bytes = 0;
    return begun;
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
      yield { ...described, text: downloadSection(session, uid, "") };
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

type Described = Omit<ImapText, "text">;

/** A command for the texts of several messages. */
interface Fetching {
  texts(): AsyncGenerator<ImapText>;
}

function startFetching(
  session: ImapSession,
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
