/**
 * Where mail is kept: folders of messages, each with a number that it keeps (RFC 9051 §2.3.1). SMTP fills it, POP3 and
 * IMAP serve it.
 *
 * @module
 */

import { NetwrightError } from "../../net/mod.ts";

/** Flags that any protocol knows, in IMAP's words; keywords of users are stored beside them unchanged. */
export const SYSTEM_FLAGS: readonly string[] = [
  "\\Answered",
  "\\Deleted",
  "\\Draft",
  "\\Flagged",
  "\\Seen",
];

/** A message in a list. */
export interface ListedMessage {
  /** Its number in its folder: never given to another, and never smaller than those before. */
  readonly uid: number;
  /** System flags and keywords. */
  readonly flags: ReadonlySet<string>;
  /** When it was changed last: larger than that of any earlier change of the folder (RFC 7162 §3.1, mod-sequence). */
  readonly modseq: number;
}

/** All messages of a folder at one moment. */
export interface MailListing {
  /** The messages by their numbers; one that is unchanged is the same object as in earlier listings. */
  readonly messages: readonly ListedMessage[];
  /** The number that the next message will get, or a larger one. */
  readonly uidNext: number;
  /** The largest modification sequence of any change so far, removals counted. */
  readonly highestModseq: number;
  /** Whether it takes keywords that no message has yet; else they are not kept. */
  readonly takesKeywords: boolean;
}

/** The facts about a message without reading it. */
export interface StoredMessage extends ListedMessage {
  /** Its size in bytes, lines ending with CRLF. */
  readonly sizeBytes: number;
  /** When it came. */
  readonly received: Date;
}

/** How a message is put into a folder. */
export interface AppendOptions {
  /** Its flags. @default none */
  readonly flags?: Iterable<string> | undefined;
  /** When it came. @default now */
  readonly received?: Date | undefined;
}

/** Text of a message, lines ending with CRLF. */
export type MessageText = Uint8Array | AsyncIterable<Uint8Array>;

/** A message to be put into a folder. */
export interface NewMessage extends AppendOptions {
  /** Its text; one is read after the other. */
  readonly text: MessageText;
}

/** A change of flags. */
export interface FlagsChange {
  /** Whether the flags are added, removed, or put in place of those that a message has. */
  readonly mode: "add" | "remove" | "set";
  /** The flags. */
  readonly flags: Iterable<string>;
  /** Messages that were changed after this modification sequence are skipped. @default {Infinity} */
  readonly unchangedSince?: number | undefined;
}

/** The result of a change of flags. */
export interface FlagsResult {
  /** The messages, with the flags that they have now; also those that had them before. */
  readonly messages: readonly ListedMessage[];
  /** The numbers of messages that were changed too late. */
  readonly refused: readonly number[];
}

/** Some bytes of a message. */
export interface ByteRange {
  /** Where they begin. */
  readonly start: number;
  /** Where they end: the first byte behind them. */
  readonly end: number;
}

