/**
 * The content of a Maildir folder: read after changes by others, and updated by own changes.
 *
 * @module
 */

import { isDiskFull } from "../../net/internal.ts";
import { hasRoom } from "./_flag_letters.ts";
import { flagsOf, lettersOf, receivedOf } from "./maildir_names.ts";
import { findFiles, granularityOf, timesOf } from "./_maildir_scan.ts";
import type { UidEntry, UidState } from "./_uid_lines.ts";
import type { UidList } from "./_uid_list.ts";
import type { ListedMessage, MailListing } from "./mail_store.ts";

/** A message and its file. */
export interface FiledMessage extends ListedMessage {
  /** The part of the file's name that stays while flags change. */
  readonly base: string;
  /** The file below the folder: `cur/NAME` or `new/NAME`. */
  readonly file: string;
}

/** A result that may hide a change is used for so many times the time that reading the folder took. */
const REST_FACTOR = 4;
/** A folder that is read in this time is read anew instead, in milliseconds. */
const SHORT_MS = 10;

/** The messages of one folder. All methods are called under the folder's lock. */
export class FolderScan {
  readonly #path: string;
  readonly #uids: UidList;
  /** The messages in the order of their numbers. */
  #messages = new Map<number, FiledMessage>();
  #listing: MailListing | undefined;
  /** Flags by their letters: most messages have the same few. */
  readonly #flags = new Map<string, ReadonlySet<string>>();
  #keywordChanges = 0;
  /** When the folder's parts were changed, as of the last reading or own change; undefined before. */
  #times: string | undefined;
  /** The modification sequence then. */
  #modseq = 0;
  /** Whether no change can hide behind these times. */
  #isCertain = false;
  /** Until when a result that may hide one is used. */
  #restsUntil = 0;

  constructor(path: string, uids: UidList) {
    this.#path = path;
    this.#uids = uids;
  }

  /** How long the last result may hide a change, in milliseconds from now; undefined if it hides none. */
  get restMs(): number | undefined {
    return this.#isCertain ? undefined : Math.max(0, this.#restsUntil - performance.now());
  }

  /** Finds all messages, by their numbers; new ones get numbers in the order in which they came. */
  async current(state: UidState): Promise<ReadonlyMap<number, FiledMessage>> {
    if (!this.isFresh(state)) await this.#read(state);
    return this.#messages;
  }

  /** Where a message was seen last. */
  known(uid: number): FiledMessage | undefined {
    return this.#messages.get(uid);
  }

  /** The messages as a listing. */
  async listing(state: UidState): Promise<MailListing> {
    await this.current(state);
    const known = this.#listing;
    if (known?.highestModseq === state.modseq && known.uidNext === state.uidNext) return known;
    return this.#listing = {
      messages: [...this.#messages.values()],
      uidNext: state.uidNext,
      highestModseq: state.modseq,
      takesKeywords: hasRoom(state),
    };
  }

  /** Reads the folder anew at the next request. */
  expire(): void {
    this.#times = undefined;
  }

