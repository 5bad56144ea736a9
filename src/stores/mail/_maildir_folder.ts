/**
 * One folder of a Maildir: `tmp`, `new`, `cur`, and the list of message numbers.
 *
 * @module
 */

import { writeAll } from "../../net/mod.ts";
import { FilePieces } from "../files/file_pieces.ts";
import {
  baseOf,
  flagsOf,
  infoOf,
  MAX_KEYWORDS,
  receivedOf,
  sizeOf,
  uniqueName,
} from "./_maildir_names.ts";
import { UidList, type UidState } from "./_uid_list.ts";
import {
  type AppendOptions,
  type MailFolder,
  MailStoreError,
  type MessageText,
  type StoredMessage,
} from "./mail_store.ts";

/** A message and its file. */
interface FiledMessage extends StoredMessage {
  readonly path: string;
  readonly base: string;
}

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

  async list(): Promise<readonly StoredMessage[]> {
    return await this.#uids.locked((state) => this.#scan(state));
  }

  async uidNext(): Promise<number> {
    return await this.#uids.locked(async (state) => {
      await this.#scan(state);
      return state.uidNext;
    });
  }

  /** Finds all messages; new ones get numbers in the order in which they came. */
  async #scan(state: UidState): Promise<FiledMessage[]> {
    const files = new Map<string, string>();
    for (const part of ["new", "cur"]) {
      for await (const { name, isFile } of Deno.readDir(`${this.#path}/${part}`)) {
        // Files moved from `new` to `cur` meanwhile are seen there.
        if (isFile && !name.startsWith(".")) files.set(baseOf(name), `${part}/${name}`);
      }
    }
    const unknown = [...files.keys()].filter((base) => !state.uids.has(base)).sort(byArrival);
    await this.#uids.add(state, unknown);
    await this.#uids.forget(state, [...state.uids.keys()].filter((base) => !files.has(base)));
    const messages: FiledMessage[] = [];
    for (const [base, uid] of state.uids) {
      const message = await this.#filed(base, uid, files.get(base)!, state);
      if (message !== undefined) messages.push(message);
    }
    return messages.sort((one, other) => one.uid - other.uid);
  }

  /** The facts about a file; undefined if it is gone. */
  async #filed(
    base: string,
    uid: number,
    path: string,
    { keywords }: UidState,
  ): Promise<FiledMessage | undefined> {
    const whole = `${this.#path}/${path}`;
    let info: Deno.FileInfo;
    try {
      info = await Deno.stat(whole);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
    const sizeBytes = sizeOf(base) ?? info.size;
    // The file's time is what other programs go by (dovecot, mutt): a message may be older than its name.
    const received = info.mtime ?? receivedOf(base) ?? new Date(0);
    return { uid, base, path: whole, sizeBytes, received, flags: flagsOf(path, keywords) };
  }

  async #find(uid: number, state: UidState): Promise<FiledMessage> {
    const message = (await this.#scan(state)).find((message) => message.uid === uid);
    if (message === undefined) throw new MailStoreError("missing", `message ${uid} does not exist`);
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
    const file = await this.#uids.locked(async (state) => {
      const { path } = await this.#find(uid, state);
      return await Deno.open(path);
    });
    const { size } = await file.stat();
    yield* new FilePieces(file, size);
  }

  async setFlags(uid: number, flags: Iterable<string>): Promise<StoredMessage> {
    return await this.#uids.locked(async (state) => {
      const message = await this.#find(uid, state);
      const requested = new Set(flags);
      await this.#addKeywords(state, requested);
      const path = `${this.#path}/cur/${message.base}${infoOf(requested, state.keywords)}`;
      if (path !== message.path) await Deno.rename(message.path, path);
      return { ...message, flags: flagsOf(path, state.keywords) };
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
      const messages = (await this.#scan(state)).filter(({ uid }) => requested.has(uid));
      let bytes = 0;
      for (const { path, sizeBytes } of messages) {
        await Deno.remove(path);
        bytes += sizeBytes;
      }
      await this.#uids.forget(state, messages.map(({ base }) => base));
      await this.#account.give(bytes, messages.length);
    });
  }
}

/** Names begin with the second in which the message came. */
function byArrival(one: string, other: string): number {
  const [first, second] = [receivedOf(one)?.getTime() ?? 0, receivedOf(other)?.getTime() ?? 0];
  return first - second || (one < other ? -1 : 1);
}

/** Writes a file and waits until it is on the disk. */
async function writeSynced(path: string, text: MessageText): Promise<number> {
  using file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  let bytes = 0;
  for await (const piece of text instanceof Uint8Array ? [text] : text) {
    await writeAll(file, piece);
    bytes += piece.length;
  }
  await file.sync();
  return bytes;
}

/** Waits until the names in a folder are on the disk. */
function syncFolder(path: string): void {
  if (Deno.build.os === "windows") return;
  using folder = Deno.openSync(path);
  folder.syncSync();
}
