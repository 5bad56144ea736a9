/**
 * One folder of a Maildir: `tmp`, `new`, `cur`, and the list of message numbers.
 *
 * @module
 */

import { CrlfEncoder } from "../../net/internal.ts";
import { openLocked } from "../files/locked.ts";
import { syncFolder, writeSynced } from "../files/synced_file.ts";
import { type FiledMessage, FolderScan } from "./_folder_scan.ts";
import { FolderWatch } from "./_folder_watch.ts";
import {
  baseOf,
  crlfSizeOf,
  infoOf,
  isOwn,
  lettersOf,
  receivedOf,
  sizeOf,
  uniqueName,
} from "./maildir_names.ts";
import {
  countCrlf,
  type OpenedFile,
  openFile,
  piecesOf,
  removeLeftovers,
} from "./_maildir_files.ts";
import { changeLetters, keepKeywords } from "./_flag_letters.ts";
import type { UidEntry, UidState } from "./_uid_lines.ts";
import { UidList } from "./_uid_list.ts";
import {
  type AppendOptions,
  type ByteRange,
  type FlagsChange,
  type FlagsResult,
  type MailFolder,
  type MailListing,
  MailStoreError,
  type MessageText,
  type NewMessage,
  type StoredMessage,
} from "./mail_store.ts";

/** So many messages are described while no other may change the folder. */
const DESCRIBED_AT_ONCE = 500;
/** Most attempts on a file that other programs rename all the time. */
const MAX_ATTEMPTS = 20;
/** So many files are changed before other tasks have a turn. */
const FILES_AT_ONCE = 200;
/** The file that a session of POP3 locks. */
const RESERVATION = "netwright-session";

/** The methods of its account that a folder uses. */
export interface FolderAccount {
  /** Takes room for a message. */
  take(bytes: number): Promise<void>;
  /** Messages for which room was taken are in a folder now, or were given up. */
  placed(bytes: number, messages: number): void;
  /** Gives room back. */
  give(bytes: number, messages: number): Promise<void>;
  /** Makes a UIDVALIDITY that no folder of this user has had. */
  newUidValidity(): Promise<number>;
}

/** A message that was written and is not in the folder yet. */
interface Written {
  readonly beside: string;
  readonly sizeBytes: number;
  readonly received: Date;
  readonly flags: ReadonlySet<string>;
}

/** A folder on the disk. */
export class MaildirFolder implements MailFolder {
  readonly name: string;
  readonly uidValidity: number;
  readonly #path: string;
  readonly #account: FolderAccount;
  readonly #uids: UidList;
  readonly #scan: FolderScan;
  readonly #watch: FolderWatch;

  private constructor(
    name: string,
    path: string,
    account: FolderAccount,
    uids: UidList,
    uidValidity: number,
  ) {
    this.name = name;
    this.#path = path;
    this.#account = account;
    this.#uids = uids;
    this.uidValidity = uidValidity;
    this.#scan = new FolderScan(path, uids);
    this.#watch = new FolderWatch(path);
  }

  /** Opens a folder that is there. */
  static async open(name: string, path: string, account: FolderAccount): Promise<MaildirFolder> {
    await removeLeftovers(`${path}/tmp`);
    const uids = new UidList(path, () => account.newUidValidity());
    const uidValidity = await uids.locked((state) => Promise.resolve(state.uidValidity));
    return new MaildirFolder(name, path, account, uids, uidValidity);
  }