/** One folder of one user. */
export interface MailFolder {
  /** Its name; levels are divided by slashes. */
  readonly name: string;
  /** While it stays the same, so do the numbers of messages (UIDVALIDITY). */
  readonly uidValidity: number;
  /**
   * Lists its messages, and finds those that other programs have added meanwhile.
   * @returns The listing; the same object while nothing has changed.
   */
  list(): Promise<MailListing>;
  /**
   * Finds size and date of messages.
   * @param uids Which; all if absent.
   * @returns The facts, by their numbers; messages that are not there any more are left out.
   */
  describe(uids?: Iterable<number>): Promise<readonly StoredMessage[]>;
  /**
   * Puts a message in. It is safe when this resolves: whole, and on the disk.
   * @throws {MailStoreError} `quota` if it would exceed the quota; nothing is kept then.
   */
  append(text: MessageText, options?: AppendOptions): Promise<StoredMessage>;
  /**
   * Puts messages in: all of them, or none.
   * @returns The messages in the same order.
   * @throws {MailStoreError} `quota` if they would exceed the quota.
   */
  appendAll(
    messages: Iterable<NewMessage> | AsyncIterable<NewMessage>,
  ): Promise<readonly StoredMessage[]>;
  /**
   * Reads a message; its lines end with CRLF.
   * @param uid Its number.
   * @param range Which bytes; all if absent. Bytes beyond its end are none.
   * @throws {MailStoreError} `missing` if it is not there any more.
   */
  read(uid: number, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** Changes flags; messages that are not there any more are passed over. */
  changeFlags(uids: Iterable<number>, change: FlagsChange): Promise<FlagsResult>;
  /** Removes messages for good; those that are not there any more are passed over. */
  remove(uids: Iterable<number>): Promise<void>;
  /**
   * Moves messages into another folder of the same user; no other ever sees them in both.
   * @returns Their new numbers by the old ones; messages that are not there any more are passed over.
   */
  move(uids: Iterable<number>, to: MailFolder): Promise<ReadonlyMap<number, number>>;
  /**
   * Waits for changes, by this process or another.
   * @param listener Called after possible changes; {@link list} shows them.
   * @returns Ends it.
   */
  onChange(listener: () => void): Disposable;
  /**
   * Reserves the folder for one session of POP3 (RFC 1939 §4). Others may still read, add and remove.
   * @returns Releases it; undefined if another session, of any process, has reserved it.
   */
  reserve(): Promise<Disposable | undefined>;
}

/** How much a user may keep. */
export interface MailQuota {
  /** Bytes of all messages. @default {Infinity} */
  readonly maxBytes?: number | undefined;
  /** Messages of all folders. @default {Infinity} */
  readonly maxMessages?: number | undefined;
}

/** All mail of one user. There is always a folder `INBOX`. */
export interface MailAccount {
  /** Lists the names of all folders, `INBOX` first. */
  folders(): Promise<readonly string[]>;
  /** Opens a folder; undefined if there is none. */
  folder(name: string): Promise<MailFolder | undefined>;
  /**
   * Makes a folder.
   * @throws {MailStoreError} `exists` if it is there; `name` if no folder can be called so.
   */
  create(name: string): Promise<MailFolder>;
  /**
   * Removes a folder with all that it holds, but not those below it.
   * @throws {MailStoreError} `missing` if there is none; `name` for `INBOX`.
   */
  delete(name: string): Promise<void>;
  /**
   * Calls a folder, and those below it, by another name. Messages keep their numbers.
   * @throws {MailStoreError} `missing`, `exists` or `name`.
   */
  rename(from: string, to: string): Promise<void>;
  /** The names that the user has subscribed to, whether there are such folders or not. */
  subscriptions(): Promise<readonly string[]>;
  /**
   * Subscribes to a name, or ends that.
   * @throws {MailStoreError} `name` if no folder can be called so.
   */
  subscribe(name: string, isSubscribed: boolean): Promise<void>;
  /** How much there is. */
  usage(): Promise<{ readonly bytes: number; readonly messages: number }>;
}

/** Mail of several users. */
export interface MailStore {
  /**
   * Opens a user's mail; it is made if there was none.
   * @throws {InjectionError} If no user can be called so.
   */
  account(user: string): Promise<MailAccount>;
}

/** The reason for a failure of a store. */
export type MailStoreFailure = "missing" | "exists" | "name" | "quota";

/** A store could not execute a request. */
export class MailStoreError extends NetwrightError {
  /** Why. */
  readonly kind: MailStoreFailure;

  /**
   * Describes a failure.
   * @param kind Why.
   * @param reason The same in words.
   */
  constructor(kind: MailStoreFailure, reason: string) {
    super(reason, { operation: "keep mail" });
    this.kind = kind;
  }
}

/** Longest name of a folder, in bytes of UTF-8. */
const MAX_NAME_BYTES = 200;
/** Deepest folder. */
const MAX_LEVELS = 20;

/**
 * Checks the name of a folder.
 *
 * @param name Its levels with slashes between; `INBOX` in any case is `INBOX`.
 * @returns The name as stores keep it.
 * @throws {MailStoreError} `name` if no folder can be called so.
 */
export function folderName(name: string): string {
  const levels = name.split("/");
  if (/^inbox$/i.test(levels[0]!)) levels[0] = "INBOX";
  const bad = levels.length > MAX_LEVELS || !name.isWellFormed() ||
    new TextEncoder().encode(name).length > MAX_NAME_BYTES ||
    levels.some((level) =>
      level === "" || level === "." || level === ".." || /[\x00-\x1f\x7f-\x9f]/.test(level)
    );
  if (bad) {
    throw new MailStoreError(
      "name",
      `no folder can be called ${JSON.stringify(name.slice(0, 200))}`,
    );
  }
  return levels.join("/");
}

/** Sorts names of folders for listings: `INBOX` first. */
export function compareFolders(one: string, other: string): number {
  const key = (name: string) => `${name === "INBOX" || name.startsWith("INBOX/") ? 0 : 1}${name}`;
  return key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0;
}
