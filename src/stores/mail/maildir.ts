/**
 * Mail on the disk: a Maildir++ for each user, which other programs can read and fill too.
 *
 * @module
 */

import { locked } from "../files/locked.ts";
import { type FolderAccount, MaildirFolder } from "./_maildir_folder.ts";
import {
  compareFolders,
  folderName,
  type MailAccount,
  type MailFolder,
  type MailQuota,
  type MailStore,
  MailStoreError,
} from "./mail_store.ts";
import { writeAtomically } from "../files/atomic_file.ts";
import { decodeFolderName, encodeFolderName } from "../../net/internal.ts";
import { PathGate } from "../files/path_gate.ts";
import { sizeOf } from "./maildir_names.ts";

/**
 * Keeps the mail of each user in a Maildir++ below one folder. Several processes may use it at once.
 *
 * @example A message that stays
 * ```ts
 * import { Maildir } from "@netwright/netwright/stores";
 * async function keep(message: Uint8Array): Promise<number> {
 *   const account = await new Maildir("/var/mail").account("ann");
 *   const inbox = await account.folder("INBOX");
 *   return (await inbox!.append(message)).uid;
 * }
 * ```
 */
export class Maildir implements MailStore {
  readonly #gate: PathGate;
  readonly #quota: MailQuota;
  readonly #accounts = new Map<string, Promise<MaildirAccount>>();

  /**
   * Makes a store.
   * @param root The folder of all users' Maildirs; it must be there.
   * @param quota How much each user may keep.
   */
  constructor(root: string, quota: MailQuota = {}) {
    this.#gate = new PathGate(root);
    this.#quota = quota;
  }

  /**
   * Opens a user's mail; it is made if there was none.
   * @param user The user's name, which becomes the name of a folder.
   * @returns The mail.
   * @throws {InjectionError} If no folder can be called so.
   */
  async account(user: string): Promise<MailAccount> {
    const path = this.#gate.admit(user.replaceAll("/", "\\"));
    this.#gate.refuseSymlinks(path);
    // A folder that was removed since is made anew.
    const known = isFolder(`${path}/cur`) ? this.#accounts.get(user) : undefined;
    const opened = known ?? MaildirAccount.open(path, this.#quota);
    this.#accounts.set(user, opened);
    try {
      return await opened;
    } catch (error) {
      this.#accounts.delete(user);
      throw error;
    }
  }
}

/** The file of a user's subscriptions. */
const SUBSCRIPTIONS = "netwright-subscriptions";
/** Most names that a user may subscribe to. */
const MAX_SUBSCRIPTIONS = 10_000;

/**
 * Opens one user's Maildir++; it is made if there is none.
 *
 * @param path The folder.
 * @returns The mail.
 */
export function openMaildir(path: string): Promise<MailAccount> {
  return MaildirAccount.open(path, {});
}

/** How much is kept. */
interface Usage {
  bytes: number;
  messages: number;
}

/** One user's Maildir++. */
class MaildirAccount implements MailAccount, FolderAccount {
  readonly #path: string;
  readonly #quota: MailQuota;
  readonly #folders = new Map<string, Promise<MaildirFolder>>();
  /** The used size, if there is a limit; counted once, then kept up to date. */
  #used: Promise<Usage> | undefined;
  /** Counted messages that are in no folder yet. */
  readonly #written: Usage = { bytes: 0, messages: 0 };

  private constructor(path: string, quota: MailQuota) {
    this.#path = path;
    this.#quota = quota;
  }

  static async open(path: string, quota: MailQuota): Promise<MaildirAccount> {
    await makeMaildir(path);
    return new MaildirAccount(path, quota);
  }

  /** Where a folder is: Maildir++ has all side by side, levels divided by dots. */
  #pathOf(name: string): string {
    const kept = folderName(name);
    if (kept === "INBOX") return this.#path;
    if (kept.includes(".")) {
      throw new MailStoreError("name", "a Maildir has no folders with a dot in their name");
    }
    return `${this.#path}/.${encodeFolderName(kept).replaceAll("/", ".")}`;
  }

