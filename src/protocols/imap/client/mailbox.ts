/**
 * An open mailbox: its messages, and what happens to them.
 *
 * @module
 */

import { UnsupportedError, UsageError } from "../../../net/mod.ts";
import type { ImapPart } from "../codec/body_structure.ts";
import { type CommandPiece, flagList } from "../codec/command_piece.ts";
import type { ImapValue } from "../codec/cursor.ts";
import type { ImapResponse, StatusResponse } from "../codec/response.ts";
import type { SearchQuery } from "../codec/search_query.ts";
import { formatUidSet, parseUidSet, type UidSet } from "../codec/uid_set.ts";
import { downloadPart, downloadSection, downloadTexts, type ImapText } from "./download.ts";
import { type FetchItems, fetchMessages, type ImapMessage } from "./fetch.ts";
import { type IdleOptions, waitForChange } from "./idle.ts";
import { mailboxName } from "./list.ts";
import type { MailboxChange, MailboxState } from "./mailbox_state.ts";
import {
  type ImapThread,
  search,
  type SearchSummary,
  sort,
  type SortKey,
  summarize,
  thread,
} from "./search.ts";
import type { SelectedSession } from "./selected.ts";

/** The copies of messages in another mailbox, if the server names them (UIDPLUS, RFC 4315). */
export interface CopiedMessages {
  /** The UIDVALIDITY of the other mailbox. */
  readonly uidValidity: number;
  /** The identifiers there, by those here. */
  readonly uids: ReadonlyMap<number, number>;
}

/** How flags are changed. */
export interface FlagChange {
  /** Flags to set, the others stay. */
  readonly add?: readonly string[];
  /** Flags to take away, the others stay. */
  readonly remove?: readonly string[];
  /** All flags that the messages are to have. */
  readonly set?: readonly string[];
  /** Messages that were changed after this modification sequence are left alone; needs CONDSTORE. */
  readonly unchangedSince?: bigint;
}

/** Maximum number of copies that are named. */
const MAX_COPIES = 1_000_000;

/**
 * A mailbox that was opened by {@link ImapClient.open}. Another mailbox that the client opens closes it.
 *
 * @example The subjects of unread messages
 * ```ts
 * import type { ImapMailbox } from "@netwright/netwright/imap";
 * async function unread(mailbox: ImapMailbox): Promise<string[]> {
 *   const uids = await mailbox.search({ seen: false });
 *   const messages = await Array.fromAsync(mailbox.fetch(uids, { envelope: true }));
 *   return messages.map(({ envelope }) => envelope?.subject ?? "");
 * }
 * ```
 */
export class ImapMailbox {
  /** Its name. */
  readonly name: string;
  /** Changes since the modification sequence that was passed to open; undefined if the server cannot say. */
  readonly resynchronized: Resynchronized | undefined;
  readonly #session: SelectedSession;
  readonly #state: MailboxState;
  #onChange: ((change: MailboxChange) => void) | undefined;
  /** Called at the next change. */
  readonly #waiting = new Set<() => void>();

