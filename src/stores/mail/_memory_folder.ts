/**
 * A folder of mail in memory.
 *
 * @module
 */

import { toBytes } from "../../net/internal.ts";
import {
  type AppendOptions,
  type ByteRange,
  type FlagsChange,
  type FlagsResult,
  type MailFolder,
  type MailListing,
  MailStoreError,
  type MessageText,
  type NewMessage,
  type StoredMessage,
} from "./mail_store.ts";

interface MemoryMessage extends StoredMessage {
  readonly bytes: Uint8Array;
}

/** A folder as long as the process lives. */
export class MemoryFolder implements MailFolder {
  name: string;
  readonly uidValidity: number;
  readonly messages = new Map<number, MemoryMessage>();
  readonly #room: (bytes: number, messages: number) => void;
  readonly #listeners = new Set<() => void>();
  #uidNext = 1;
  #modseq = 1;
  #listing: MailListing | undefined;
  #isReserved = false;
  #isEnded = false;

  constructor(
    name: string,
    uidValidity: number,
    room: (bytes: number, messages: number) => void,
  ) {
    this.name = name;
    this.uidValidity = uidValidity;
    this.#room = room;
  }

  /** The folder was removed. */
  end(): void {
    this.#isEnded = true;
    this.#changed();
  }

  // deno-lint-ignore require-await
  async list(): Promise<MailListing> {
    if (this.#isEnded) {
      throw new MailStoreError("missing", `folder ${JSON.stringify(this.name)} does not exist`);
    }
    return this.#listing ??= {
      messages: [...this.messages.values()],
      uidNext: this.#uidNext,
      highestModseq: this.#modseq,
      takesKeywords: true,
    };
  }

  describe(uids: Iterable<number> = this.messages.keys()): Promise<readonly StoredMessage[]> {
    const found = Array.from(new Set(uids), (uid) => this.messages.get(uid));
    return Promise.resolve(
      found.filter((message) => message !== undefined).sort((one, other) => one.uid - other.uid),
    );
  }

  reserve(): Promise<Disposable | undefined> {
    if (this.#isReserved) return Promise.resolve(undefined);
    this.#isReserved = true;
    return Promise.resolve({ [Symbol.dispose]: () => void (this.#isReserved = false) });
  }

  onChange(listener: () => void): Disposable {
    const own = () => listener();
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  #changed(): void {
    this.#listing = undefined;
    for (const listener of [...this.#listeners]) listener();
  }

  async append(text: MessageText, options: AppendOptions = {}): Promise<StoredMessage> {
    const [message] = await this.appendAll([{ text, ...options }]);
    return message!;
  }

  async appendAll(
    messages: Iterable<NewMessage> | AsyncIterable<NewMessage>,
  ): Promise<readonly StoredMessage[]> {
    const read: (NewMessage & { readonly bytes: Uint8Array })[] = [];
    let size = 0;
    for await (const message of messages) {
      const { text } = message;
      const bytes = text instanceof Uint8Array ? text.slice() : await toBytes(text);
      size += bytes.length;
      this.#room(size, read.length + 1);
      read.push({ ...message, bytes });
    }
    if (read.length === 0) return [];
    const modseq = ++this.#modseq;
    const stored = read.map(({ bytes, flags, received = new Date() }) =>
      this.#add({ bytes, flags: new Set(flags), received, modseq })
    );
    this.#changed();
    return stored;
  }

  #add(message: Omit<MemoryMessage, "uid" | "sizeBytes">): MemoryMessage {
    const added = { ...message, uid: this.#uidNext++, sizeBytes: message.bytes.length };
    this.messages.set(added.uid, added);
    return added;
  }

  async *read(uid: number, range?: ByteRange): AsyncGenerator<Uint8Array> {
    const message = this.messages.get(uid);
    if (message === undefined) throw new MailStoreError("missing", `message ${uid} does not exist`);
    yield range === undefined ? message.bytes : message.bytes.subarray(range.start, range.end);
  }

  changeFlags(uids: Iterable<number>, change: FlagsChange): Promise<FlagsResult> {
    const { mode, unchangedSince = Infinity } = change;
    const requested = new Set(change.flags);
    const found: MemoryMessage[] = [];
    const refused: number[] = [];
    const modseq = this.#modseq + 1;
    for (const uid of new Set(uids)) {
      const message = this.messages.get(uid);
      if (message === undefined) continue;
      if (message.modseq > unchangedSince) {
        refused.push(uid);
        continue;
      }
      const before = message.flags;
      const flags = mode === "set"
        ? requested
        : mode === "add"
        ? before.union(requested)
        : before.difference(requested);
      const isSame = flags.size === before.size && flags.isSubsetOf(before);
      const changed = isSame ? message : { ...message, flags, modseq };
      if (!isSame) this.messages.set(uid, changed);
      found.push(changed);
    }
    if (found.some((message) => message.modseq === modseq)) {
      this.#modseq = modseq;
      this.#changed();
    }
    return Promise.resolve({ messages: found, refused });
  }

  // deno-lint-ignore require-await
  async remove(uids: Iterable<number>): Promise<void> {
    let count = 0;
    for (const uid of uids) if (this.messages.delete(uid)) count++;
    if (count === 0) return;
    this.#modseq++;
    this.#changed();
  }

  // deno-lint-ignore require-await
  async move(uids: Iterable<number>, to: MailFolder): Promise<ReadonlyMap<number, number>> {
    if (!(to instanceof MemoryFolder)) throw new TypeError("the other folder is of another store");
    const moved = new Map<number, number>();
    const modseq = to.#modseq + 1;
    for (const uid of [...new Set(uids)].sort((one, other) => one - other)) {
      const message = this.messages.get(uid);
      if (message === undefined) continue;
      this.messages.delete(uid);
      moved.set(uid, to.#add({ ...message, modseq }).uid);
    }
    if (moved.size === 0) return moved;
    this.#modseq++;
    to.#modseq = Math.max(to.#modseq, modseq);
    this.#changed();
    if (to !== this) to.#changed();
    return moved;
  }
}
