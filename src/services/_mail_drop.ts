/**
 * Puts messages into mailboxes: what SMTP and LMTP do with mail.
 *
 * @module
 */

import { InjectionError, readBytes } from "../net/mod.ts";
import { type IncomingMessage, SmtpRefusal } from "../protocols/smtp/mod.ts";
import {
  type MailFolder,
  type MailStore,
  MailStoreError,
  type MessageText,
} from "../stores/mod.ts";

/** What a recipient is told. */
type Answer = readonly [code: number, text: string] | undefined;

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

  /** Keeps a message for all of its recipients, or for none. */
  async deliver({ to, text }: IncomingMessage): Promise<void> {
    const answers = await this.#copies(to, text);
    const bad = answers.find(({ answer }) => answer !== undefined);
    if (bad === undefined) return;
    // The client hears one answer for all: whoever has a copy would get it twice when it tries again.
    for (const { folder, uid } of answers) if (uid !== undefined) await folder?.remove([uid]);
    throw new SmtpRefusal(...bad.answer!);
  }

  /** Keeps a message for each recipient that has room for it. */
  async deliverEach({ to, text }: IncomingMessage): Promise<Answer[]> {
    return (await this.#copies(to, text)).map(({ answer }) => answer);
  }

  async #copies(to: readonly string[], text: AsyncIterable<Uint8Array>) {
    const copies: { folder?: MailFolder; uid?: number; answer: Answer }[] = [];
    // A stream can be read once.
    const message: MessageText = to.length === 1 ? text : await readBytes(text);
    for (const address of to) {
      try {
        const folder = await this.inbox(address);
        const { uid } = await folder.append(message);
        copies.push({ folder, uid, answer: undefined });
      } catch (error) {
        copies.push({ answer: answerTo(error) });
      }
    }
    return copies;
  }
}

/** What a failure of the store means to a client; others are not of the store. */
function answerTo(error: unknown): Answer {
  if (error instanceof MailStoreError && error.kind === "quota") {
    return [452, "4.2.2 the mailbox is full"];
  }
  if (error instanceof SmtpRefusal) return [Number(error.reply[0]), error.reply[1]];
  throw error;
}
