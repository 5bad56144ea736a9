/**
 * A mailbox under watch, over any number of connections.
 *
 * @module
 */

import { delay } from "../../../net/internal.ts";
import {
  ConnectError,
  DisconnectedError,
  ProtocolError,
  ReplyError,
  TimeoutError,
} from "../../../net/mod.ts";
import { imapResponseCode } from "./append.ts";
import type { ImapClient } from "./client.ts";
import type { FetchItems, ImapMessage } from "./fetch.ts";
import type { ImapMailbox } from "./mailbox.ts";
import type { MailboxChange } from "./mailbox_state.ts";

/** What {@link watchMailbox} reports. */
export type WatchedChange =
  | {
    /** A message has arrived. */
    readonly kind: "arrived";
    /** The message, with the items that were asked for. */
    readonly message: ImapMessage;
  }
  | {
    /** The flags of a message have changed. */
    readonly kind: "flags";
    /** Its identifier. */
    readonly uid: number;
    /** Its flags now. */
    readonly flags: readonly string[];
  }
  | {
    /** A message was removed. */
    readonly kind: "removed";
    /** Its identifier. */
    readonly uid: number;
  }
  | {
    /** The watch has begun, again after a break: changes amid the break follow. */
    readonly kind: "connected";
    /** How many messages there are. */
    readonly exists: number;
  }
  | {
    /** The connection is lost; another one is tried. */
    readonly kind: "disconnected";
    /** The reason. */
    readonly error: unknown;
    /** Time until the next attempt, in milliseconds. */
    readonly retryMs: number;
  }
  | {
    /** Identifiers were given anew: all that is known by them is void. */
    readonly kind: "renumbered";
    /** The UIDVALIDITY now. */
    readonly uidValidity: number;
  };

/** How {@link watchMailbox} watches. */
export interface WatchOptions {
  /** Makes a connection: called again after each break, so that it can take a fresh token. */
  readonly connect: () => Promise<ImapClient>;
  /** The name of the mailbox. @default {"INBOX"} */
  readonly mailbox?: string | undefined;
  /** Items that are fetched of new messages. @default {{ envelope: true, flags: true }} */
  readonly items?: FetchItems | undefined;
  /** How long one IDLE lasts, in milliseconds: a dead connection is found out within that time. @default {540_000} */
  readonly renewMs?: number | undefined;
  /** Time between questions where the server has no IDLE, in milliseconds. @default {30_000} */
  readonly pollMs?: number | undefined;
  /** Time until the second attempt to connect, in milliseconds; it doubles each time, up to 5 minutes. @default {1000} */
  readonly retryMs?: number | undefined;
  /** Aborting it ends the watch without an error. */
  readonly signal?: AbortSignal | undefined;
}

/** Longest time between attempts, in milliseconds. */
const MAX_RETRY_MS = 300_000;
/** Largest identifier. */
const MAX_UID = 0xffff_ffff;
/** Refusals that pass (RFC 5530). */
const PASSING: ReadonlySet<string | undefined> = new Set([
  "UNAVAILABLE",
  "INUSE",
  "LIMIT",
  "SERVERBUG",
]);

/**
 * Watches a mailbox: reports each change once, also those amid a break, and connects again when the connection is lost.
 *
 * @param options The connection and the mailbox.
 * @returns The changes, without end.
 * @throws {ReplyError} If the server refuses to log in or to open the mailbox.
 * @throws {TlsError|UnsupportedError|UsageError} If another attempt would not help.
 *
 * @example Print the subjects of new messages
 * ```ts
 * import { ImapClient, watchMailbox } from "@netwright/netwright/imap";
 * async function watch(url: string): Promise<void> {
 *   for await (const change of watchMailbox({ connect: () => ImapClient.connect(url) })) {
 *     if (change.kind === "arrived") console.log(change.message.envelope?.subject);
 *   }
 * }
 * ```
 */
export async function* watchMailbox(options: WatchOptions): AsyncGenerator<WatchedChange> {
  const { connect, mailbox = "INBOX", retryMs = 1000, signal } = options;
  const known = new KnownMessages();
  let wait = retryMs;
  let wasOpen = false;
  while (!signal?.aborted) {
    let client: ImapClient | undefined;
    try {
      client = await connect();
      const opened = await client.open(mailbox, { readOnly: true });
      wait = retryMs;
      wasOpen = true;
      yield { kind: "connected", exists: opened.exists };
      yield* watchOpen(opened, known, options);
      await client.logout();
      return;
    } catch (error) {
      await client?.[Symbol.asyncDispose]();
      if (signal?.aborted) return;
      // A server that was never reached will not be at the next attempt either.
      if (!isPassing(error) || !wasOpen) throw error;
      yield { kind: "disconnected", error, retryMs: wait };
      await delay(wait, signal).catch(() => {});
      wait = Math.min(wait * 2, MAX_RETRY_MS);
    } finally {
      await client?.[Symbol.asyncDispose]();
    }
  }
}

