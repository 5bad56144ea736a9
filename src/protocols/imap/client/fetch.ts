/**
 * Items of many messages with few round trips (RFC 9051 §6.4.5).
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import type { FetchData, FetchedSection } from "../codec/fetch_data.ts";
import type { ImapResponse } from "../codec/response.ts";
import { formatUidSet, type UidSet } from "../codec/uid_set.ts";
import type { ImapSession } from "./session.ts";

/** What is fetched of each message; its identifier always is. */
export interface FetchItems {
  /** Its flags. */
  readonly flags?: boolean;
  /** When the server received it. */
  readonly internalDate?: boolean;
  /** Its size in bytes. */
  readonly size?: boolean;
  /** Fields of its header, as the server has read them. */
  readonly envelope?: boolean;
  /** Its parts. */
  readonly structure?: boolean;
  /** Its header, or these fields of it. */
  readonly header?: boolean | readonly string[];
  /** Sections of its body by their names: `1.2`, `TEXT`, `1.MIME`, or empty for the whole message. */
  readonly sections?: readonly string[];
  /** Its modification sequence; needs CONDSTORE. */
  readonly modseq?: boolean;
  /** Its identifier and that of its conversation; needs OBJECTID. */
  readonly objectIds?: boolean;
  /** The beginning of its text; needs PREVIEW. */
  readonly preview?: boolean;
  /** Gmail's identifiers and labels; needs Gmail. */
  readonly gmail?: boolean;
  /** Only messages that were changed after this modification sequence; needs CONDSTORE. */
  readonly changedSince?: bigint;
}

/** A message as the server sends it; items that it left out are absent, or undefined if they are malformed. */
export interface ImapMessage extends Readonly<Omit<FetchData, "uid" | "sections">> {
  /** Its unique identifier. */
  readonly uid: number;
  /** Sections of its body by their names; null for those that it does not have. */
  readonly sections: ReadonlyMap<string, Uint8Array<ArrayBuffer> | null>;
  /** Its header, or the fields that were asked for. */
  readonly header?: Uint8Array<ArrayBuffer>;
}