  /** Whether the folder is unchanged since it was read, judged by its times. */
  isFresh(state: UidState): boolean {
    return this.#times !== undefined && this.#modseq === state.modseq &&
      (this.#keywordChanges === 0 || this.#keywordChanges === state.keywordChanges) &&
      timesOf(this.#path).join() === this.#times &&
      (this.#isCertain || performance.now() < this.#restsUntil);
  }

  async #read(state: UidState): Promise<void> {
    const begin = Date.now();
    const times = timesOf(this.#path);
    const { files, isCertain } = await findFiles(this.#path, state.entries);
    const unknown = inOrder([...files.keys()].filter((base) => !state.entries.has(base)));
    try {
      await this.#uids.add(
        state,
        unknown.map((base) => ({ base, letters: lettersOf(files.get(base)!) })),
      );
    } catch (error) {
      // Those that are known can be read and removed all the same.
      if (!isDiskFull(error)) throw error;
    }
    const changed: UidEntry[] = [];
    const missing: number[] = [];
    const isRenamed = this.#keywordChanges !== 0 && this.#keywordChanges !== state.keywordChanges;
    for (const entry of state.entries.values()) {
      const file = files.get(entry.base);
      const letters = file === undefined ? "" : lettersOf(file);
      if (file === undefined) missing.push(entry.uid);
      else if (entry.letters !== letters) {
        // A list of the older form has no letters.
        if (entry.letters !== undefined) changed.push(entry);
        entry.letters = letters;
      } else if (isRenamed && /[a-z]/.test(letters)) {
        // Another program has given a letter its meaning.
        const known = this.#messages.get(entry.uid)?.flags;
        const isOther = known !== undefined && !isSame(known, this.#flagsOf(letters, state));
        if (isOther) changed.push(entry);
      }
    }
    await this.#uids.changed(state, changed);
    if (isCertain) await this.#uids.forget(state, missing);
    const found: FiledMessage[] = [];
    for (const entry of state.entries.values()) {
      // A file that may only have been missed is where it was.
      const file = files.get(entry.base) ?? this.#messages.get(entry.uid)?.file;
      if (file !== undefined) found.push(this.#message(entry, file, state));
    }
    this.#noteKeywords(state);
    found.sort((one, other) => one.uid - other.uid);
    this.#messages = new Map(found.map((message) => [message.uid, message]));
    this.#times = times.join();
    this.#modseq = state.modseq;
    this.#isCertain = Math.max(...times) < begin - granularityOf(times);
    const took = Date.now() - begin;
    this.#restsUntil = took < SHORT_MS ? 0 : performance.now() + took * REST_FACTOR;
  }

  /** Makes a message; one that is unchanged stays the same object. */
  #message(entry: UidEntry, file: string, state: UidState): FiledMessage {
    const { uid, base, modseq, letters = "" } = entry;
    const known = this.#messages.get(uid);
    if (known !== undefined && known.modseq === modseq && known.file === file) return known;
    return { uid, base, file, modseq, flags: this.#flagsOf(letters, state) };
  }

  /** Takes note of the current meanings of letters. */
  #noteKeywords({ keywordChanges }: UidState): void {
    if (keywordChanges === this.#keywordChanges) return;
    this.#flags.clear();
    this.#keywordChanges = keywordChanges;
  }

  #flagsOf(letters: string, state: UidState): ReadonlySet<string> {
    this.#noteKeywords(state);
    let flags = this.#flags.get(letters);
    if (flags === undefined) {
      flags = flagsOf(`:2,${letters}`, state.keywords);
      this.#flags.set(letters, flags);
    }
    return flags;
  }

  /** Takes note of files that this process has added or renamed; their entries are up to date. */
  changed(state: UidState, files: Iterable<readonly [entry: UidEntry, file: string]>): void {
    for (const [entry, file] of files) {
      this.#messages.set(entry.uid, this.#message(entry, file, state));
    }
    this.#settle(state);
  }

  /** Takes note of files that this process has removed. */
  removed(state: UidState, uids: Iterable<number>): void {
    for (const uid of uids) this.#messages.delete(uid);
    this.#settle(state);
  }

  /** After an own change, another program's may hide behind the folder's new time. */
  #settle(state: UidState): void {
    if (this.#times === undefined) return;
    this.#times = timesOf(this.#path).join();
    this.#modseq = state.modseq;
    this.#isCertain = false;
  }
}

function isSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && one.isSubsetOf(other);
}

/** Sorts names, which begin with the second in which the message came. */
function inOrder(bases: readonly string[]): string[] {
  const timed = bases.map((base) => ({ base, time: receivedOf(base)?.getTime() ?? 0 }));
  timed.sort((one, other) => one.time - other.time || (one.base < other.base ? -1 : 1));
  return timed.map(({ base }) => base);
}
