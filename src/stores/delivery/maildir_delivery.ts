/**
 * Delivery into a Maildir.
 *
 * @module
 */

import { putSynced, syncFolder } from "../files/synced_file.ts";
import { infoOf } from "../mail/maildir_names.ts";
import { type Delivered, type DeliveredFacts, keyDigest, type MailDelivery } from "./delivery.ts";
import { withLf } from "./lf_decoder.ts";

/** Delivers into `new` of a Maildir; a message is found by its file's name, also after it was read. */
export class MaildirDelivery implements MailDelivery {
  readonly #path: string;
  /** Digests of the keys in the names of files. */
  readonly #known: Set<string>;
  readonly #digests = new Map<string, string>();

  private constructor(path: string, known: Set<string>) {
    this.#path = path;
    this.#known = known;
  }

  /**
   * Opens a Maildir.
   * @param path The folder; made if it is missing.
   * @param keys The keys that {@link has} may be asked for.
   * @returns The delivery.
   */
  static async open(path: string, keys: Iterable<string>): Promise<MaildirDelivery> {
    const known = new Set<string>();
    for (const part of ["tmp", "new", "cur"]) {
      await Deno.mkdir(`${path}/${part}`, { recursive: true, mode: 0o700 });
      for await (const { name } of Deno.readDir(`${path}/${part}`)) {
        const digest = /^\d+\.N([0-9a-f]{32})[.,:]/.exec(name)?.[1];
        if (digest === undefined) continue;
        // An earlier attempt was broken off.
        if (part === "tmp") await Deno.remove(`${path}/tmp/${name}`);
        else known.add(digest);
      }
    }
    const delivery = new MaildirDelivery(path, known);
    for (const key of keys) delivery.#digests.set(key, await keyDigest(key));
    return delivery;
  }

  has(key: string): boolean {
    return this.#known.has(this.#digests.get(key)!);
  }

  /**
   * Checks whether a message is there, whose key was not named when the Maildir was opened.
   * @param key The message's key.
   */
  async knows(key: string): Promise<boolean> {
    const digest = this.#digests.get(key) ?? await keyDigest(key);
    this.#digests.set(key, digest);
    return this.has(key);
  }

  async deliver(
    key: string,
    text: AsyncIterable<Uint8Array>,
    { flags = [], received }: DeliveredFacts = {},
  ): Promise<Delivered> {
    const digest = this.#digests.get(key) ?? await keyDigest(key);
    const base = `${Math.floor(Date.now() / 1000)}.N${digest}`;
    const beside = `${this.#path}/tmp/${base}.part`;
    let crlfBytes = 0;
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const piece of text) {
        crlfBytes += piece.length;
        yield piece;
      }
    };
    // Both sizes, as Dovecot has them: others need not read the file to know them.
    const info = infoOf(flags, []);
    const nameFor = (bytes: number) => {
      const name = `${base},S=${bytes},W=${crlfBytes}`;
      // A message that was read before is not new.
      return info === ":2," ? `${this.#path}/new/${name}` : `${this.#path}/cur/${name}${info}`;
    };
    const delivered = await putSynced(beside, withLf(counted()), nameFor);
    if (received !== undefined) await Deno.utime(delivered.path, received, received);
    this.#known.add(digest);
    return delivered;
  }

  recorded(): Promise<void> {
    // The name of the file is the record.
    return Promise.resolve();
  }

  // deno-lint-ignore require-await
  async sync(): Promise<void> {
    for (const part of ["new", "cur"]) syncFolder(`${this.#path}/${part}`);
  }

  close(): void {}
}
