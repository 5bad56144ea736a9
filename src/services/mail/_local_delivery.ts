/**
 * Puts messages into mailboxes: what SMTP and LMTP do with mail.
 *
 * @module
 */

import { toBytes } from "../../net/internal.ts";
import { InjectionError } from "../../net/mod.ts";
import { type IncomingMessage, SmtpReject } from "../../protocols/smtp/mod.ts";
import type { ShortReply } from "../../protocols/wire/mod.ts";
import { type MailFolder, type MailStore, MailStoreError } from "../../stores/mod.ts";

/** Other names of mailboxes, in small letters. */
export type MailAliases = ReadonlyMap<string, readonly string[]>;

/** A mailbox that an address leads to. */
interface Mailbox {
  readonly name: string;
  readonly inbox: MailFolder;
}

/** Gives each recipient a copy. */
export class LocalDelivery {
  readonly #store: MailStore;
  readonly #knows: (mailbox: string) => boolean;
  readonly #aliases: MailAliases;

  /**
   * @param store Where mail is kept.
   * @param knows Whether there is such a mailbox.
   * @param aliases Other names.
   */
  constructor(
    store: MailStore,
    knows: (mailbox: string) => boolean,
    aliases: MailAliases = new Map(),
  ) {
    this.#store = store;
    this.#knows = knows;
    this.#aliases = aliases;
  }

  /**
   * Finds the mailboxes of an address: by its local part in small letters, without what follows a plus.
   * @throws {SmtpReject} If there is none.
   */
  async mailboxes(address: string): Promise<readonly Mailbox[]> {
    const part = address.slice(0, domainStart(address));
    const plain = part.startsWith('"') ? part.slice(1, -1).replace(/\\(.)/g, "$1") : part;
    const local = plain.toLowerCase().replace(/(?<=.)\+.*$/, "");
    const names = this.#aliases.get(local) ?? [local];
    const refused = new SmtpReject(550, "5.1.1 there is no such mailbox here");
    if (!names.every(this.#knows)) throw refused;
    try {
      return await Promise.all(names.map(async (name) => ({
        name,
        inbox: (await (await this.#store.account(name)).folder("INBOX"))!,
      })));
    } catch (error) {
      if (error instanceof InjectionError) throw refused;
      throw error;
    }
  }

  /**
   * Keeps a message for all of its recipients, or for none.
   * @throws {SmtpReject} If one of them has no room for it.
   */
  async deliver({ to, text }: IncomingMessage): Promise<void> {
    const copies = await this.#copies(to, text);
    const bad = copies.find(({ error }) => error !== undefined);
    if (bad === undefined) return;
    // The client gets one reply for all recipients: those with a copy would get it twice when it tries again.
    for (const { folder, uid } of copies) if (uid !== undefined) await folder?.remove([uid]);
    throw asRefusal(bad.error) ?? bad.error;
  }

  /**
   * Keeps a message for each recipient that has room for it.
   * @param onError Called for errors that are not of a mailbox.
   * @returns The reply for each recipient; nothing for those who have the message.
   */
  async deliverEach(
    { to, text }: IncomingMessage,
    onError: (error: unknown) => void,
  ): Promise<(ShortReply | undefined)[]> {
    const copies = await this.#copies(to, text);
    return to.map((address) => {
      const error = copies.find((copy) => copy.address === address && copy.error !== undefined)
        ?.error;
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
    const copies: Copy[] = [];
    const places: { readonly address: string; readonly mailbox: Mailbox }[] = [];
    for (const address of to) {
      try {
        for (const mailbox of await this.mailboxes(address)) places.push({ address, mailbox });
      } catch (error) {
        copies.push({ address, error });
      }
    }
    // A stream can be read once.
    const message = places.length === 1 ? watched() : await toBytes(text);
    for (const { address, mailbox: { name, inbox: folder } } of places) {
      try {
        const copy = withDelivery(
          message,
          address,
          `${name}${address.slice(domainStart(address))}`,
        );
        copies.push({ address, folder, uid: (await folder.append(copy)).uid });
      } catch (error) {
        // A fault of the text is not a fault of a mailbox.
        if (broken !== undefined) throw broken.error;
        copies.push({ address, error });
      }
    }
    return copies;
  }
}

/** Where the at sign and the domain begin. */
function domainStart(address: string): number {
  const at = address.lastIndexOf("@");
  return at < 0 ? address.length : at;
}

/** Writes Delivered-To after the first line, which is Return-Path. */
async function* withDelivery(
  message: Uint8Array | AsyncIterable<Uint8Array>,
  original: string,
  final: string,
): AsyncGenerator<Uint8Array> {
  const fields = new TextEncoder().encode(
    `${original === final ? "" : `X-Original-To: ${original}\r\n`}Delivered-To: ${final}\r\n`,
  );
  let isFirst = true;
  for await (const piece of message instanceof Uint8Array ? [message] : message) {
    if (isFirst) {
      const end = piece.indexOf(0x0a) + 1;
      yield piece.subarray(0, end);
      yield fields;
      yield piece.subarray(end);
    } else yield piece;
    isFirst = false;
  }
}

/** What became of one recipient's copy. */
interface Copy {
  readonly address: string;
  readonly folder?: MailFolder;
  readonly uid?: number;
  readonly error?: unknown;
}

/** The reply for a failure of a mailbox; undefined if it is another failure. */
function asRefusal(error: unknown): SmtpReject | undefined {
  if (error instanceof SmtpReject) return error;
  const full = error instanceof MailStoreError && error.kind === "quota";
  return full ? new SmtpReject(452, "4.2.2 the mailbox is full") : undefined;
}
