/**
 * Messages of both sides that are the same, found by their headers: after a run that was broken off, or when numbers were
 * given anew.
 *
 * @module
 */

import type { ImapMailbox } from "../../protocols/imap/mod.ts";
import { toBytes } from "../../net/internal.ts";
import { type RunStart, sha256, type SyncJournal, type SyncLink } from "../../stores/internal.ts";
import type { MailFolder } from "../../stores/mod.ts";

type Flags = ReadonlyMap<number, ReadonlySet<string>>;

/**
 * Finds messages that are on both sides, though that is not recorded.
 *
 * @param mailbox The mailbox on the server.
 * @param folder The mailbox here.
 * @param journal The record.
 * @param there The messages on the server.
 * @param here The messages here.
 * @param start Numbers that they are not below.
 * @returns The messages, with the flags that both have.
 */
export async function linkAgain(
  mailbox: ImapMailbox,
  folder: MailFolder,
  journal: SyncJournal,
  there: Flags,
  here: Flags,
  start: RunStart,
): Promise<SyncLink[]> {
  const known = [...journal.links];
  const remotes = unknown(there, new Set(known.map(({ remote }) => remote)));
  const locals = unknown(here, new Set(known.map(({ local }) => local)));
  // Fetched messages are new here, sent ones are new there.
  const isNew = remotes.some((uid) => uid >= start.remote) ||
    locals.some((uid) => uid >= start.local);
  if (!isNew || remotes.length === 0 || locals.length === 0) return [];
  const byKey = new Map<string, number[]>();
  for (const uid of locals) {
    const key = await keyOf(() => folder.read(uid));
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [uid]);
    else same.push(uid);
  }
  const links: SyncLink[] = [];
  for await (const { uid, header } of mailbox.fetch(remotes, { header: true })) {
    if (header === undefined) continue;
    const hasId = isNamed(header);
    const text = hasId ? () => pieces(header) : () => mailbox.download(uid);
    const same = byKey.get(await keyOf(text)) ?? [];
    const at = same.findIndex((local) => uid >= start.remote || local >= start.local);
    if (at < 0) continue;
    const [local] = same.splice(at, 1);
    if (local === undefined) continue;
    const flags = there.get(uid)!.intersection(here.get(local)!);
    links.push({ remote: uid, local, flags, there: there.get(uid)! });
  }
  return links;
}

function unknown(messages: Flags, known: ReadonlySet<number>): number[] {
  return [...messages.keys()].filter((uid) => !known.has(uid));
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Whether a header has a Message-ID, by which no other message has the same. */
function isNamed(header: Uint8Array): boolean {
  return /^message-id[ \t]*:[ \t]*</im.test(new TextDecoder().decode(header));
}

/** A digest of the header, or of the whole text if the header does not name the message. */
async function keyOf(text: () => AsyncIterable<Uint8Array>): Promise<string> {
  const header = await toBytes(headerOf(text()));
  if (isNamed(header)) return await sha256(pieces(header));
  return await sha256(withoutCr(text()));
}

async function* withoutCr(text: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of text) yield piece.filter((byte) => byte !== CR);
}

const LF = 10;
const CR = 13;

/** The lines up to the first that is empty; line ends do not count, for servers differ in the last. */
async function* headerOf(text: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isEmpty = true;
  for await (const piece of text) {
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at]!;
      if (byte === LF && isEmpty) {
        return yield piece.subarray(0, at).filter((other) => other !== CR);
      }
      if (byte === LF) isEmpty = true;
      else if (byte !== CR) isEmpty = false;
    }
    yield piece.filter((byte) => byte !== CR);
  }
}