/** Names of sections: part numbers, and what they may end with. */
const SECTION = /^(?:\d{1,5}(?:\.\d{1,5}){0,50}(?:\.(?:MIME|HEADER|TEXT))?|HEADER|TEXT)?$/i;
/** Names of header fields. */
const FIELD_NAME = /^[!#$%&'*+\-./0-9A-Z^_`a-z|~]{1,100}$/;

/** The items of FETCH, and how to see that a message has all of them. */
export interface FetchPlan {
  /** The items in parentheses. */
  readonly text: string;
  /** Checks whether a message has all items. */
  readonly isComplete: (data: FetchData) => boolean;
}

/**
 * Writes the items.
 *
 * @param items What is fetched.
 * @returns The items.
 * @throws {UsageError} If a name cannot be one.
 */
export function planFetch(items: FetchItems): FetchPlan {
  const names = ["UID"];
  const checks: ((data: FetchData) => boolean)[] = [];
  const add = (isWanted: boolean | undefined, name: string, key: keyof FetchData): void => {
    if (!isWanted) return;
    names.push(name);
    checks.push((data) => key in data);
  };
  add(items.flags, "FLAGS", "flags");
  add(items.internalDate, "INTERNALDATE", "internalDate");
  add(items.size, "RFC822.SIZE", "size");
  add(items.envelope, "ENVELOPE", "envelope");
  add(items.structure, "BODYSTRUCTURE", "structure");
  add(items.modseq, "MODSEQ", "modseq");
  // Servers may leave these out where they have none.
  if (items.objectIds) names.push("EMAILID", "THREADID");
  if (items.preview) names.push("PREVIEW");
  if (items.gmail) names.push("X-GM-MSGID", "X-GM-THRID", "X-GM-LABELS");
  const sections = [...items.sections ?? []];
  const bad = sections.find((section) => !SECTION.test(section));
  if (bad !== undefined) {
    throw new UsageError(`${JSON.stringify(bad.slice(0, 80))} is not a section, such as 1.2`);
  }
  if (items.header === true) sections.push("HEADER");
  names.push(...sections.map((section) => `BODY.PEEK[${section.toUpperCase()}]`));
  let wanted = sections.length;
  if (Array.isArray(items.header) && items.header.length > 0) {
    wanted++;
    names.push(`BODY.PEEK[HEADER.FIELDS (${fieldNames(items.header)})]`);
  }
  if (wanted > 0) checks.push((data) => (data.sections?.length ?? 0) >= wanted);
  return {
    text: `(${names.join(" ")})`,
    isComplete: (data) => data.uid !== undefined && checks.every((check) => check(data)),
  };
}

function fieldNames(names: readonly string[]): string {
  const bad = names.find((name) => !FIELD_NAME.test(name));
  if (bad === undefined) return names.join(" ").toUpperCase();
  throw new UsageError(`${JSON.stringify(bad.slice(0, 80))} is not a name of a header field`);
}

/** Number of messages in a command. */
const BATCH = 500;
/** Number of messages in a command that fetches parts of bodies. */
const BODY_BATCH = 100;
/** Commands under way at once. */
const WINDOW = 3;

/** One command, and the messages that have come. */
class Batch {
  readonly #ready: FetchData[] = [];
  readonly #partial = new Map<number, FetchData>();
  readonly #uids: ReadonlySet<number> | undefined;
  readonly #done = new Set<number>();
  readonly #plan: FetchPlan;
  #isOver = false;
  #failure: unknown;
  #changed = Promise.withResolvers<void>();

  constructor(plan: FetchPlan, uids: ReadonlySet<number> | undefined) {
    this.#plan = plan;
    this.#uids = uids;
  }

  /** Takes a response to the command; false if it is another's. */
  take(response: ImapResponse): boolean {
    // Numbers mean other messages from here on.
    if (response.kind === "expunge" || response.kind === "vanished") this.#partial.clear();
    if (response.kind !== "fetch") return false;
    const { data } = response;
    const before = this.#partial.get(data.number);
    // Items may come in several responses.
    const merged = before === undefined ? data : merge(before, data);
    if (merged.uid !== undefined) {
      if (this.#uids !== undefined && !this.#uids.has(merged.uid)) return false;
      if (this.#done.has(merged.uid)) return false;
    }
    if (!this.#plan.isComplete(merged)) {
      this.#partial.set(data.number, merged);
      return false;
    }
    this.#partial.delete(data.number);
    this.#add(merged);
    this.#changed.resolve();
    return true;
  }

  #add(data: FetchData): void {
    this.#done.add(data.uid!);
    this.#ready.push(data);
  }

  /** The command is complete: what came of the rest is all there is. */
  end(): void {
    for (const data of this.#partial.values()) {
      if (data.uid === undefined || this.#done.has(data.uid)) continue;
      if (this.#uids?.has(data.uid) && Object.keys(data).length > 2) this.#add(data);
    }
    this.#isOver = true;
    this.#changed.resolve();
  }

  fail(error: unknown): void {
    this.#failure = error;
    this.#changed.resolve();
  }

  /** Yields messages as they come, to the end of the command. */
  async *messages(): AsyncGenerator<ImapMessage> {
    for (let at = 0;;) {
      while (at < this.#ready.length) yield toMessage(this.#ready[at++]!);
      this.#ready.length = at = 0;
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#isOver) return;
      this.#changed = Promise.withResolvers();
      await this.#changed.promise;
    }
  }
}

function merge(before: FetchData, data: FetchData): FetchData {
  const sections = [...before.sections ?? [], ...data.sections ?? []];
  return { ...before, ...data, ...(sections.length > 0 && { sections }) };
}

function toMessage(data: FetchData): ImapMessage {
  const { sections: list = NO_SECTIONS, ...rest } = data;
  if (list.length === 0) return { ...rest, uid: data.uid!, sections: NOTHING };
  const sections = new Map<string, Uint8Array<ArrayBuffer> | null>();
  let header: Uint8Array<ArrayBuffer> | null = null;
  for (const { section, bytes } of list) {
    sections.set(section, bytes);
    if (section === "HEADER" || section.startsWith("HEADER.FIELDS")) header = bytes;
  }
  return { ...rest, uid: data.uid!, sections, ...(header !== null && { header }) };
}

const NO_SECTIONS: readonly FetchedSection[] = [];
const NOTHING: ReadonlyMap<string, Uint8Array<ArrayBuffer>> = new Map();

/**
 * Fetches items of messages.
 *
 * @param session The session.
 * @param uids The messages.
 * @param items What is fetched.
 * @param onResponse Is given every response to these commands.
 * @returns The messages in the order of the server; those that are gone are left out.
 */
export async function* fetchMessages(
  session: ImapSession,
  uids: UidSet,
  items: FetchItems,
  onResponse: (response: ImapResponse) => void,
): AsyncGenerator<ImapMessage> {
  const plan = planFetch(items);
  const size = plan.text.includes("BODY.PEEK[") ? BODY_BATCH : BATCH;
  const batches = batchesOf(uids, size, session.maxSetLength);
  const running: Batch[] = [];
  const start = (): void => {
    const { value, done } = batches.next();
    if (done) return;
    const batch = new Batch(plan, value.uids);
    running.push(batch);
    session.connection.execute({
      verb: "UID FETCH",
      pieces: [
        `${value.set} ${plan.text}`,
        ...(items.changedSince === undefined
          ? []
          : [` (CHANGEDSINCE ${BigInt(items.changedSince)})`]),
      ],
      onData(response) {
        const isTaken = batch.take(response);
        if (isTaken) onResponse(response);
        return isTaken;
      },
    }).then(() => batch.end(), (error) => batch.fail(error));
  };
  while (running.length < WINDOW) {
    const before = running.length;
    start();
    if (running.length === before) break;
  }
  while (running.length > 0) {
    yield* running[0]!.messages();
    running.shift();
    start();
  }
}

/** Divides messages into sets for one command each. */
function* batchesOf(
  uids: UidSet,
  size: number,
  maxLength: number,
): Generator<{ readonly set: string; readonly uids: ReadonlySet<number> | undefined }> {
  if (typeof uids === "string") {
    for (const set of formatUidSet(uids)) yield { set, uids: undefined };
    return;
  }
  const all = typeof uids === "number" ? [uids] : [...new Set(uids)].sort((a, b) => a - b);
  for (let at = 0; at < all.length; at += size) {
    const some = all.slice(at, at + size);
    const set = new Set(some);
    for (const piece of formatUidSet(some, maxLength)) yield { set: piece, uids: set };
  }
}
