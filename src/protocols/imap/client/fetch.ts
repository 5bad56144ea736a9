/**
 * Items of many messages with few round trips (RFC 9051 §6.4.5).
 *
 * @module
 */

import { LimitError, UsageError } from "../../../net/mod.ts";
import type { FetchData, FetchedSection } from "../codec/fetch_data.ts";
import type { ImapResponse } from "../codec/response.ts";
import { formatUidSet, type UidSet } from "../codec/uid_set.ts";
import { search } from "./search.ts";
import type { SelectedSession } from "./selected.ts";

/** Items of messages that are fetched; the identifier always is. */
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
  /** The beginning of the message, of so many bytes; it is the section with the empty name. */
  readonly beginning?: number;
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

/** Names of sections: part numbers with optional endings. */
const SECTION = /^(?:\d{1,5}(?:\.\d{1,5}){0,50}(?:\.(?:MIME|HEADER|TEXT))?|HEADER|TEXT)?$/i;
/** Names of header fields. */
const FIELD_NAME = /^[!#$%&'*+\-./0-9A-Z^_`a-z|~]{1,100}$/;

/** Names header fields that were asked for: servers write the list in their own way. */
const FIELDS = "HEADER.FIELDS";

/** Names the beginning of a message. */
const BEGINNING = "<0>";

/** The name of a section that came whole, or of the beginning; undefined for other pieces. */
function sectionName({ section, origin, isDecoded }: FetchedSection): string | undefined {
  if (section === "" && origin === 0) return BEGINNING;
  if (origin !== undefined || isDecoded) return undefined;
  return section.startsWith(`${FIELDS} `) ? FIELDS : section;
}

/** The items of FETCH, and how to see that a message has all of them. */
export interface FetchPlan {
  /** The items in parentheses. */
  readonly text: string;
  /** Names of the sections that are asked for. */
  readonly sections: ReadonlySet<string>;
  /** Checks whether a message has all items. */
  readonly isComplete: (data: FetchData) => boolean;
}

/**
 * Writes the items.
 *
 * @param items The items.
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
  const wanted = new Set(sections.map((section) => section.toUpperCase()));
  if (Array.isArray(items.header) && items.header.length > 0) {
    wanted.add(FIELDS);
    names.push(`BODY.PEEK[HEADER.FIELDS (${fieldNames(items.header)})]`);
  }
  if (items.beginning !== undefined) {
    if (!Number.isSafeInteger(items.beginning) || items.beginning < 1) {
      throw new UsageError("a beginning has 1 byte or more");
    }
    wanted.add(BEGINNING);
    names.push(`BODY.PEEK[]<0.${items.beginning}>`);
  }
  for (const section of wanted) {
    checks.push((data) => data.sections?.some((found) => sectionName(found) === section) ?? false);
  }
  return {
    text: `(${names.join(" ")})`,
    sections: wanted,
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

/** Number of messages of which a part has come, at most. */
const MAX_PARTIAL = 10_000;
/** Size of sections that wait to be taken, in times of the largest response. */
const MAX_WAITING = 4;

/** One command, and the messages that have come. */
class Batch {
  readonly #ready: FetchData[] = [];
  readonly #partial = new Map<number, FetchData>();
  readonly #uids: Set<number>;
  readonly #plan: FetchPlan;
  readonly #maxBytes: number;
  #bytes = 0;
  #isOver = false;
  #failure: unknown;
  #changed = Promise.withResolvers<void>();

  constructor(plan: FetchPlan, uids: Iterable<number>, maxResponseBytes: number) {
    this.#plan = plan;
    this.#uids = new Set(uids);
    this.#maxBytes = maxResponseBytes * MAX_WAITING;
  }

  /** Takes a response to the command; false if it is another's. */
  take(response: ImapResponse): boolean {
    // After this, numbers mean other messages.
    if (response.kind === "expunge" || response.kind === "vanished") this.#partial.clear();
    if (response.kind !== "fetch") return false;
    const { data } = response;
    if (data.uid !== undefined && !this.#uids.has(data.uid)) return false;
    // Items may come in several responses.
    const before = this.#partial.get(data.number);
    const merged = this.#merge(before, data);
    if (!this.#plan.isComplete(merged)) {
      if (this.#partial.size < MAX_PARTIAL || before !== undefined) {
        this.#partial.set(data.number, merged);
      }
      return false;
    }
    if (!this.#uids.has(merged.uid!)) return false;
    this.#partial.delete(data.number);
    this.#add(merged);
    this.#changed.resolve();
    return true;
  }

  /** Joins items; of sections, those that were asked for. */
  #merge(before: FetchData | undefined, data: FetchData): FetchData {
    if (this.#plan.sections.size === 0) return before === undefined ? data : { ...before, ...data };
    const sections = new Map<string, FetchedSection>();
    for (const section of [...before?.sections ?? [], ...data.sections ?? []]) {
      const name = sectionName(section);
      if (name !== undefined && this.#plan.sections.has(name)) sections.set(name, section);
    }
    return { ...before, ...data, sections: [...sections.values()] };
  }

  #add(data: FetchData): void {
    // Each message counts once; later items of it are a change.
    this.#uids.delete(data.uid!);
    for (const { bytes } of data.sections ?? []) this.#bytes += bytes?.length ?? 0;
    if (this.#bytes > this.#maxBytes) {
      throw new LimitError(`messages of more than ${this.#maxBytes} bytes wait to be taken`, {
        operation: "fetch messages",
        limit: this.#maxBytes,
      });
    }
    this.#ready.push(data);
  }

  /** The command is complete: incomplete messages are delivered too. */
  end(): void {
    for (const data of this.#partial.values()) {
      if (data.uid !== undefined && this.#uids.has(data.uid)) this.#add(data);
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
    while (true) {
      const ready = this.#ready.splice(0);
      this.#bytes = 0;
      for (const data of ready) yield toMessage(data);
      if (this.#ready.length > 0) continue;
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#isOver) return;
      this.#changed = Promise.withResolvers();
      await this.#changed.promise;
    }
  }
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
 * @param items The items.
 * @param onResponse Is given every response to these commands.
 * @returns The messages in the order of the server; those that are gone are left out.
 */
export async function* fetchMessages(
  session: SelectedSession,
  uids: UidSet,
  items: FetchItems,
  onResponse: (response: ImapResponse) => void,
): AsyncGenerator<ImapMessage> {
  const plan = planFetch(items);
  const all = typeof uids === "string" ? await search(session, { uids }) : uids;
  const size = plan.sections.size > 0 ? BODY_BATCH : BATCH;
  const batches = batchesOf(all, size, session.maxSetLength);
  const running: Batch[] = [];
  const modifier = items.changedSince === undefined
    ? ""
    : ` (CHANGEDSINCE ${BigInt(items.changedSince)})`;
  const start = (): boolean => {
    const { value, done } = batches.next();
    if (done) return false;
    const batch = new Batch(plan, value.uids, session.maxResponseBytes);
    running.push(batch);
    session.execute({
      verb: "UID FETCH",
      pieces: [`${value.set} ${plan.text}${modifier}`],
      onData(response) {
        const isTaken = batch.take(response);
        if (isTaken) onResponse(response);
        return isTaken;
      },
    }).then(() => batch.end(), (error) => batch.fail(error));
    return true;
  };
  while (running.length < WINDOW && start());
  while (running.length > 0) {
    yield* running[0]!.messages();
    running.shift();
    start();
  }
}

/** Divides messages into sets for one command each. */
function* batchesOf(
  uids: number | Iterable<number>,
  size: number,
  maxLength: number,
): Generator<{ readonly set: string; readonly uids: readonly number[] }> {
  const all = typeof uids === "number" ? [uids] : [...new Set(uids)].sort((a, b) => a - b);
  for (let at = 0; at < all.length; at += size) {
    const uids = all.slice(at, at + size);
    for (const set of formatUidSet(uids, maxLength)) yield { set, uids };
  }
}