  /** Whether it is still the same folder, and not another that was made in its place. */
  async isCurrent(): Promise<boolean> {
    return await this.#uids.locked((state) =>
      Promise.resolve(state.uidValidity === this.uidValidity)
    );
  }

  /** Does something under the folder's lock, if it is still the same folder. */
  async #locked<T>(act: (state: UidState) => Promise<T>): Promise<T> {
    const gone = () =>
      new MailStoreError("missing", `folder ${JSON.stringify(this.name)} does not exist`);
    let isLocked = false;
    try {
      return await this.#uids.locked((state) => {
        isLocked = true;
        if (state.uidValidity !== this.uidValidity) throw gone();
        return act(state);
      });
    } catch (error) {
      // The lock is in the folder.
      if (error instanceof Deno.errors.NotFound && !(isLocked && isFolder(this.#path))) {
        throw gone();
      }
      throw error;
    }
  }

  async list(): Promise<MailListing> {
    const listing = await this.#locked((state) => this.#scan.listing(state));
    const { restMs } = this.#scan;
    if (restMs !== undefined) this.#watch.lookAgain(restMs);
    return listing;
  }

  async describe(uids?: Iterable<number>): Promise<readonly StoredMessage[]> {
    const requested = uids === undefined
      ? (await this.list()).messages.map(({ uid }) => uid)
      : [...new Set(uids)].sort((one, other) => one - other);
    const described: StoredMessage[] = [];
    // Sizes may have to be counted: others have their turns between.
    for (let at = 0; at < requested.length; at += DESCRIBED_AT_ONCE) {
      const some = requested.slice(at, at + DESCRIBED_AT_ONCE);
      described.push(...await this.#locked((state) => this.#describe(some, state)));
    }
    return described;
  }

  async #describe(uids: readonly number[], state: UidState): Promise<StoredMessage[]> {
    const messages = await this.#scan.current(state);
    const counted = new Map<string, number>();
    const described: StoredMessage[] = [];
    for (const uid of uids) {
      const message = messages.get(uid);
      if (message === undefined) continue;
      const facts = await this.#withFile(
        message,
        state,
        async (path, { uid, flags, modseq, base }) => {
          // The file's time is what other programs go by (dovecot, mutt): a message may be older than its name.
          const received = Deno.statSync(path).mtime ?? receivedOf(base) ?? new Date(0);
          let sizeBytes = crlfSizeOf(base) ?? state.sizes.get(base);
          if (sizeBytes === undefined) {
            sizeBytes = await countCrlf(path);
            counted.set(base, sizeBytes);
          }
          return { uid, flags, modseq, sizeBytes, received };
        },
      );
      if (facts !== undefined) described.push(facts);
    }
    await this.#uids.addSizes(state, counted);
    return described;
  }

  /**
   * Does something with the file of a message, wherever other programs move it meanwhile.
   * @returns The result; undefined if the message is gone.
   */
  async #withFile<T>(
    message: FiledMessage,
    state: UidState,
    act: (path: string, message: FiledMessage) => T | Promise<T>,
  ): Promise<T | undefined> {
    let current: FiledMessage | undefined = message;
    for (let attempt = 0; current !== undefined && attempt < MAX_ATTEMPTS; attempt++) {
      try {
        return await act(`${this.#path}/${current.file}`, current);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
        this.#scan.expire();
        current = (await this.#scan.current(state)).get(message.uid);
      }
    }
    return undefined;
  }

  async append(text: MessageText, options: AppendOptions = {}): Promise<StoredMessage> {
    const [message] = await this.appendAll([{ text, ...options }]);
    return message!;
  }

  async appendAll(
    messages: Iterable<NewMessage> | AsyncIterable<NewMessage>,
  ): Promise<readonly StoredMessage[]> {
    const written: Written[] = [];
    let taken = 0;
    try {
      for await (const { text, flags, received = new Date() } of messages) {
        const beside = `${this.#path}/tmp/${uniqueName(received, 0)}`;
        const known = { beside, received, flags: new Set(flags) };
        written.push({ ...known, sizeBytes: 0 });
        const sizeBytes = await writeSynced(beside, text);
        written[written.length - 1] = { ...known, sizeBytes };
        await this.#account.take(sizeBytes);
        taken++;
      }
      if (written.length === 0) return [];
      const stored = await this.#locked((state) => this.#place(written, state));
      this.#account.placed(...sumOf(written));
      this.#watch.tell();
      return stored;
    } catch (error) {
      for (const { beside } of written) await Deno.remove(beside).catch(() => {});
      const sum = sumOf(written.slice(0, taken));
      this.#account.placed(...sum);
      await this.#account.give(...sum);
      throw error;
    }
  }

  /** Moves written messages into the folder, all or none. */
  async #place(written: readonly Written[], state: UidState): Promise<StoredMessage[]> {
    const files: string[] = [];
    // Changes by others must not hide behind this one.
    if (!this.#scan.isFresh(state)) this.#scan.expire();
    try {
      for (const { beside, sizeBytes, received, flags } of written) {
        await keepKeywords(this.#uids, state, flags);
        const base = uniqueName(received, sizeBytes);
        const file = flags.size === 0
          ? `new/${base}`
          : `cur/${base}${infoOf(flags, state.keywords)}`;
        Deno.utimeSync(beside, received, received);
        Deno.renameSync(beside, `${this.#path}/${file}`);
        files.push(file);
      }
      for (const part of new Set(files.map(partOf))) syncFolder(`${this.#path}/${part}`);
      const entries = await this.#record(files, state);
      return entries.map(({ uid }, index) => {
        const { flags, modseq } = this.#scan.known(uid)!;
        const { sizeBytes, received } = written[index]!;
        return { uid, flags, modseq, sizeBytes, received };
      });
    } catch (error) {
      // After a failure the sender tries again, and must not find the message kept already.
      for (const file of files) await Deno.remove(`${this.#path}/${file}`).catch(() => {});
      this.#scan.expire();
      throw error;
    }
  }

  /** Gives files numbers that have just come into the folder. */
  async #record(files: readonly string[], state: UidState): Promise<readonly UidEntry[]> {
    const found = files.map((file) => ({ base: baseOf(file.slice(4)), letters: lettersOf(file) }));
    const entries = await this.#uids.add(state, found);
    this.#scan.changed(state, entries.map((entry, index) => [entry, files[index]!] as const));
    return entries;
  }

  async *read(uid: number, range?: ByteRange): AsyncGenerator<Uint8Array> {
    const { base, file, size } = await this.#open(uid);
    if (isOwn(base)) return yield* piecesOf(file, size, range ?? { start: 0, end: size });
    const encoder = new CrlfEncoder();
    let at = 0;
    for await (const piece of piecesOf(file, size, { start: 0, end: size })) {
      const encoded = encoder.encode(piece);
      const { start, end } = range ?? { start: 0, end: Infinity };
      if (at < end && at + encoded.length > start) {
        yield encoded.subarray(Math.max(0, start - at), end - at);
      }
      at += encoded.length;
      if (at >= end) return;
    }
  }

  /** Opens a message where it was seen last, or else where it is now. */
  async #open(uid: number): Promise<OpenedFile> {
    const known = this.#scan.known(uid);
    if (known !== undefined) {
      try {
        return openFile(known.base, `${this.#path}/${known.file}`);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    return await this.#locked(async (state) => {
      this.#scan.expire();
      const message = (await this.#scan.current(state)).get(uid);
      if (message === undefined) throw missingMessage(uid);
      const opened = await this.#withFile(message, state, (path, { base }) => openFile(base, path));
      if (opened === undefined) throw missingMessage(uid);
      return opened;
    });
  }

  async changeFlags(uids: Iterable<number>, change: FlagsChange): Promise<FlagsResult> {
    const { mode, unchangedSince = Infinity } = change;
    const requested = new Set(change.flags);
    const { isChanged, ...result } = await this.#locked(async (state) => {
      const messages = await this.#scan.current(state);
      const refused: number[] = [];
      const found: number[] = [];
      const changed: (readonly [UidEntry, string])[] = [];
      if (mode !== "remove") await keepKeywords(this.#uids, state, requested);
      const letters = lettersOf(infoOf(requested, state.keywords));
      let count = 0;
      for (const uid of new Set(uids)) {
        const message = messages.get(uid);
        if (message === undefined) continue;
        if (message.modseq > unchangedSince) {
          refused.push(uid);
          continue;
        }
        found.push(uid);
        const before = lettersOf(message.file);
        const after = changeLetters(before, letters, mode);
        if (after === before) continue;
        if (++count % FILES_AT_ONCE === 0) await turn();
        const file = `cur/${message.base}:2,${after}`;
        const renamed = await this.#withFile(message, state, (path) => {
          Deno.renameSync(path, `${this.#path}/${file}`);
          return true;
        });
        const entry = state.numbers.get(uid);
        if (renamed === undefined || entry === undefined) continue;
        entry.letters = after;
        changed.push([entry, file]);
      }
      await this.#uids.changed(state, changed.map(([entry]) => entry));
      this.#scan.changed(state, changed);
      return {
        messages: found.map((uid) => this.#scan.known(uid)).filter((message) =>
          message !== undefined
        ),
        refused,
        isChanged: changed.length > 0,
      };
    });
    if (isChanged) this.#watch.tell();
    return result;
  }

  async remove(uids: Iterable<number>): Promise<void> {
    const requested = new Set(uids);
    const count = await this.#locked(async (state) => {
      const messages = await this.#scan.current(state);
      const removed: number[] = [];
      let bytes = 0;
      try {
        for (const uid of requested) {
          const message = messages.get(uid);
          if (message === undefined) continue;
          if (removed.length % FILES_AT_ONCE === FILES_AT_ONCE - 1) await turn();
          bytes += await this.#withFile(message, state, (path) => {
            const size = sizeOf(message.base) ?? Deno.statSync(path).size;
            Deno.removeSync(path);
            return size;
          }) ?? 0;
          removed.push(uid);
        }
      } finally {
        await this.#uids.forget(state, removed);
        this.#scan.removed(state, removed);
        await this.#account.give(bytes, removed.length);
      }
      return removed.length;
    });
    if (count > 0) this.#watch.tell();
  }

  async move(uids: Iterable<number>, to: MailFolder): Promise<ReadonlyMap<number, number>> {
    if (!(to instanceof MaildirFolder)) throw new TypeError("the other folder is of another store");
    const requested = [...new Set(uids)].sort((one, other) => one - other);
    // Two that move in opposite directions must not wait for each other.
    const moved = to === this
      ? await this.#locked((state) => this.#moveTo(requested, state, this, state))
      : this.#path < to.#path
      ? await this.#locked((state) =>
        to.#locked((target) => this.#moveTo(requested, state, to, target))
      )
      : await to.#locked((target) =>
        this.#locked((state) => this.#moveTo(requested, state, to, target))
      );
    if (moved.size > 0) {
      this.#watch.tell();
      to.#watch.tell();
    }
    return moved;
  }

  /** Moves files; both folders are locked. */
  async #moveTo(
    requested: readonly number[],
    state: UidState,
    to: MaildirFolder,
    target: UidState,
  ): Promise<ReadonlyMap<number, number>> {
    const messages = await this.#scan.current(state);
    await to.#scan.current(target);
    const moved: number[] = [];
    const files: string[] = [];
    const sizes = new Map<string, number>();
    try {
      for (const uid of requested) {
        const message = messages.get(uid);
        if (message === undefined) continue;
        if (moved.length % FILES_AT_ONCE === FILES_AT_ONCE - 1) await turn();
        await keepKeywords(to.#uids, target, message.flags);
        const file = await this.#withFile(message, state, (path) => {
          // A name of its own: the old one may be in the other folder already, or have had a number there.
          const received = receivedOf(message.base) ?? new Date();
          const size = sizeOf(message.base) ?? Deno.statSync(path).size;
          const base = uniqueName(received, size, isOwn(message.base));
          const file = `cur/${base}${infoOf(message.flags, target.keywords)}`;
          Deno.renameSync(path, `${to.#path}/${file}`);
          const counted = crlfSizeOf(message.base) ?? state.sizes.get(message.base);
          if (!isOwn(base) && counted !== undefined) sizes.set(base, counted);
          return file;
        });
        if (file === undefined) continue;
        moved.push(uid);
        files.push(file);
      }
      if (files.length > 0) syncFolder(`${to.#path}/cur`);
    } finally {
      await this.#uids.forget(state, moved);
      this.#scan.removed(state, moved);
    }
    const entries = await to.#record(files, target);
    await to.#uids.addSizes(target, sizes);
    return new Map(moved.map((uid, index) => [uid, entries[index]!.uid]));
  }

  async reserve(): Promise<Disposable | undefined> {
    // The system releases it if the process dies.
    return await openLocked(`${this.#path}/${RESERVATION}`, 0);
  }

  onChange(listener: () => void): Disposable {
    return this.#watch.add(listener);
  }
}

function missingMessage(uid: number): MailStoreError {
  return new MailStoreError("missing", `message ${uid} does not exist`);
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(`${path}/cur`).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Size and number of messages. */
function sumOf(written: readonly Written[]): [bytes: number, messages: number] {
  return [written.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0), written.length];
}

/** `new` or `cur`. */
function partOf(file: string): string {
  return file.slice(0, 3);
}

/** Lets other tasks have a turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
