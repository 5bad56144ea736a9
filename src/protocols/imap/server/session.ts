/**
 * The state of a server's session, and what all commands need of it (RFC 9051 §3).
 *
 * @module
 */

import { decodeFolderName, encodeFolderName } from "../../../net/internal.ts";
import { DisconnectedError, LimitError, TimeoutError } from "../../../net/mod.ts";
import {
  type ListedMessage,
  type MailAccount,
  type MailFolder,
  MailStoreError,
} from "../../../stores/mod.ts";
import { type Cursor, decodeText } from "../codec/cursor.ts";
import { ResponseWriter } from "../codec/response_writer.ts";
import { formatUidSet } from "../codec/uid_set.ts";
import type { CommandReader } from "./command_reader.ts";
import type { ServerConnection } from "./connection.ts";
import type { ImapServerOptions } from "./server_options.ts";
import type { MailboxView } from "./view.ts";

/** Extensions that change responses once a client has enabled them (RFC 5161). */
export type Extension = "CONDSTORE" | "QRESYNC" | "IMAP4REV2" | "UTF8=ACCEPT";

/** The end of a command. */
export interface CommandResult {
  readonly status: "OK" | "NO" | "BAD";
  /** A response code in brackets, if there is one, and words. */
  readonly text: string;
}

/** A command is refused. */
export class Refusal extends Error {
  readonly result: CommandResult;

  constructor(status: "NO" | "BAD", text: string) {
    super(text);
    this.result = { status, text };
  }
}

/** Longest name of a mailbox, in bytes. */
const MAX_NAME = 1000;

/** One session. */
export class ImapSession {
  readonly connection: ServerConnection;
  readonly reader: CommandReader;
  readonly options: ImapServerOptions;
  readonly enabled = new Set<Extension>();
  /** The user, after the login. */
  user: string | undefined;
  /** The user's mail. */
  account: MailAccount | undefined;
  /** The selected mailbox. */
  view: MailboxView | undefined;
  /** Failed attempts to log in. */
  failures = 0;
  readonly counts = { read: 0, appended: 0, removed: 0 };

  constructor(connection: ServerConnection, reader: CommandReader, options: ImapServerOptions) {
    this.connection = connection;
    this.reader = reader;
    this.options = options;
  }

  /** Whether passwords may come now. */
  get isConfidential(): boolean {
    return this.connection.isSecure || this.options.insecureAuth === true;
  }

  /** Whether names are sent as UTF-8. */
  get isUtf8(): boolean {
    return this.enabled.has("IMAP4REV2") || this.enabled.has("UTF8=ACCEPT");
  }

  /** The user's mail; commands before the login never come here. */
  get mail(): MailAccount {
    if (this.account === undefined) throw new Refusal("BAD", "log in first");
    return this.account;
  }

  /** The selected mailbox; without one, commands that need it never come here. */
  get selected(): MailboxView {
    if (this.view === undefined) throw new Refusal("BAD", "select a mailbox first");
    return this.view;
  }

  /** The selected mailbox, if it may be changed. */
  get writable(): MailboxView {
    if (this.selected.isReadOnly) throw new Refusal("NO", "[READ-ONLY] the mailbox is read-only");
    return this.selected;
  }

  /** Reads the name of a mailbox. */
  mailboxName(args: Cursor): string {
    return this.decodeName(args.astring());
  }

  /** Decodes a name with a character for each byte. */
  decodeName(raw: string): string {
    if (raw.length > MAX_NAME) throw new Refusal("NO", "[CANNOT] the name is too long");
    const isAscii = /^[\x20-\x7e]*$/.test(raw);
    // A sloppy client sends UTF-8 or a bare ampersand; no encoded name looks like that.
    let name = this.isUtf8 || !isAscii ? decodeText(raw) : decodeFolderName(raw);
    if (name === undefined && !/&[A-Za-z0-9+,]*-/.test(raw)) name = raw;
    if (name === undefined) throw new Refusal("NO", "[CANNOT] the name is malformed");
    // The separator at the end says that folders are to be made below it (RFC 9051 §6.3.4).
    return /^inbox$/i.test(name) ? "INBOX" : name.replace(/(?<=.)\/$/, "");
  }