  async folders(): Promise<readonly string[]> {
    const names = ["INBOX"];
    for await (const { name, isDirectory } of Deno.readDir(this.#path)) {
      if (!isDirectory || !name.startsWith(".") || name === "." || name === "..") continue;
      const decoded = decodeFolderName(name.slice(1).replaceAll(".", "/"));
      // Folders of other programs that are not mailboxes, or that no client can name.
      if (decoded === undefined || !isFolderName(decoded)) continue;
      if (isFolder(`${this.#path}/${name}/cur`)) names.push(decoded);
    }
    return names.sort(compareFolders);
  }

  async folder(name: string): Promise<MailFolder | undefined> {
    const kept = folderName(name);
    const path = this.#pathOf(kept);
    if (!isFolder(`${path}/cur`)) {
      this.#folders.delete(kept);
      return undefined;
    }
    try {
      const known = await this.#folders.get(kept);
      if (known !== undefined && await known.isCurrent()) return known;
      const opened = MaildirFolder.open(kept, path, this);
      this.#folders.set(kept, opened);
      return await opened;
    } catch (error) {
      this.#folders.delete(kept);
      throw error;
    }
  }

  async create(name: string): Promise<MailFolder> {
    const kept = folderName(name);
    const path = this.#pathOf(kept);
    if (isFolder(path)) {
      throw new MailStoreError("exists", `the folder ${JSON.stringify(kept)} is there already`);
    }
    await makeMaildir(path);
    await Deno.writeFile(`${path}/maildirfolder`, new Uint8Array(0));
    return (await this.folder(kept))!;
  }

  async delete(name: string): Promise<void> {
    const kept = folderName(name);
    if (kept === "INBOX") throw new MailStoreError("name", "INBOX cannot be removed");
    const path = this.#pathOf(kept);
    if (!isFolder(`${path}/cur`)) throw missing(kept);
    const used = countMessages(path);
    // Other programs see the whole folder or none.
    const beside = `${this.#path}/tmp/deleted-${crypto.randomUUID()}`;
    await Deno.rename(path, beside);
    this.#folders.delete(kept);
    await Deno.remove(beside, { recursive: true });
    await this.give(used.bytes, used.messages);
  }

  async rename(from: string, to: string): Promise<void> {
    const [old, made] = [folderName(from), folderName(to)];
    if (old === "INBOX") throw new MailStoreError("name", "INBOX cannot be renamed");
    const all = await this.folders();
    const moved = all.filter((name) => name === old || name.startsWith(`${old}/`));
    if (moved.length === 0) throw missing(old);
    const targets = moved.map((name) => made + name.slice(old.length));
    const taken = targets.find((name) => all.includes(name));
    if (taken !== undefined) {
      throw new MailStoreError("exists", `the folder ${JSON.stringify(taken)} is there already`);
    }
    const paths = targets.map((name) => this.#pathOf(name));
    for (const [index, name] of moved.entries()) {
      await Deno.rename(this.#pathOf(name), paths[index]!);
      this.#folders.delete(name);
    }
  }

  async subscriptions(): Promise<readonly string[]> {
    return [...await this.#readSubscriptions()].sort(compareFolders);
  }

  async subscribe(name: string, isSubscribed: boolean): Promise<void> {
    const kept = folderName(name);
    const path = `${this.#path}/${SUBSCRIPTIONS}`;
    await locked(`${path}.lock`, async () => {
      const names = await this.#readSubscriptions();
      if (names.has(kept) === isSubscribed) return;
      if (isSubscribed) names.add(kept);
      else names.delete(kept);
      if (names.size > MAX_SUBSCRIPTIONS) {
        throw new MailStoreError("name", `there are ${MAX_SUBSCRIPTIONS} subscriptions already`);
      }
      const lines = [...names, ""].join("\n");
      await writeAtomically(path, new TextEncoder().encode(lines));
    });
  }

  /** One name in each line; none holds a line feed. */
  async #readSubscriptions(): Promise<Set<string>> {
    try {
      const text = await Deno.readTextFile(`${this.#path}/${SUBSCRIPTIONS}`);
      return new Set(text.split("\n").filter((name) => name !== ""));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return new Set();
      throw error;
    }
  }

  async usage(): Promise<Usage> {
    const used = { bytes: 0, messages: 0 };
    for (const name of await this.folders()) {
      const { bytes, messages } = countMessages(this.#pathOf(name));
      used.bytes += bytes;
      used.messages += messages;
    }
    return used;
  }

  async newUidValidity(): Promise<number> {
    const path = `${this.#path}/netwright-uidvalidity`;
    return await locked(`${path}.lock`, async () => {
      const last = await readNumber(path);
      // Seconds since 1970, as others have them; but never one twice.
      const next = Math.max(last + 1, Math.floor(Date.now() / 1000));
      await writeAtomically(path, new TextEncoder().encode(`${next}\n`));
      return next;
    });
  }

  async take(bytes: number): Promise<void> {
    const { maxBytes = Infinity, maxMessages = Infinity } = this.#quota;
    if (maxBytes === Infinity && maxMessages === Infinity) return;
    const fits = (used: Usage) =>
      used.bytes + bytes <= maxBytes && used.messages + 1 <= maxMessages;
    let used = await (this.#used ??= this.usage());
    // Others may have removed messages since the count; new ones are in no folder yet.
    if (!fits(used)) {
      used = await (this.#used = this.usage());
      used.bytes += this.#written.bytes;
      used.messages += this.#written.messages;
    }
    if (!fits(used)) throw new MailStoreError("quota", "the mail would exceed the quota");
    used.bytes += bytes;
    used.messages++;
    this.#written.bytes += bytes;
    this.#written.messages++;
  }

  placed(bytes: number, messages: number): void {
    this.#written.bytes = Math.max(0, this.#written.bytes - bytes);
    this.#written.messages = Math.max(0, this.#written.messages - messages);
  }

  async give(bytes: number, messages: number): Promise<void> {
    const used = await this.#used;
    if (used === undefined) return;
    used.bytes -= bytes;
    used.messages -= messages;
  }
}

/** Reads a number; 0 if there is no such file. */
async function readNumber(path: string): Promise<number> {
  try {
    return Number(/^(\d{1,10})\n$/.exec(await Deno.readTextFile(path))?.[1] ?? 0);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** Whether a folder of this name can be opened by it. */
function isFolderName(name: string): boolean {
  try {
    return folderName(name) === name;
  } catch (error) {
    if (error instanceof MailStoreError) return false;
    throw error;
  }
}

function missing(name: string): MailStoreError {
  return new MailStoreError("missing", `folder ${JSON.stringify(name)} does not exist`);
}

async function makeMaildir(path: string): Promise<void> {
  for (const part of ["tmp", "new", "cur"]) {
    await Deno.mkdir(`${path}/${part}`, { recursive: true, mode: 0o700 });
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.lstatSync(path).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Counts by names alone, but for files of others. */
function countMessages(path: string): Usage {
  const used = { bytes: 0, messages: 0 };
  for (const part of ["new", "cur"]) {
    for (const { name, isFile } of Deno.readDirSync(`${path}/${part}`)) {
      if (!isFile || name.startsWith(".")) continue;
      used.bytes += sizeOf(name) ?? Deno.statSync(`${path}/${part}/${name}`).size;
      used.messages++;
    }
  }
  return used;
}
