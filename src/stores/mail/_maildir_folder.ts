/**
 * One folder of a Maildir: `tmp`, `new`, `cur`, and the list of message numbers.
 *
 * @module
 */

import { CrlfEncoder } from "../../net/internal.ts";
import { FilePieces } from "../files/file_pieces.ts";
import { openLocked } from "../files/locked.ts";
import { syncFolder, writeSynced } from "../files/synced_file.ts";
import {
  crlfSizeOf,
  flagsOf,
  infoOf,
  isOwn,
  MAX_KEYWORDS,
  receivedOf,
  sizeOf,
  uniqueName,
} from "./_maildir_names.ts";
import { findFiles, timesOf } from "./_maildir_scan.ts";
import { UidList, type UidState } from "./_uid_list.ts";
import {
  type AppendOptions,
  type ListedMessage,
  type MailFolder,
  MailStoreError,
  type MessageText,
  type StoredMessage,
} from "./mail_store.ts";

/** A message and its file. */
interface FiledMessage extends ListedMessage {
  /** The part of the file's name that stays while flags change. */
  readonly base: string;
  /** The file below the folder: `cur/NAME` or `new/NAME`. */
  readonly file: string;
}

/** The messages found in the folder, and the state of the folder then. */
interface Scan {
  readonly messages: ReadonlyMap<number, FiledMessage>;
  /** Changes with `new` and `cur`; undefined if they changed too recently. */
  readonly stamp: string | undefined;
}

/** Changes of a folder within this time may not change its own time, in milliseconds. */
const COARSEST_TIME_MS = 2000;
/** Files up to this size are read at once, in bytes. */
const SMALL_BYTES = 65_536;
/** Most attempts on a file that other programs rename all the time. */
const MAX_ATTEMPTS = 20;
/** The file that a session of POP3 locks. */
const RESERVATION = "netwright-session";

/** The methods of its account that a folder uses. */
export interface FolderAccount {
  /** Takes room for a message. */
  take(bytes: number): Promise<void>;
  /** Gives room back. */
  give(bytes: number, messages: number): Promise<void>;
  /** Makes a UIDVALIDITY that no folder of this user has had. */
  newUidValidity(): Promise<number>;
}

