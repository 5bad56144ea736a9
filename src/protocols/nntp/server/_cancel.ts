/**
 * Articles that remove others: cancel messages and Supersedes (RFC 5537 §5.3, §5.4; keys and locks of RFC 8315).
 *
 * @module
 */

import { splitMessage } from "../../../mime/internal.ts";
import { type Header, mailboxesOf, parseAddresses, parseParameters } from "../../../mime/mod.ts";
import type { NewsStore } from "../../../stores/mod.ts";
import { isMessageId } from "../codec/message_id.ts";
import { Unacceptable } from "./_refusal.ts";

/** Most keys of an article that are tried. */
const MAX_KEYS = 20;

/** Who removes. */
export interface Remover {
  /** The header of the article that removes. */
  readonly header: Header;
  /** Who posted it, and has logged in. */
  readonly user: string | undefined;
  /** The server's name, if a client has posted it here; from another server only keys count. */
  readonly name: string | undefined;
}

/**
 * Finds the article that another one removes.
 *
 * @param header The header of the other.
 * @returns The identifier, with brackets; undefined if it removes none.
 * @throws {Unacceptable} If it is a control message of another kind, or malformed.
 */
export function removedBy(header: Header): string | undefined {
  const control = header.get("control");
  const supersedes = header.get("supersedes");
  if (control === undefined && supersedes === undefined) return undefined;
  if (control !== undefined && supersedes !== undefined) {
    throw new Unacceptable("Control and Supersedes exclude each other");
  }
  const [, cancelled] = /^cancel[ \t]+(\S+)$/i.exec(control ?? "") ?? [];
  if (control !== undefined && cancelled === undefined) {
    throw new Unacceptable("no control message but cancel is taken");
  }
  const messageId = cancelled ?? supersedes!;
  if (isMessageId(messageId)) return messageId;
  throw new Unacceptable("the article that it removes is malformed");
}

/**
 * Checks that an article may be removed.
 *
 * @param store Where it is.
 * @param messageId Which article.
 * @param remover Who removes it.
 * @throws {Unacceptable} If it is not there, or another's.
 */
export async function checkRemoval(
  store: NewsStore,
  messageId: string,
  { header, user, name }: Remover,
): Promise<void> {
  const [place] = (await store.find(messageId))?.places ?? [];
  const text = place && await store.read(...place);
  if (text === undefined) throw new Unacceptable(`unknown article ${messageId}`);
  const { header: target, rest } = await splitMessage(text);
  // Closes the file.
  await rest[Symbol.asyncIterator]().return?.();
  if (await hasKey(header, target)) return;
  // What other servers say of an article's author, anybody may have written.
  const isFromHere = name !== undefined &&
    (target.get("path") ?? "").startsWith(`${name}!.POSTED!`);
  if (isFromHere) {
    const account = parseParameters(target.get("injection-info") ?? "").parameters.get(
      "posting-account",
    );
    // A lock requires a key; anybody can write the field From.
    const isOwn = account !== undefined || user !== undefined
      ? account === user
      : target.get("cancel-lock") === undefined && authorOf(target) === authorOf(header);
    if (isOwn) return;
  }
  throw new Unacceptable(`${messageId} is another's article`);
}

function authorOf(header: Header): string {
  const { addresses } = parseAddresses(header.get("from") ?? "");
  return mailboxesOf(addresses).map(({ address }) => address.toLowerCase()).join();
}

/** Whether a key of the one opens a lock of the other. */
async function hasKey(header: Header, target: Header): Promise<boolean> {
  const locks = new Set(
    pairsOf(target.get("cancel-lock")).map(({ scheme, value }) => `${scheme}:${value}`),
  );
  for (const { scheme, value } of pairsOf(header.get("cancel-key"))) {
    const algorithm = { sha256: "SHA-256", sha512: "SHA-512", sha1: "SHA-1" }[scheme];
    if (algorithm === undefined) continue;
    const hash = await crypto.subtle.digest(algorithm, new TextEncoder().encode(value));
    if (locks.has(`${scheme}:${new Uint8Array(hash).toBase64()}`)) return true;
  }
  return false;
}

function pairsOf(text = ""): { readonly scheme: string; readonly value: string }[] {
  return text.split(/[ \t]+/).slice(0, MAX_KEYS).flatMap((word) => {
    const [, scheme, value] = /^(sha1|sha256|sha512):([A-Za-z0-9+/]+=*)$/i.exec(word) ?? [];
    return value === undefined ? [] : [{ scheme: scheme!.toLowerCase(), value }];
  });
}
