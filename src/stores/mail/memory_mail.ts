/**
 * Mail in memory, for tests and for servers that keep nothing.
 *
 * @module
 */

import { MemoryFolder } from "./_memory_folder.ts";
import {
  compareFolders,
  folderName,
  type MailAccount,
  type MailFolder,
  type MailQuota,
  type MailStore,
  MailStoreError,
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
  readonly #subscriptions = new Set<string>();
  #uidValidity = 0;

  constructor(quota: MailQuota) {
    this.#quota = quota;
    this.#make("INBOX");
  }

  #make(name: string): MemoryFolder {
    const room = (bytes: number, messages: number) => this.#demandRoom(bytes, messages);
    const folder = new MemoryFolder(name, ++this.#uidValidity, room);
    this.#folders.set(name, folder);
    return folder;
  }

  #demandRoom(bytes: number, messages: number): void {
    const { maxBytes = Infinity, maxMessages = Infinity } = this.#quota;
    const used = this.#sum();
    if (used.bytes + bytes <= maxBytes && used.messages + messages <= maxMessages) return;
    throw new MailStoreError("quota", "the mail would exceed the quota");
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
    const folder = this.#folders.get(kept);
    if (folder === undefined) throw missing(kept);
    this.#folders.delete(kept);
    folder.end();
  }

  // deno-lint-ignore require-await
  async rename(from: string, to: string): Promise<void> {
    const [old, made] = [folderName(from), folderName(to)];
    if (old === "INBOX") throw new MailStoreError("name", "INBOX cannot be renamed");
    const moved = [...this.#folders.keys()].filter((name) =>
      name === old || name.startsWith(`${old}/`)
    );
    if (moved.length === 0) throw missing(old);
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

  subscriptions(): Promise<readonly string[]> {
    return Promise.resolve([...this.#subscriptions].sort(compareFolders));
  }

  // deno-lint-ignore require-await
  async subscribe(name: string, isSubscribed: boolean): Promise<void> {
    const kept = folderName(name);
    if (isSubscribed) this.#subscriptions.add(kept);
    else this.#subscriptions.delete(kept);
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