  /** Used by {@link ImapClient.open}. */
  constructor(
    session: SelectedSession,
    state: MailboxState,
    details: {
      readonly name: string;
      readonly resynchronized: Resynchronized | undefined;
    },
  ) {
    this.name = details.name;
    this.resynchronized = details.resynchronized;
    this.#session = session;
    this.#state = state;
    state.onChange = (change) => {
      this.#onChange?.(change);
      for (const run of [...this.#waiting]) run();
    };
  }

  /** How many messages there are, as far as the server has said. */
  get exists(): number {
    return this.#state.exists;
  }

  /** Changes when identifiers are given anew: all that is known by them is void then. */
  get uidValidity(): number {
    return this.#state.uidValidity;
  }

  /** The identifier that the next message gets, at least; undefined if the server has not said it. */
  get uidNext(): number | undefined {
    return this.#state.uidNext;
  }

  /** The modification sequence of the last change; undefined if the mailbox has none (RFC 7162). */
  get highestModseq(): bigint | undefined {
    return this.#state.highestModseq;
  }

  /** Flags that messages may have. */
  get flags(): readonly string[] {
    return this.#state.flags;
  }

  /** Flags that can be changed for good; with `\*`, others too. Undefined if the server does not say. */
  get permanentFlags(): readonly string[] | undefined {
    return this.#state.permanentFlags;
  }

  /** Whether nothing can be changed. */
  get isReadOnly(): boolean {
    return this.#state.isReadOnly;
  }

  /** Whether the mailbox is open. */
  get isOpen(): boolean {
    return this.#session.isOpen;
  }

  /**
   * Called with each change: of flags, if no command here requested it. An error of it ends the session. Undefined for
   * none.
   */
  set onChange(callback: ((change: MailboxChange) => void) | undefined) {
    this.#onChange = callback;
  }

  /**
   * Finds messages: `UID SEARCH`.
   * @param query The criteria; all messages if there are none.
   * @returns Their identifiers, ascending.
   * @throws {ReplyError} If the server refuses.
   */
  async search(query: SearchQuery = {}): Promise<number[]> {
    this.#session.assertOpen();
    return await search(this.#session, query);
  }

  /**
   * Counts messages without listing them: `UID SEARCH RETURN` (RFC 4731).
   * @param query The criteria; all messages if there are none.
   * @returns How many there are, and the first and last of them.
   * @throws {ReplyError} If the server refuses.
   */
  async summarize(query: SearchQuery = {}): Promise<SearchSummary> {
    this.#session.assertOpen();
    return await summarize(this.#session, query);
  }

  /**
   * Finds messages, sorted by the server: `UID SORT` (RFC 5256).
   * @param keys Keys of the order, the first one first; with `-` in front, descending.
   * @param query The criteria; all messages if there are none.
   * @returns Their identifiers in this order.
   * @throws {UnsupportedError} If the server cannot sort.
   * @throws {ReplyError} If the server refuses.
   */
  async sort(
    keys: readonly (SortKey | `-${SortKey}`)[],
    query: SearchQuery = {},
  ): Promise<number[]> {
    this.#session.assertOpen();
    return await sort(this.#session, keys, query);
  }

  /**
   * Finds conversations: `UID THREAD` (RFC 5256).
   * @param query The criteria; all messages if there are none.
   * @returns The first message of each, and the responses to it.
   * @throws {UnsupportedError} If the server cannot find them.
   * @throws {ReplyError} If the server refuses.
   */
  async thread(query: SearchQuery = {}): Promise<ImapThread[]> {
    this.#session.assertOpen();
    return await thread(this.#session, query);
  }

  /**
   * Fetches items of messages: `UID FETCH`, several commands at once. `\Seen` is not set. Other commands may be sent amid
   * the loop. For whole texts of unknown size there are {@link texts} and {@link download}.
   * @param uids The messages.
   * @param items The items.
   * @returns The messages in the order of the server; those that are gone are left out.
   * @throws {ReplyError} If the server refuses.
   * @throws {LimitError} If a message is larger than the limit of a response; the session is over then.
   */
  async *fetch(uids: UidSet, items: FetchItems): AsyncGenerator<ImapMessage> {
    this.#session.assertOpen();
    yield* fetchMessages(
      this.#session,
      uids,
      items,
      (response) => this.#state.apply(response, true),
    );
  }

  /**
   * Streams the texts of many messages in little memory, however large they are. `\Seen` is not set.
   * @param uids The messages.
   * @returns The messages with their texts; a text is to be read before the next message is taken.
   * @throws As {@link fetch} does.
   */
  async *texts(uids: Iterable<number>): AsyncGenerator<ImapText> {
    this.#session.assertOpen();
    const withModseq = this.#state.highestModseq !== undefined;
    yield* downloadTexts(
      this.#session,
      uids,
      withModseq,
      (response) => this.#state.apply(response, true),
    );
  }

  /**
   * Streams the text of a message, or a section of it, in little memory. `\Seen` is not set.
   * @param uid The message.
   * @param section Such as `1.2`, `HEADER` or `TEXT`; empty for the whole message.
   * @returns Pieces, unchanged; each is the caller's own.
   * @throws {NetwrightError} If the message or the section is not there.
   */
  async *download(uid: number, section = ""): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    this.#session.assertOpen();
    yield* downloadSection(this.#session, checkUid(uid), section);
  }

  /**
   * Streams the content of a part, its transfer encoding undone.
   * @param uid The message.
   * @param part The part, of the message's structure.
   * @returns Pieces of the content.
   * @throws {NetwrightError} If the message or the part is not there.
   */
  async *downloadPart(uid: number, part: ImapPart): AsyncGenerator<Uint8Array> {
    this.#session.assertOpen();
    yield* downloadPart(this.#session, checkUid(uid), part);
  }

  /**
   * Changes flags: `UID STORE`.
   * @param uids The messages.
   * @param change How.
   * @returns The messages that were left alone because of `unchangedSince`.
   * @throws {ReplyError} If the server refuses.
   */
  async store(uids: UidSet, change: FlagChange): Promise<readonly number[]> {
    this.#session.assertOpen();
    const changes = [
      ["+FLAGS.SILENT", change.add],
      ["-FLAGS.SILENT", change.remove],
      ["FLAGS.SILENT", change.set],
    ] as const;
    const count = changes.filter(([, flags]) => flags !== undefined).length;
    if (count === 0) throw new UsageError("a change of flags must add, remove or set some");
    // The first of two changes would let the second one fail.
    if (count > 1 && (change.set !== undefined || change.unchangedSince !== undefined)) {
      throw new UsageError("flags are either added, removed or set, if not unconditionally");
    }
    const unchanged = change.unchangedSince === undefined
      ? ""
      : `(UNCHANGEDSINCE ${BigInt(change.unchangedSince)}) `;
    const modified: number[] = [];
    for (const set of formatUidSet(uids, this.#session.maxSetLength)) {
      for (const [item, flags] of changes) {
        if (flags === undefined) continue;
        const completion = await this.#execute("UID STORE", [
          `${set} ${unchanged}${item} ${flagList(flags)}`,
        ]);
        if (completion.code?.name !== "MODIFIED") continue;
        const uids = parseUidSet(String(completion.code.values[0]), MAX_COPIES) ?? [];
        for (const uid of uids) modified.push(uid);
      }
    }
    return modified;
  }

  /**
   * Copies messages into another mailbox: `UID COPY`.
   * @param uids The messages.
   * @param target The other mailbox.
   * @returns The copies, if the server names them.
   * @throws {ReplyError} If the server refuses; {@link imapResponseCode} is `TRYCREATE` if the mailbox is not there.
   */
  async copy(uids: UidSet, target: string): Promise<CopiedMessages | undefined> {
    this.#session.assertOpen();
    return await this.#transfer("UID COPY", uids, target);
  }

  /**
   * Moves messages into another mailbox: `UID MOVE` (RFC 6851), or else a copy and a deletion of exactly these.
   * @param uids The messages.
   * @param target The other mailbox.
   * @returns The messages there, if the server names them.
   * @throws {ReplyError} If the server refuses.
   * @throws {UnsupportedError} If the server has neither MOVE nor UIDPLUS: others' deletions would be carried out too.
   */
  async move(uids: UidSet, target: string): Promise<CopiedMessages | undefined> {
    this.#session.assertOpen();
    const { capabilities } = this.#session;
    if (capabilities.has("MOVE") || capabilities.has("IMAP4REV2")) {
      return await this.#transfer("UID MOVE", uids, target);
    }
    this.#assertUidPlus("move");
    // What arrives meanwhile was not copied.
    const fixed = await this.#fixed(uids);
    const copied = await this.#transfer("UID COPY", fixed, target);
    await this.delete(fixed);
    return copied;
  }

  /**
   * Removes exactly these messages: flags them as deleted, then `UID EXPUNGE` (RFC 4315).
   * @param uids The messages.
   * @throws {ReplyError} If the server refuses.
   * @throws {UnsupportedError} If the server has no UIDPLUS: others' deletions would be carried out too.
   */
  async delete(uids: UidSet): Promise<void> {
    this.#session.assertOpen();
    this.#assertUidPlus("delete");
    for (const set of formatUidSet(await this.#fixed(uids), this.#session.maxSetLength)) {
      await this.#execute("UID STORE", [`${set} +FLAGS.SILENT (\\Deleted)`]);
      await this.#execute("UID EXPUNGE", [set]);
    }
  }

  /**
   * Removes all messages that are flagged as deleted, by whomever: `EXPUNGE`.
   * @throws {ReplyError} If the server refuses.
   */
  async expunge(): Promise<void> {
    this.#session.assertOpen();
    await this.#session.execute({ verb: "EXPUNGE", alone: true });
  }

  /**
   * Waits for changes: `IDLE` (RFC 2177), or else by asking now and then. Any other command ends it.
   * @param options How long, and who may end it.
   * @returns Resolves at the first change, at the end of the time, or when another command is sent.
   * @throws {DisconnectedError|TimeoutError} The session is over then.
   */
  async idle(options: IdleOptions = {}): Promise<void> {
    this.#session.assertOpen();
    await waitForChange(this.#session, options, (run) => {
      this.#waiting.add(run);
      return () => this.#waiting.delete(run);
    });
  }

  /** The messages that a set means now. */
  async #fixed(uids: UidSet): Promise<readonly number[]> {
    if (typeof uids === "string") return await search(this.#session, { uids });
    return typeof uids === "number" ? [uids] : [...uids];
  }

  async #transfer(
    verb: string,
    uids: UidSet,
    target: string,
  ): Promise<CopiedMessages | undefined> {
    const name = mailboxName(this.#session, target);
    const copied = new Map<number, number>();
    let uidValidity: number | undefined;
    for (const set of formatUidSet(uids, this.#session.maxSetLength)) {
      let named: StatusResponse["code"];
      const completion = await this.#execute(verb, [`${set} `, name], (response) => {
        // MOVE says it before it removes the messages (RFC 6851 §4.3).
        if (response.kind !== "status" || response.code?.name !== "COPYUID") return false;
        named = response.code;
        return true;
      });
      for (const code of [named, completion.code]) {
        if (code?.name === "COPYUID") uidValidity = readCopies(code.values, copied) ?? uidValidity;
      }
    }
    return uidValidity === undefined ? undefined : { uidValidity, uids: copied };
  }

  #execute(
    verb: string,
    pieces: readonly CommandPiece[],
    onData?: (response: ImapResponse) => boolean,
  ): Promise<StatusResponse> {
    return this.#session.execute({
      verb,
      pieces,
      topic: "change",
      ...(onData !== undefined && { onData }),
    });
  }

  #assertUidPlus(operation: string): void {
    const { capabilities, peer } = this.#session;
    if (capabilities.has("UIDPLUS") || capabilities.has("IMAP4REV2")) return;
    throw new UnsupportedError("the server has no UIDPLUS", { operation, peer });
  }
}

/** Changes that the server named when a mailbox was opened (RFC 7162). */
export interface Resynchronized {
  /** Messages that are new or have other flags. */
  readonly changed: readonly { readonly uid: number; readonly flags: readonly string[] }[];
  /** Messages that were removed. */
  readonly removed: readonly number[];
}

function checkUid(uid: number): number {
  formatUidSet(uid);
  return uid;
}

/** Reads `COPYUID 38505 304,319:320 3956:3958`. */
function readCopies(values: readonly ImapValue[], into: Map<number, number>): number | undefined {
  const [validity, from, to] = values.map(String);
  const [here, there] = [from, to].map((set) => parseUidSet(set ?? "", MAX_COPIES));
  if (!/^\d{1,10}$/.test(validity ?? "") || here === undefined || there === undefined) return;
  if (here.length !== there.length) return undefined;
  here.forEach((uid, index) => into.set(uid, there[index]!));
  return Number(validity);
}