/** Whether another attempt may help. */
function isPassing(error: unknown): boolean {
  if (error instanceof ReplyError) {
    return error.code === "BYE" || PASSING.has(imapResponseCode(error));
  }
  return error instanceof DisconnectedError || error instanceof TimeoutError ||
    error instanceof ConnectError || error instanceof ProtocolError;
}

/** The messages that the caller knows. */
class KnownMessages {
  /** Changes when identifiers are given anew; undefined before the first look. */
  uidValidity: number | undefined;
  /** Flags by identifier, sorted and joined. */
  readonly flags = new Map<number, string>();

  /** The largest identifier. */
  get last(): number {
    let last = 0;
    for (const uid of this.flags.keys()) last = Math.max(last, uid);
    return last;
  }

  /** Notes flags; whether they differ from those before. */
  note(uid: number, flags: readonly string[]): boolean {
    const text = lasting(flags).sort().join(" ");
    const before = this.flags.get(uid);
    this.flags.set(uid, text);
    return before !== text;
  }
}

/** Flags without that of the session alone. */
function lasting(flags: readonly string[]): string[] {
  return flags.filter((flag) => flag.toLowerCase() !== "\\recent");
}

async function* watchOpen(
  mailbox: ImapMailbox,
  known: KnownMessages,
  options: WatchOptions,
): AsyncGenerator<WatchedChange> {
  const { renewMs: waitMs, pollMs, signal } = options;
  let changes: MailboxChange[] = [];
  mailbox.onChange = (change) => changes.push(change);
  if (known.uidValidity !== undefined && known.uidValidity !== mailbox.uidValidity) {
    known.flags.clear();
    yield { kind: "renumbered", uidValidity: mailbox.uidValidity };
    known.uidValidity = undefined;
  }
  yield* compare(mailbox, known, options);
  while (!signal?.aborted) {
    if (changes.length === 0) await mailbox.idle({ waitMs, pollMs, signal });
    const some = changes;
    changes = [];
    // A removal without its identifier leaves open which message it was.
    const isUnclear = some.some(({ kind, ...change }) =>
      kind !== "arrived" && "uid" in change && change.uid === undefined
    );
    if (isUnclear) {
      yield* compare(mailbox, known, options);
      continue;
    }
    for (const change of some) {
      if (change.kind === "removed" && known.flags.delete(change.uid!)) {
        yield { kind: "removed", uid: change.uid! };
      } else if (change.kind === "flags" && known.flags.has(change.uid!)) {
        const { uid, flags } = change;
        if (known.note(uid!, flags)) yield { kind: "flags", uid: uid!, flags: lasting(flags) };
      }
    }
    if (some.some(({ kind }) => kind === "arrived")) yield* arrivals(mailbox, known, options);
  }
}

/**
 * Compares the mailbox with the messages that are known. The first comparison makes all known, and reports nothing. One
 * that breaks off changes nothing; each report makes its change known.
 */
async function* compare(
  mailbox: ImapMailbox,
  known: KnownMessages,
  options: WatchOptions,
): AsyncGenerator<WatchedChange> {
  const now = new Map<number, readonly string[]>();
  for await (const { uid, flags = [] } of mailbox.fetch("1:*", { flags: true })) {
    now.set(uid, lasting(flags));
  }
  if (known.uidValidity === undefined) {
    known.uidValidity = mailbox.uidValidity;
    for (const [uid, flags] of now) known.note(uid, flags);
    return;
  }
  const last = known.last;
  for (const uid of [...known.flags.keys()]) {
    if (now.has(uid)) continue;
    known.flags.delete(uid);
    yield { kind: "removed", uid };
  }
  for (const [uid, flags] of now) {
    if (uid <= last && known.flags.has(uid) && known.note(uid, flags)) {
      yield { kind: "flags", uid, flags };
    }
  }
  yield* arrivals(mailbox, known, options, last);
}

/** Fetches messages behind the last one. */
async function* arrivals(
  mailbox: ImapMailbox,
  known: KnownMessages,
  { items = { envelope: true, flags: true }, signal }: WatchOptions,
  last = known.last,
): AsyncGenerator<WatchedChange> {
  if (last === MAX_UID) return;
  // The set names the last message too, if there is none behind it (RFC 9051 §6.4.9).
  for await (const message of mailbox.fetch(`${last + 1}:*`, { ...items, flags: true })) {
    if (message.uid <= last || known.flags.has(message.uid)) continue;
    if (signal?.aborted) return;
    known.note(message.uid, message.flags ?? []);
    yield { kind: "arrived", message };
  }
}
