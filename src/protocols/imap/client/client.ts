/**
 * The IMAP client (RFC 9051, RFC 3501; 8.3 of the book's list).
 *
 * @module
 */

import { checkOptions } from "../../../net/internal.ts";
import { escapeControls, ReplyError, type ServerAddress, UsageError } from "../../../net/mod.ts";
import type { CommandPiece } from "../codec/command_piece.ts";
import { decodeText, type ImapValue } from "../codec/cursor.ts";
import type { ImapProvider } from "../codec/providers.ts";
import type { ImapResponse } from "../codec/response.ts";
import type { SpecialUse } from "../codec/special_use.ts";
import { formatUidSet, parseUidSet, type UidSet } from "../codec/uid_set.ts";
import { type AppendedMessage, type AppendedUids, appendMessages, wantsMailbox } from "./append.ts";
import { IMAP_CLIENT_RULES, type ImapClientOptions, imapServer } from "./client_options.ts";
import {
  type ListedMailbox,
  listMailboxes,
  type ListOptions,
  mailboxName,
  type MailboxStatus,
  requestStatus,
} from "./list.ts";
import { ImapMailbox, type Resynchronized } from "./mailbox.ts";
import { MailboxState } from "./mailbox_state.ts";
import { type Lifetime, SelectedSession } from "./selected.ts";
import { ImapSession } from "./session.ts";

/** How a mailbox is opened. */
export interface OpenOptions {
  /** Whether nothing can be changed: `EXAMINE`. @default {false} */
  readonly readOnly?: boolean | undefined;
  /** Knowledge from before: changes since then are in {@link ImapMailbox.resynchronized}, if the server can. */
  readonly known?: KnownMailbox | undefined;
}

/** Knowledge of a mailbox from before (RFC 7162 §3.2.5). */
export interface KnownMailbox {
  /** Its UIDVALIDITY. */
  readonly uidValidity: number;
  /** The modification sequence of the last change. */
  readonly highestModseq: bigint;
  /** The messages, so that the server need not name others as removed. */
  readonly uids?: UidSet | undefined;
}

/** Names of mailboxes of one kind begin so (RFC 2342). */
export interface ImapNamespace {
  /** Whose mailboxes. */
  readonly kind: "personal" | "others" | "shared";
  /** The beginning of their names; may be empty. */
  readonly prefix: string;
  /** The character between levels; undefined if there are none. */
  readonly delimiter: string | undefined;
}

/** Maximum number of changed messages that are named. */
const MAX_CHANGED = 1_000_000;
/** Maximum number of removed messages that are named. */
const MAX_REMOVED = 10_000_000;
const USES: ReadonlySet<SpecialUse> = new Set<SpecialUse>([
  "all",
  "archive",
  "drafts",
  "flagged",
  "junk",
  "sent",
  "trash",
]);

/**
 * Reads and changes the mailboxes of a user. Commands may be sent without waiting for those before; the client keeps
 * apart those whose responses look alike.
 *
 * @example Count the unread messages
 * ```ts
 * import { ImapClient } from "@netwright/netwright/imap";
 * async function unread(url: string): Promise<number> {
 *   await using client = await ImapClient.connect(url);
 *   const inbox = await client.open("INBOX", { readOnly: true });
 *   const { count } = await inbox.summarize({ seen: false });
 *   await client.logout();
 *   return count;
 * }
 * ```
 */
export class ImapClient implements AsyncDisposable {
  readonly #session: ImapSession;
  /** Ends when another mailbox is opened. */
  #lifetime: Lifetime = { isOpen: false };

  private constructor(session: ImapSession) {
    this.#session = session;
  }

  /**
   * Connects, starts TLS and logs in, as the options say.
   * @param server The server: `host`, `host:port`, a URL such as `imaps://user:password@host`, or an endpoint. The port is
   *   143 by default, or 993 of `imaps`.
   * @param options How to connect.
   * @returns The client, ready to open a mailbox.
   * @throws {ConnectError|TimeoutError} If the server cannot be reached.
   * @throws {TlsError} If TLS was demanded and cannot be had, or the certificate is not trusted.
   * @throws {ReplyError} If the server refuses us or our credentials; {@link imapResponseCode} gives the reason.
   * @throws {UnsupportedError} If no mechanism can be used, also because a password would go over the network in clear text.
   */
  static async connect(
    server: ServerAddress,
    options: ImapClientOptions = {},
  ): Promise<ImapClient> {
    checkOptions(options, IMAP_CLIENT_RULES);
    return new ImapClient(await ImapSession.open(imapServer(server, options)));
  }