  /** Adds the name of a mailbox to a response. */
  addName(out: ResponseWriter, name: string): ResponseWriter {
    const shown = this.isUtf8 ? name : encodeFolderName(name);
    // Stores have no names with control characters.
    return out.add(`"${shown.replaceAll(/["\\]/g, "\\$&")}"`);
  }

  /** Opens a mailbox. */
  async folder(name: string): Promise<MailFolder> {
    const folder = await this.mail.folder(name);
    if (folder === undefined) {
      throw new Refusal("NO", `[NONEXISTENT] unknown mailbox ${JSON.stringify(toAscii(name))}`);
    }
    return folder;
  }

  /** Opens the mailbox that a command puts messages into. */
  async target(name: string): Promise<MailFolder> {
    const folder = await this.mail.folder(name);
    if (folder !== undefined) return folder;
    throw new Refusal("NO", `[TRYCREATE] unknown mailbox ${JSON.stringify(toAscii(name))}`);
  }

  /**
   * Reports changes of the selected mailbox.
   * @param mayRemove Whether places may change now (RFC 9051 §7.5.1).
   * @param isUid Whether identifiers are shown.
   */
  async report(mayRemove: boolean, isUid: boolean): Promise<void> {
    const { view, connection } = this;
    if (view === undefined) return;
    const { removed, hasNew, changed } = view.update(await view.folder.list(), mayRemove);
    if (removed.length > 0 && this.enabled.has("QRESYNC")) {
      for (const set of formatUidSet(removed.map(({ uid }) => uid))) {
        await connection.line(`* VANISHED ${set}`);
      }
    } else for (const { place } of removed) await connection.line(`* ${place + 1} EXPUNGE`);
    if (hasNew) {
      await connection.line(`* ${view.messages.length} EXISTS`);
      if (!this.enabled.has("IMAP4REV2")) await connection.line("* 0 RECENT");
    }
    for (const { place, message } of changed) await this.reportFlags(place, message, isUid);
  }

  /** Reports the flags of a message. */
  async reportFlags(place: number, message: ListedMessage, isUid: boolean): Promise<void> {
    const withModseq = this.enabled.has("CONDSTORE");
    await this.connection.line(
      `* ${place + 1} FETCH (${
        isUid || this.enabled.has("QRESYNC") ? `UID ${message.uid} ` : ""
      }FLAGS ${flagWords(message.flags)}${withModseq ? ` MODSEQ (${message.modseq})` : ""})`,
    );
  }

  /** Enables CONDSTORE, as many commands do (RFC 7162 §3.1). */
  async useModseq(): Promise<void> {
    if (this.enabled.has("CONDSTORE")) return;
    this.enabled.add("CONDSTORE");
    const { view } = this;
    if (view === undefined) return;
    await this.connection.line(
      `* OK [HIGHESTMODSEQ ${view.listing.highestModseq}] modification sequences are shown from now on`,
    );
  }
}

/** Whether a failure is the client's: it has left, is silent, or sends without end. */
export function isOfClient(error: unknown): boolean {
  return [DisconnectedError, TimeoutError, LimitError].some((kind) => error instanceof kind);
}

/** Writes flags as a list. */
export function flagWords(flags: Iterable<string>): string {
  return `(${[...flags].sort().join(" ")})`;
}

/** Shows a name in a line of ASCII. */
function toAscii(name: string): string {
  return encodeFolderName(name.slice(0, 200).toWellFormed());
}

/**
 * Makes a refusal of a failure of the store.
 *
 * @param error The failure.
 * @returns The result; undefined if it is another failure.
 */
export function refusalOf(error: unknown): CommandResult | undefined {
  if (error instanceof Refusal) return error.result;
  if (!(error instanceof MailStoreError)) return undefined;
  const codes = {
    missing: "NONEXISTENT",
    exists: "ALREADYEXISTS",
    name: "CANNOT",
    quota: "OVERQUOTA",
  } as const;
  return { status: "NO", text: `[${codes[error.kind]}] ${toAscii(error.reason)}` };
}
