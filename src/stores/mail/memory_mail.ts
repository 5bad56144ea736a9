/**
 * Mail in memory, for tests and for servers that keep nothing.
 *
 * @module
 */

import { toBytes } from "../../net/internal.ts";
import {
  type AppendOptions,
  compareFolders,
  folderName,
  type MailAccount,
  type MailFolder,
  type MailQuota,
  type MailStore,
  MailStoreError,
  type MessageText,
  type StoredMessage,
} from "./mail_store.ts";

/**
 * Keeps mail as long as the process lives.
 *
 * @example A message
 * ```ts
 * import { MemoryMail } from "@netwright/netwright/stores";
 * const account = await new MemoryMail().account("ann");
 * const inbox = (await account.folder("INBOX"))!;
 * const { uid } = await inbox.append(new TextEncoder().encode("Subject: x\r\n\r\nhi\r\n"));
 * if (uid !== 1) throw new Error("another number");
 * ```
 */
export class MemoryMail implements MailStore {
  readonly #quota: MailQuota;
  readonly #accounts = new Map<string, MemoryAccount>();

  /**
   * Makes an empty store.
   * @param quota How much each user may keep.
   */
  constructor(quota: MailQuota = {}) {
    this.#quota = quota;
  }

  /**
   * Opens a user's mail.
   * @param user The user's name.
   * @returns The mail.
   */
  account(user: string): Promise<MailAccount> {
    const account = this.#accounts.get(user) ?? new MemoryAccount(this.#quota);
    this.#accounts.set(user, account);
    return Promise.resolve(account);
  }
}

class MemoryAccount implements MailAccount {
  readonly #quota: MailQuota;
  readonly #folders = new Map<string, MemoryFolder>();
  #uidValidity = 0;

  constructor(quota: MailQuota) {
    this.#quota = quota;
    this.#make("INBOX");
  }

  #make(name: string): MemoryFolder {
    const room = (bytes: number) => this.#demandRoom(bytes);
    const folder = new MemoryFolder(name, ++this.#uidValidity, room);
    this.#folders.set(name, folder);
    return folder;
  }

  #demandRoom(bytes: number): void {
    const { maxBytes = Infinity, maxMessages = Infinity } = this.#quota;
    const used = this.#sum();
    if (used.bytes + bytes <= maxBytes && used.messages + 1 <= maxMessages) return;
    throw new MailStoreError("quota", "the message would exceed the quota");
  }

  #sum(): { bytes: number; messages: number } {
    const all = [...this.#folders.values()].flatMap((folder) => [...folder.messages.values()]);
    return { bytes: all.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0), messages: all.length };
  }

  folders(): Promise<readonly string[]> {
    return Promise.resolve([...this.#folders.keys()].sort(compareFolders));
  }

  folder(name: string): Promise<MailFolder | undefined> {
    return Promise.resolve(this.#folders.get(/^inbox$/i.test(name) ? "INBOX" : name));
  }

  // deno-lint-ignore require-await
  async create(name: string): Promise<MailFolder> {
    const kept = folderName(name);
    if (this.#folders.has(kept)) throw exists(kept);
    return this.#make(kept);
  }

  // deno-lint-ignore require-await
  async delete(name: string): Promise<void> {
    const kept = folderName(name);
    if (kept === "INBOX") throw new MailStoreError("name", "INBOX cannot be removed");
    if (!this.#folders.delete(kept)) throw missing(kept);
  }

  // deno-lint-ignore require-await
  async rename(from: string, to: string): Promise<void> {
    const [old, made] = [folderName(from), folderName(to)];
    if (old === "INBOX") throw new MailStoreError("name", "INBOX cannot be renamed");
    if (!this.#folders.has(old)) throw missing(old);
    const moved = [...this.#folders.keys()].filter((name) =>
      name === old || name.startsWith(`${old}/`)
    );
    const targets = moved.map((name) => made + name.slice(old.length));
    const taken = targets.find((name) => this.#folders.has(name));
    if (taken !== undefined) throw exists(taken);
    moved.forEach((name, index) => {
      const folder = this.#folders.get(name)!;
      this.#folders.delete(name);
      folder.name = targets[index]!;
      this.#folders.set(folder.name, folder);
    });
  }

  usage(): Promise<{ readonly bytes: number; readonly messages: number }> {
    return Promise.resolve(this.#sum());
  }
}

function missing(name: string): MailStoreError {
  return new MailStoreError("missing", `folder ${JSON.stringify(name)} does not exist`);
}

function exists(name: string): MailStoreError {
  return new MailStoreError("exists", `the folder ${JSON.stringify(name)} is there already`);
}

interface MemoryMessage extends StoredMessage {
  readonly bytes: Uint8Array;
}

class MemoryFolder implements MailFolder {
  name: string;
  readonly uidValidity: number;
  readonly messages = new Map<number, MemoryMessage>();
  readonly #room: (bytes: number) => void;
  #uidNext = 1;
  #isReserved = false;

  constructor(name: string, uidValidity: number, room: (bytes: number) => void) {
    this.name = name;
    this.uidValidity = uidValidity;
    this.#room = room;
  }

  list(): Promise<readonly StoredMessage[]> {
    return this.describe();
  }

  describe(uids: Iterable<number> = this.messages.keys()): Promise<readonly StoredMessage[]> {
    const found = Array.from(uids, (uid) => this.messages.get(uid));
    return Promise.resolve(
      found.filter((message) => message !== undefined).sort((one, other) => one.uid - other.uid),
    );
  }

  reserve(): Promise<Disposable | undefined> {
    if (this.#isReserved) return Promise.resolve(undefined);
    this.#isReserved = true;
    return Promise.resolve({ [Symbol.dispose]: () => void (this.#isReserved = false) });
  }

  uidNext(): Promise<number> {
    return Promise.resolve(this.#uidNext);
  }

  async append(text: MessageText, options: AppendOptions = {}): Promise<StoredMessage> {
    const bytes = text instanceof Uint8Array ? text.slice() : await toBytes(text);
    this.#room(bytes.length);
    const message: MemoryMessage = {
      uid: this.#uidNext++,
      sizeBytes: bytes.length,
      flags: new Set(options.flags),
      received: options.received ?? new Date(),
      bytes,
    };
    this.messages.set(message.uid, message);
    return message;
  }

  async *read(uid: number): AsyncGenerator<Uint8Array> {
    yield this.#message(uid).bytes;
  }

  // deno-lint-ignore require-await
  async setFlags(uid: number, flags: Iterable<string>): Promise<StoredMessage> {
    const message = { ...this.#message(uid), flags: new Set(flags) };
    this.messages.set(uid, message);
    return message;
  }

  remove(uids: Iterable<number>): Promise<void> {
    for (const uid of uids) this.messages.delete(uid);
    return Promise.resolve();
  }

  #message(uid: number): MemoryMessage {
    const message = this.messages.get(uid);
    if (message === undefined) throw new MailStoreError("missing", `message ${uid} does not exist`);
    return message;
  }
}