  /** The capabilities of the server, in upper case (RFC 9051 §7.2.2). */
  get capabilities(): ReadonlySet<string> {
    return this.#session.capabilities;
  }

  /** The extensions that were switched on, in upper case (RFC 5161). */
  get enabled(): ReadonlySet<string> {
    return this.#session.enabled;
  }

  /** The server's greeting, cleaned to be shown. */
  get greeting(): string {
    return escapeControls(this.#session.greeting, { maxLength: 1000 });
  }

  /** How the server introduces itself, by fields such as `name` (RFC 2971); not clean. Empty if it does not. */
  get serverId(): ReadonlyMap<string, string> {
    return this.#session.serverId;
  }

  /** The provider, if it is one whose habits are known. */
  get provider(): ImapProvider | undefined {
    return this.#session.provider;
  }

  /** Whether the connection is inside TLS. */
  get isSecure(): boolean {
    return this.#session.isSecure;
  }

  /** Whether the dialogue is compressed. */
  get isCompressed(): boolean {
    return this.#session.isCompressed;
  }

  /** Whether the session is over. */
  get isClosed(): boolean {
    return this.#session.connection.isClosed;
  }

  /** Resolves with the reason when the session is over; never rejects. */
  get closed(): Promise<unknown> {
    return this.#session.connection.closed;
  }

  /**
   * Lists mailboxes: `LIST`.
   * @param options Which, and whether their contents are asked for.
   * @returns The mailboxes in the order of the server.
   * @throws {ReplyError} If the server refuses.
   */
  async list(options: ListOptions = {}): Promise<ListedMailbox[]> {
    return await listMailboxes(this.#session, options);
  }

  /**
   * Requests the totals of a mailbox, without opening it: `STATUS`.
   * @param mailbox Its name.
   * @returns The totals.
   * @throws {ReplyError} If the server refuses.
   */
  async status(mailbox: string): Promise<MailboxStatus> {
    return await requestStatus(this.#session, mailboxName(this.#session, mailbox));
  }

  /**
   * Opens a mailbox: `SELECT` or `EXAMINE`. The one that was open is closed; its deleted messages stay.
   * @param mailbox Its name.
   * @param options How.
   * @returns The mailbox.
   * @throws {ReplyError} If the server refuses.
   */
  async open(mailbox: string, options: OpenOptions = {}): Promise<ImapMailbox> {
    const { readOnly = false, known } = options;
    const name = mailboxName(this.#session, mailbox);
    let state = new MailboxState(this.#session.connection.peer);
    const removed: number[] = [];
    const changed: { readonly uid: number; readonly flags: readonly string[] }[] = [];
    const parameter = this.#selectParameter(known);
    const isResynchronizing = parameter.includes("QRESYNC");
    const lifetime: Lifetime = { isOpen: false };
    await this.#session.connection.execute({
      verb: readOnly ? "EXAMINE" : "SELECT",
      pieces: [name, parameter],
      alone: true,
      onStart: () => {
        this.#lifetime.isOpen = false;
        this.#lifetime = lifetime;
      },
      onData: (response) => {
        // What follows its completion at once is not to be lost.
        this.#session.onUntagged = (response) => state.apply(response);
        if (response.kind === "status" && response.code?.name === "CLOSED") {
          // All before this was said of the other mailbox (RFC 7162 §3.2.11).
          state = new MailboxState(this.#session.connection.peer);
          removed.length = changed.length = 0;
        }
        if (response.kind === "vanished") {
          const uids = parseUidSet(response.uids, MAX_REMOVED - removed.length) ?? [];
          for (const uid of uids) removed.push(uid);
          return true;
        }
        if (response.kind === "fetch") {
          const { data: { uid, flags } } = response;
          const isWanted = isResynchronizing && changed.length < MAX_CHANGED;
          if (isWanted && uid !== undefined && flags !== undefined) changed.push({ uid, flags });
        }
        state.apply(response, true);
        return isOfMailbox(response);
      },
    });
    if (readOnly) state.isReadOnly = true;
    // Another one may have been opened meanwhile.
    lifetime.isOpen = this.#lifetime === lifetime;
    const isSame = isResynchronizing && known?.uidValidity === state.uidValidity;
    const resynchronized: Resynchronized | undefined = isSame ? { changed, removed } : undefined;
    const selected = new SelectedSession(this.#session, lifetime, mailbox);
    return new ImapMailbox(selected, state, { name: mailbox, resynchronized });
  }

  #selectParameter(known: KnownMailbox | undefined): string {
    const { enabled, capabilities } = this.#session;
    if (known === undefined || !enabled.has("QRESYNC")) {
      return capabilities.has("CONDSTORE") ? " (CONDSTORE)" : "";
    }
    const { uidValidity, highestModseq, uids } = known;
    const [set] = uids === undefined ? [] : formatUidSet(uids, 20_000);
    return ` (QRESYNC (${checkNumber(uidValidity)} ${BigInt(highestModseq)}${
      set === undefined ? "" : ` ${set}`
    }))`;
  }

  /**
   * Closes the open mailbox; messages that are flagged as deleted stay: `UNSELECT` (RFC 3691).
   * @throws {ReplyError} If the server refuses.
   */
  async close(): Promise<void> {
    const { capabilities, connection } = this.#session;
    const onStart = (): void => {
      this.#lifetime.isOpen = false;
      this.#lifetime = { isOpen: false };
      this.#session.onUntagged = undefined;
    };
    if (capabilities.has("UNSELECT") || capabilities.has("IMAP4REV2")) {
      await connection.execute({ verb: "UNSELECT", alone: true, onStart });
      return;
    }
    try {
      // A mailbox that cannot be there closes the one that is open.
      await connection.execute({
        verb: "EXAMINE",
        pieces: [`"netwright-${crypto.randomUUID()}"`],
        alone: true,
        onStart,
      });
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
    }
  }

  /**
   * Makes a mailbox: `CREATE`.
   * @param mailbox Its name.
   * @param specialUse Its use, if the server can record that (CREATE-SPECIAL-USE, RFC 6154).
   * @throws {ReplyError} If the server refuses.
   */
  async create(mailbox: string, specialUse?: SpecialUse): Promise<void> {
    if (specialUse !== undefined && !USES.has(specialUse)) {
      throw new UsageError(`${JSON.stringify(specialUse)} is not a use of mailboxes`);
    }
    const use = specialUse === undefined || !this.capabilities.has("CREATE-SPECIAL-USE")
      ? ""
      : ` (USE (\\${specialUse.charAt(0).toUpperCase()}${specialUse.slice(1)}))`;
    await this.#change("CREATE", [mailboxName(this.#session, mailbox), use]);
  }

  /**
   * Deletes a mailbox with all its messages: `DELETE`.
   * @param mailbox Its name.
   * @throws {ReplyError} If the server refuses.
   */
  async delete(mailbox: string): Promise<void> {
    await this.#change("DELETE", [mailboxName(this.#session, mailbox)]);
  }

  /**
   * Renames a mailbox: `RENAME`. Of INBOX, the messages are moved.
   * @param mailbox Its name.
   * @param name The other name.
   * @throws {ReplyError} If the server refuses.
   */
  async rename(mailbox: string, name: string): Promise<void> {
    await this.#change("RENAME", [
      mailboxName(this.#session, mailbox),
      " ",
      mailboxName(this.#session, name),
    ]);
  }

  /**
   * Adds a mailbox to the list of subscriptions, or removes it: `SUBSCRIBE`, `UNSUBSCRIBE`.
   * @param mailbox Its name.
   * @param isWanted Whether it is added. @default {true}
   * @throws {ReplyError} If the server refuses.
   */
  async subscribe(mailbox: string, isWanted = true): Promise<void> {
    await this.#change(isWanted ? "SUBSCRIBE" : "UNSUBSCRIBE", [
      mailboxName(this.#session, mailbox),
    ]);
  }

  /**
   * Adds messages to a mailbox: `APPEND`, several in one command where the server can (MULTIAPPEND, RFC 3502).
   * @param mailbox Its name.
   * @param messages The messages, or one.
   * @param options Whether the mailbox is made if it is missing; only messages without a stream can be sent again then.
   * @returns The messages' identifiers, if the server names them.
   * @throws {ReplyError} If the server refuses.
   * @throws {LimitError} If a message is larger than the server takes; nothing is sent.
   */
  async append(
    mailbox: string,
    messages: AppendedMessage | readonly AppendedMessage[],
    options: { readonly create?: boolean } = {},
  ): Promise<AppendedUids | undefined> {
    const list = Array.isArray(messages)
      ? messages as readonly AppendedMessage[]
      : [messages as AppendedMessage];
    try {
      return await appendMessages(this.#session, mailbox, list);
    } catch (error) {
      const canRepeat = list.every(({ content }) => content instanceof Uint8Array);
      if (!options.create || !canRepeat || !wantsMailbox(error)) throw error;
    }
    await this.create(mailbox);
    return await appendMessages(this.#session, mailbox, list);
  }

  /**
   * Asks how names of mailboxes begin: `NAMESPACE` (RFC 2342).
   * @returns The beginnings; none if the server cannot say.
   * @throws {ReplyError} If the server refuses.
   */
  async namespaces(): Promise<ImapNamespace[]> {
    const { capabilities, connection } = this.#session;
    if (!capabilities.has("NAMESPACE") && !capabilities.has("IMAP4REV2")) return [];
    let values: readonly ImapValue[] = [];
    await connection.execute({
      verb: "NAMESPACE",
      topic: "namespace",
      onData(response) {
        if (response.kind !== "namespace") return false;
        values = response.values;
        return true;
      },
    });
    const kinds = ["personal", "others", "shared"] as const;
    return kinds.flatMap((kind, index) => toNamespaces(kind, values[index]));
  }

  /**
   * Keeps the session alive, and lets the server report changes: `NOOP`.
   * @throws {ReplyError} If the server refuses.
   */
  async noop(): Promise<void> {
    await this.#session.connection.execute({ verb: "NOOP" });
  }

  /**
   * Ends the session: `LOGOUT`. Messages that are flagged as deleted stay.
   * @throws {DisconnectedError|TimeoutError} If the server does not respond.
   */
  async logout(): Promise<void> {
    const { connection } = this.#session;
    try {
      await connection.execute({ verb: "LOGOUT", alone: true });
    } finally {
      await connection.end();
    }
  }

  /** Closes the connection at once. */
  // deno-lint-ignore require-await
  async [Symbol.asyncDispose](): Promise<void> {
    this.#session[Symbol.dispose]();
  }

  async #change(verb: string, pieces: readonly CommandPiece[]): Promise<void> {
    await this.#session.connection.execute({ verb, pieces, topic: "mailboxes" });
  }
}

/** Whether a response of SELECT concerns the mailbox that it opens. */
function isOfMailbox({ kind }: ImapResponse): boolean {
  return ["exists", "recent", "flags", "fetch", "expunge", "vanished"].includes(kind);
}

function toNamespaces(kind: ImapNamespace["kind"], value: ImapValue | undefined): ImapNamespace[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: ImapValue) => {
    const [prefix, delimiter] = Array.isArray(entry) ? entry as readonly ImapValue[] : [];
    if (typeof prefix !== "string") return [];
    return [{
      kind,
      prefix: decodeText(prefix),
      delimiter: typeof delimiter === "string" && delimiter !== "" ? delimiter : undefined,
    }];
  });
}

function checkNumber(number: number): number {
  if (Number.isInteger(number) && number > 0 && number <= 0xffff_ffff) return number;
  throw new UsageError(`a UIDVALIDITY must be from 1 to ${0xffff_ffff}, not ${number}`);
}
