/**
 * What runs of a synchronization remember: a folder with a journal of each mailbox, used by one run at a time.
 *
 * @module
 */

import { NetwrightError, UsageError } from "../../net/mod.ts";
import { keyDigest } from "../delivery/delivery.ts";
import { writeAtomically } from "../files/atomic_file.ts";
import { openLocked } from "../files/locked.ts";
import { SyncJournal } from "./sync_journal.ts";

/** How long another run may take, in milliseconds. */
const LOCK_MS = 30_000;
/** Longest name of a file that all systems take, in characters of ASCII. */
const MAX_FILE_NAME = 150;

/** The memory of one account's copy. */
export class SyncMemory implements Disposable {
  readonly #folder: string;
  readonly #lock: Deno.FsFile | undefined;

  private constructor(folder: string, lock: Deno.FsFile | undefined) {
    this.#folder = folder;
    this.#lock = lock;
  }

  /**
   * Opens the memory.
   * @param folder The folder; made if it is missing.
   * @param account The account on the server; a copy is of one account only.
   * @param isReadOnly Whether nothing is made or changed.
   * @returns The memory.
   * @throws {UsageError} If the copy is of another account: its messages would go there.
   * @throws {NetwrightError} If another run uses it for too long.
   */
  static async open(folder: string, account: string, isReadOnly: boolean): Promise<SyncMemory> {
    if (!isReadOnly) await Deno.mkdir(`${folder}/mailboxes`, { recursive: true, mode: 0o700 });
    const lock = isReadOnly ? undefined : await openLocked(`${folder}/lock`, LOCK_MS);
    if (lock === undefined && !isReadOnly) {
      throw new NetwrightError("another run synchronizes it", {
        operation: "synchronize mail",
        peer: folder,
      });
    }
    const memory = new SyncMemory(folder, lock);
    try {
      await memory.#check(account, isReadOnly);
      return memory;
    } catch (error) {
      memory[Symbol.dispose]();
      throw error;
    }
  }

  async #check(account: string, isReadOnly: boolean): Promise<void> {
    const path = `${this.#folder}/account`;
    let known: string | undefined;
    try {
      known = (await Deno.readTextFile(path)).trim();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    if (known !== undefined && known !== account) {
      throw new UsageError(`the Maildir is a copy of ${known}, not of ${account}`);
    }
    if (known !== undefined || isReadOnly) return;
    await writeAtomically(path, new TextEncoder().encode(`${account}\n`));
  }

  /**
   * Opens the journal of a mailbox.
   * @param mailbox Its name.
   * @returns The journal.
   */
  async journal(mailbox: string): Promise<SyncJournal> {
    const encoded = encodeURIComponent(mailbox);
    const name = encoded.length <= MAX_FILE_NAME
      ? encoded
      : `${encoded.slice(0, 100)}-${await keyDigest(mailbox)}`;
    return await SyncJournal.open(`${this.#folder}/mailboxes/${name}`);
  }

  /** Lets other runs begin. */
  [Symbol.dispose](): void {
    this.#lock?.close();
  }
}
