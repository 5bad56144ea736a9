/**
 * Delivery as files of one message each.
 *
 * @module
 */

import { localName } from "../files/new_file.ts";
import { putSynced, syncFolder } from "../files/synced_file.ts";
import { type Delivered, keyDigest, type MailDelivery } from "./delivery.ts";

/** Writes each message into a file `NAME.eml`, unchanged; existing files stay. */
export class FolderDelivery implements MailDelivery {
  readonly #path: string;
  readonly #names = new Map<string, string>();
  readonly #present: Set<string>;

  private constructor(path: string, present: Set<string>) {
    this.#path = path;
    this.#present = present;
  }

  /**
   * Opens a folder.
   * @param path The folder; made if it is missing.
   * @param keys The keys that messages may have; what follows the last space of a key begins the name of its file.
   * @returns The delivery.
   */
  static async open(path: string, keys: Iterable<string>): Promise<FolderDelivery> {
    await Deno.mkdir(path, { recursive: true });
    const present = new Set<string>();
    for await (const { name } of Deno.readDir(path)) {
      // An earlier attempt was broken off.
      if (/^\.[0-9a-f]{32}\.part$/.test(name)) await Deno.remove(`${path}/${name}`);
      else present.add(name);
    }
    const delivery = new FolderDelivery(path, present);
    for (const key of keys) {
      const digest = await keyDigest(key);
      const stem = localName(key.slice(key.lastIndexOf(" ") + 1), "message").slice(0, 100);
      delivery.#names.set(key, `${stem}-${digest.slice(0, 12)}.eml`);
    }
    return delivery;
  }

  has(key: string): boolean {
    return this.#present.has(this.#names.get(key)!);
  }

  async deliver(key: string, text: AsyncIterable<Uint8Array>): Promise<Delivered> {
    const name = this.#names.get(key)!;
    const path = `${this.#path}/${name}`;
    const beside = `${this.#path}/.${await keyDigest(key)}.part`;
    const delivered = await putSynced(beside, text, () => path);
    this.#present.add(name);
    return delivered;
  }

  recorded(): Promise<void> {
    // The name of the file is the record.
    return Promise.resolve();
  }

  // deno-lint-ignore require-await
  async sync(): Promise<void> {
    syncFolder(this.#path);
  }

  close(): void {}
}
