/**
 * Puts messages into mailboxes: what SMTP and LMTP do with mail.
 *
 * @module
 */

import { InjectionError, readBytes } from "../net/mod.ts";
import { type IncomingMessage, SmtpRefusal } from "../protocols/smtp/mod.ts";
import type { ShortReply } from "../protocols/wire/mod.ts";
import { type MailFolder, type MailStore, MailStoreError } from "../stores/mod.ts";

/** Gives each recipient a copy. */
export class MailDrop {
  readonly #store: MailStore;
  readonly #knows: (mailbox: string) => boolean;

  /**
   * @param store Where mail is kept.
   * @param knows Whether there is such a mailbox.
   */
  constructor(store: MailStore, knows: (mailbox: string) => boolean) {
    this.#store = store;
    this.#knows = knows;
  }

  /**
   * Finds the mailbox of an address: its local part in small letters, without what follows a plus.
   * @throws {SmtpRefusal} If there is none.
   */
  async inbox(address: string): Promise<MailFolder> {
    const at = address.lastIndexOf("@");
    const part = at < 0 ? address : address.slice(0, at);
    const plain = part.startsWith('"') ? part.slice(1, -1).replace(/\\(.)/g, "$1") : part;
    const local = plain.toLowerCase().replace(/(?<=.)\+.*$/, "");
    const refused = new SmtpRefusal(550, "5.1.1 there is no such mailbox here");
    if (!this.#knows(local)) throw refused;
    try {
      return (await (await this.#store.account(local)).folder("INBOX"))!;
    } catch (error) {
      if (error instanceof InjectionError) throw refused;
      throw error;
    }
  }

  /**
   * Keeps a message for all of its recipients, or for none.
   * @throws {SmtpRefusal} If one of them has no room for it.
   */
  async deliver({ to, text }: IncomingMessage): Promise<void> {
    const copies = await this.#copies(to, text);
    const bad = copies.find(({ error }) => error !== undefined);
    if (bad === undefined) return;
    // The client hears one answer for all: whoever has a copy would get it twice when it tries again.
    for (const { folder, uid } of copies) if (uid !== undefined) await folder?.remove([uid]);
    throw asRefusal(bad.error) ?? bad.error;
  }

  /**
   * Keeps a message for each recipient that has room for it.
   * @param onError Told of errors that are not of a mailbox.
   * @returns What each is told; nothing to those who have it.
   */
  async deliverEach(
    { to, text }: IncomingMessage,
    onError: (error: unknown) => void,
  ): Promise<(ShortReply | undefined)[]> {
    const copies = await this.#copies(to, text);
    return copies.map(({ error }) => {
      if (error === undefined) return undefined;
      const refusal = asRefusal(error);
      if (refusal === undefined) onError(error);
      return refusal?.reply ?? [451, "4.3.0 the message could not be kept; try again later"];
    });
  }

  async #copies(to: readonly string[], text: AsyncIterable<Uint8Array>): Promise<Copy[]> {
    let broken: { readonly error: unknown } | undefined;
    const watched = async function* (): AsyncGenerator<Uint8Array> {
      try {
        yield* text;
      } catch (error) {
        broken = { error };
        throw error;
      }
    };
    // A stream can be read once.
    const message = to.length === 1 ? watched() : await readBytes(text);
    const copies: Copy[] = [];
    for (const address of to) {
      try {
        const folder = await this.inbox(address);
        copies.push({ folder, uid: (await folder.append(message)).uid });
      } catch (error) {
        // What is wrong with the text is no matter of a mailbox.
        if (broken !== undefined) throw broken.error;
        copies.push({ error });
      }
    }
    return copies;
  }
}

/** What became of one recipient's copy. */
interface Copy {
  readonly folder?: MailFolder;
  readonly uid?: number;
  readonly error?: unknown;
}

/** What a failure of a mailbox means to a client; undefined if it is another. */
function asRefusal(error: unknown): SmtpRefusal | undefined {
  if (error instanceof SmtpRefusal) return error;
  const full = error instanceof MailStoreError && error.kind === "quota";
  return full ? new SmtpRefusal(452, "4.2.2 the mailbox is full") : undefined;
}