/** A folder on the disk. */
export class MaildirFolder implements MailFolder {
  readonly name: string;
  readonly uidValidity: number;
  readonly #path: string;
  readonly #account: FolderAccount;
  readonly #uids: UidList;
  #scanned: Scan | undefined;

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
  }

  /** Opens a folder that is there. */
  static async open(name: string, path: string, account: FolderAccount): Promise<MaildirFolder> {
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

  async list(): Promise<readonly ListedMessage[]> {
    return [...(await this.#uids.locked((state) => this.#scan(state))).values()];
  }

  async describe(uids?: Iterable<number>): Promise<readonly StoredMessage[]> {
    return await this.#uids.locked(async (state) => {
      const messages = await this.#scan(state);
      const requested = uids === undefined
        ? [...messages.values()]
        : [...new Set(uids)].sort((one, other) => one - other)
          .map((uid) => messages.get(uid)).filter((message) => message !== undefined);
      const counted = new Map<string, number>();
      const described: StoredMessage[] = [];
      for (const message of requested) {
        const facts = await this.#withFile(message, state, async (path, { uid, flags, base }) => {
          // The file's time is what other programs go by (dovecot, mutt): a message may be older than its name.
          const received = Deno.statSync(path).mtime ?? receivedOf(base) ?? new Date(0);
          let sizeBytes = crlfSizeOf(base) ?? state.sizes.get(base);
          if (sizeBytes === undefined) {
            sizeBytes = await countCrlf(path);
            counted.set(base, sizeBytes);
          }
          return { uid, flags, sizeBytes, received };
        });
        if (facts !== undefined) described.push(facts);
      }
      await this.#uids.addSizes(state, counted);
      return described;
    });
  }

  async uidNext(): Promise<number> {
    return await this.#uids.locked(async (state) => {
      await this.#scan(state);
      return state.uidNext;
    });
  }

  /** Finds all messages, by their numbers; new ones get numbers in the order in which they came. */
  async #scan(state: UidState): Promise<ReadonlyMap<number, FiledMessage>> {
    const stamp = this.#stamp(state);
    if (stamp !== undefined && stamp === this.#scanned?.stamp) return this.#scanned.messages;
    const { files, isCertain } = await findFiles(this.#path, state.uids);
    const unknown = [...files.keys()].filter((base) => !state.uids.has(base)).sort(byArrival);
    await this.#uids.add(state, unknown);
    if (isCertain) {
      await this.#uids.forget(state, [...state.uids.keys()].filter((base) => !files.has(base)));
    }
    const found: FiledMessage[] = [];
    for (const [base, uid] of state.uids) {
      const file = files.get(base);
      if (file === undefined) continue;
      found.push({ uid, base, file, flags: flagsOf(file, state.keywords) });
    }
    found.sort((one, other) => one.uid - other.uid);
    const messages = new Map(found.map((message) => [message.uid, message]));
    this.#scanned = { messages, stamp: stamp === undefined ? undefined : this.#stamp(state) };
    return messages;
  }

  /** Changes with the folder; undefined if it was changed so short a time before that another change would not show. */
  #stamp(state: UidState): string | undefined {
    const times = timesOf(this.#path);
    if (Math.max(...times) > Date.now() - COARSEST_TIME_MS) return undefined;
    return `${times.join(" ")} ${state.stamp}`;
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
        this.#scanned = undefined;
        current = (await this.#scan(state)).get(message.uid);
      }
    }
    return undefined;
  }

  async #find(uid: number, state: UidState): Promise<FiledMessage> {
    const message = (await this.#scan(state)).get(uid);
    if (message === undefined) throw missingMessage(uid);
    return message;
  }

  async append(text: MessageText, options: AppendOptions = {}): Promise<StoredMessage> {
    const received = options.received ?? new Date();
    const beside = `${this.#path}/tmp/${uniqueName(received, 0)}`;
    let taken = 0;
    try {
      const sizeBytes = await writeSynced(beside, text);
      await this.#account.take(sizeBytes);
      taken = sizeBytes;
      return await this.#uids.locked(async (state) => {
        const flags = new Set(options.flags);
        await this.#addKeywords(state, flags);
        const base = uniqueName(received, sizeBytes);
        const place = flags.size === 0
          ? `new/${base}`
          : `cur/${base}${infoOf(flags, state.keywords)}`;
        this.#scanned = undefined;
        await Deno.utime(beside, received, received);
        await Deno.rename(beside, `${this.#path}/${place}`);
        try {
          syncFolder(`${this.#path}/${place.slice(0, 3)}`);
          await this.#uids.add(state, [base]);
        } catch (error) {
          // After a failure the sender tries again, and must not find the message kept already.
          await Deno.remove(`${this.#path}/${place}`).catch(() => {});
          throw error;
        }
        return { uid: state.uids.get(base)!, sizeBytes, received, flags };
      });
    } catch (error) {
      await Deno.remove(beside).catch(() => {});
      if (taken > 0) await this.#account.give(taken, 1);
      throw error;
    }
  }

  async *read(uid: number): AsyncGenerator<Uint8Array> {
    const { base, pieces } = await this.#open(uid);
    if (isOwn(base)) return yield* pieces;
    const encoder = new CrlfEncoder();
    for await (const piece of pieces) yield encoder.encode(piece);
  }

  /** Opens a message where it was seen last, or else where it is now. */
  async #open(uid: number): Promise<{ readonly base: string; readonly pieces: Pieces }> {
    const known = this.#scanned?.messages.get(uid);
    if (known !== undefined) {
      try {
        return { base: known.base, pieces: await readPieces(`${this.#path}/${known.file}`) };
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    return await this.#uids.locked(async (state) => {
      this.#scanned = undefined;
      const opened = await this.#withFile(
        await this.#find(uid, state),
        state,
        async (path, { base }) => {
          return { base, pieces: await readPieces(path) };
        },
      );
      if (opened === undefined) throw missingMessage(uid);
      return opened;
    });
  }

  async setFlags(uid: number, flags: Iterable<string>): Promise<ListedMessage> {
    return await this.#uids.locked(async (state) => {
      const message = await this.#find(uid, state);
      const requested = new Set(flags);
      await this.#addKeywords(state, requested);
      const file = `cur/${message.base}${infoOf(requested, state.keywords)}`;
      const renamed = await this.#withFile(message, state, async (path) => {
        await Deno.rename(path, `${this.#path}/${file}`);
        return true;
      });
      this.#scanned = undefined;
      if (renamed === undefined) throw missingMessage(uid);
      return { uid, flags: flagsOf(file, state.keywords) };
    });
  }

  async #addKeywords(state: UidState, flags: Iterable<string>): Promise<void> {
    for (const flag of flags) {
      const isKeyword = /^[^\s\\\x00-\x1f\x7f(){%*"\]]{1,100}$/.test(flag);
      if (!isKeyword || state.keywords.includes(flag)) continue;
      // A Maildir has no letters for more; such keywords are not kept.
      if (state.keywords.length < MAX_KEYWORDS) await this.#uids.addKeyword(state, flag);
    }
  }

  async remove(uids: Iterable<number>): Promise<void> {
    const requested = new Set(uids);
    await this.#uids.locked(async (state) => {
      const messages = await this.#scan(state);
      const removed: string[] = [];
      let bytes = 0;
      try {
        for (const uid of requested) {
          const message = messages.get(uid);
          if (message === undefined) continue;
          bytes += await this.#withFile(message, state, async (path) => {
            const size = sizeOf(message.base) ?? Deno.statSync(path).size;
            await Deno.remove(path);
            return size;
          }) ?? 0;
          removed.push(message.base);
        }
      } finally {
        this.#scanned = undefined;
        await this.#uids.forget(state, removed);
        await this.#account.give(bytes, removed.length);
      }
    });
  }

  async reserve(): Promise<Disposable | undefined> {
    // The system releases it if the process dies.
    return await openLocked(`${this.#path}/${RESERVATION}`, 0);
  }
}

/** The content of a file. */
type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Reads a file. */
async function readPieces(path: string): Promise<Pieces> {
  const { size } = Deno.statSync(path);
  // Most messages are small, and in the system's memory: waiting in a queue would take ten times as long.
  if (size <= SMALL_BYTES) return [Deno.readFileSync(path)];
  return new FilePieces(await Deno.open(path), size);
}

function missingMessage(uid: number): MailStoreError {
  return new MailStoreError("missing", `message ${uid} does not exist`);
}

/** Names begin with the second in which the message came. */
function byArrival(one: string, other: string): number {
  const [first, second] = [receivedOf(one)?.getTime() ?? 0, receivedOf(other)?.getTime() ?? 0];
  return first - second || (one < other ? -1 : 1);
}

/** The size of a file whose lines may end with LF, when they end with CRLF. */
async function countCrlf(path: string): Promise<number> {
  const encoder = new CrlfEncoder();
  let bytes = 0;
  for await (const piece of new FilePieces(await Deno.open(path))) {
    bytes += encoder.encode(piece).length;
  }
  return bytes;
}
