/**
 * One mailbox on a server and one here are made equal. Whenever a run is broken off, every message is on the server or here,
 * and none twice.
 *
 * @module
 */

import { toBytes } from "../../net/internal.ts";
import { LimitError, type NetwrightError, ReplyError, UsageError } from "../../net/mod.ts";
import type {
  AppendedMessage,
  ImapClient,
  ImapMailbox,
  ImapText,
} from "../../protocols/imap/mod.ts";
import type { MailFolder, NewMessage, StoredMessage } from "../../stores/mod.ts";
import { linkAgain } from "./link_again.ts";
import type { SyncJournal, SyncLink } from "../../stores/internal.ts";
import { type FlagChanges, planSync, type SyncPlan, type SyncRules } from "./sync_plan.ts";

/** How {@link syncMailbox} works. */
export interface SyncOptions extends SyncRules {
  /** Whether it is only counted what would be done. @default {false} */
  readonly dryRun?: boolean | undefined;
  /** Called with the number of further messages that were transferred. */
  onProgress?(messages: number): void;
}

/** The result of a run, or of a dry one. */
export interface SyncSummary {
  /** Messages that came from the server. */
  readonly fetched: number;
  /** Messages that went to the server. */
  readonly sent: number;
  /** Messages that were removed here. */
  readonly removedHere: number;
  /** Messages that were removed on the server. */
  readonly removedThere: number;
  /** Messages whose flags were changed on either side. */
  readonly flagged: number;
  /** Steps that were left out, with reasons. */
  readonly held: readonly string[];
}

/** Messages that are fetched before they are recorded. */
const BATCH = 200;
/** Messages up to this size are sent from memory, in bytes. */
const SMALL_BYTES = 256 * 1024;
/** Messages that are sent in one command. */
const SENT_AT_ONCE = 50;

/**
 * Makes a mailbox here equal to one on a server; both ways if the rules say so.
 *
 * @param client The account.
 * @param mailbox Its mailbox, which is open.
 * @param folder The mailbox here.
 * @param journal The memory of earlier runs.
 * @param options How.
 * @returns The result.
 */
export async function syncMailbox(
  client: ImapClient,
  mailbox: ImapMailbox,
  folder: MailFolder,
  journal: SyncJournal,
  options: SyncOptions,
): Promise<SyncSummary> {
  const uids = await mailbox.search();
  const { messages, uidNext } = await folder.list();
  const lasting = speller();
  const here = new Map(messages.map((message) => [message.uid, lasting(message.flags)]));
  const isSame = journal.remoteValidity === mailbox.uidValidity &&
    journal.localValidity === folder.uidValidity;
  if (!isSame) {
    journal.clear();
    journal.remoteValidity = mailbox.uidValidity;
    journal.localValidity = folder.uidValidity;
  }
  const modseq = mailbox.highestModseq;
  const there = await flagsThere(mailbox, journal, uids, modseq, lasting);
  const start = { remote: mailbox.uidNext ?? (uids.at(-1) ?? 0) + 1, local: uidNext };
  const doubtful = isSame ? journal.broken : { remote: 0, local: 0 };
  const { dryRun = false } = options;
  const found = doubtful === undefined
    ? []
    : await linkAgain(mailbox, folder, journal, there, here, doubtful);
  // Of a run that was broken off, the beginning stays until one has ended.
  if (!dryRun) await journal.begin(doubtful ?? start);
  if (!dryRun) await journal.link(found);
  const links = [...journal.links, ...dryRun ? found : []]
    .map((link) => ({ ...link, flags: lasting(link.flags), there: lasting(link.there) }));
  const plan = planSync(links, there, here, { ...options, keeps: keeps(mailbox) });
  const run: Run = {
    ...{ client, mailbox, folder, journal, options, links, there, here, lasting },
    ...{ sent: 0, isDoubtful: false, held: [] },
  };
  if (!dryRun) {
    await execute(run, plan);
    // Without an end, the next run looks for messages that are the same.
    if (!run.isDoubtful) await journal.end(modseq);
  }
  return {
    fetched: plan.fetch.length,
    sent: dryRun ? plan.send.length : run.sent,
    removedHere: plan.removeHere.length,
    removedThere: plan.removeThere.length,
    flagged: new Set(
      [...plan.flagsHere, ...plan.flagsThere].flatMap(({ links }) =>
        links.map(({ remote }) => remote)
      ),
    ).size,
    held: [...plan.held, ...run.held],
  };
}

/** Takes the flags that are synchronized, each in one spelling: case does not count. */
function speller(): (flags: Iterable<string>) => Set<string> {
  const spellings = new Map<string, string>();
  return (flags) => {
    const spelled = new Set<string>();
    for (const flag of flags) {
      const lower = flag.toLowerCase();
      if (lower === "\\recent") continue;
      if (!spellings.has(lower)) spellings.set(lower, flag);
      spelled.add(spellings.get(lower)!);
    }
    return spelled;
  };
}

/** The flags of all messages on the server; of unchanged ones those that are remembered. */
async function flagsThere(
  mailbox: ImapMailbox,
  journal: SyncJournal,
  uids: readonly number[],
  modseq: bigint | undefined,
  lasting: (flags: Iterable<string>) => Set<string>,
): Promise<Map<number, ReadonlySet<string>>> {
  const flags = new Map<number, ReadonlySet<string>>(uids.map((uid) => [uid, new Set()]));
  if (uids.length === 0) return flags;
  const { modseq: changedSince } = journal;
  const canTell = modseq !== undefined && changedSince !== undefined;
  if (canTell) {
    for (const { remote, there } of journal.links) {
      if (flags.has(remote)) flags.set(remote, lasting(there));
    }
    if (changedSince === modseq) return flags;
  }
  const items = canTell ? { flags: true, changedSince } : { flags: true };
  for await (const message of mailbox.fetch("1:*", items)) {
    if (flags.has(message.uid)) flags.set(message.uid, lasting(message.flags ?? []));
  }
  return flags;
}

interface Run {
  readonly client: ImapClient;
  readonly mailbox: ImapMailbox;
  readonly folder: MailFolder;
  readonly journal: SyncJournal;
  readonly options: SyncOptions;
  /** The messages that were on both sides before. */
  readonly links: readonly SyncLink[];
  readonly there: ReadonlyMap<number, ReadonlySet<string>>;
  readonly here: ReadonlyMap<number, ReadonlySet<string>>;
  /** Takes flags in one spelling. */
  readonly lasting: (flags: Iterable<string>) => Set<string>;
  /** Number of messages that were sent. */
  sent: number;
  /** Whether the server has not named a message that was sent. */
  isDoubtful: boolean;
  /** Steps that were left out, with reasons. */
  readonly held: string[];
}

async function execute(run: Run, plan: SyncPlan): Promise<void> {
  const { client, mailbox, folder, journal } = run;
  await journal.unlink(plan.gone);
  const { onProgress } = run.options;
  if (plan.fetch.length > 0) await fetchAll(run, plan.fetch);
  for (
    const some of batches(plan.send, client.capabilities.has("MULTIAPPEND") ? SENT_AT_ONCE : 1)
  ) {
    const count = await sendSome(run, some);
    onProgress?.(count);
  }
  await changeFlags(run, plan);
  if (plan.removeHere.length > 0) {
    await folder.remove(plan.removeHere.map(({ local }) => local));
    await journal.unlink(plan.removeHere.map(({ remote }) => remote));
  }
  if (plan.removeThere.length > 0) {
    await mailbox.delete(plan.removeThere.map(({ remote }) => remote));
    await journal.unlink(plan.removeThere.map(({ remote }) => remote));
  }
}

function* batches(numbers: readonly number[], size: number): Generator<readonly number[]> {
  for (let at = 0; at < numbers.length; at += size) yield numbers.slice(at, at + size);
}

/** Brings messages here: the server sends on while those before are stored. */
async function fetchAll(run: Run, uids: readonly number[]): Promise<void> {
  const { mailbox, folder, journal, options, lasting } = run;
  const texts = mailbox.texts(uids);
  let isOver = false;
  try {
    while (!isOver) {
      const fetched: ImapText[] = [];
      const messages = async function* (): AsyncGenerator<NewMessage> {
        while (fetched.length < BATCH) {
          const next = await texts.next();
          isOver = next.done === true;
          if (next.done) return;
          const message = next.value;
          fetched.push(message);
          const flags = lasting(message.flags);
          yield { text: message.text, flags, received: message.internalDate };
        }
      };
      const stored = await folder.appendAll(messages());
      await journal.link(stored.map(({ uid, flags }, index) => {
        const { uid: remote, flags: given } = fetched[index]!;
        const there = lasting(given);
        return { remote, local: uid, flags: there.intersection(lasting(flags)), there };
      }));
      options.onProgress?.(stored.length);
    }
  } finally {
    await texts.return(undefined);
  }
}

/** Sends messages to the server: all in one command, or each by itself if it refuses. */
async function sendSome(run: Run, uids: readonly number[]): Promise<number> {
  const messages = await run.folder.describe(uids);
  try {
    return await send(run, messages);
  } catch (error) {
    if (!isOfMessage(error)) throw error;
    if (messages.length === 1) {
      run.held.push(`message ${messages[0]!.uid} is not sent: ${(error as NetwrightError).reason}`);
      return 0;
    }
  }
  let count = 0;
  for (const { uid } of messages) count += await sendSome(run, [uid]);
  return count;
}

/** Whether a failure is of one message, and not of the connection. */
function isOfMessage(error: unknown): boolean {
  return [ReplyError, LimitError, UsageError].some((kind) => error instanceof kind);
}

async function send(run: Run, messages: readonly StoredMessage[]): Promise<number> {
  const { client, mailbox, folder, journal } = run;
  const allowed = (flags: Iterable<string>) => [...flags].filter(keeps(mailbox));
  const prepared: AppendedMessage[] = [];
  for (const { uid, sizeBytes, flags, received } of messages) {
    // The size in the name of another program's file may be wrong.
    const content = sizeBytes <= SMALL_BYTES
      ? await toBytes(folder.read(uid))
      : { size: sizeBytes, pieces: folder.read(uid) };
    prepared.push({ content, flags: allowed(flags), internalDate: received });
  }
  const sent = await client.append(mailbox.name, prepared);
  run.sent += messages.length;
  if (sent === undefined) run.isDoubtful = true;
  else {
    await journal.link(messages.map(({ uid, flags }, index) => {
      const there = run.lasting(allowed(flags));
      return { remote: sent.uids[index]!, local: uid, flags: there, there };
    }));
  }
  return messages.length;
}

/** Whether the server keeps a flag. */
function keeps({ permanentFlags }: ImapMailbox): (flag: string) => boolean {
  if (permanentFlags === undefined || permanentFlags.includes("\\*")) return () => true;
  const kept = new Set(permanentFlags.map((flag) => flag.toLowerCase()));
  return (flag) => kept.has(flag.toLowerCase());
}

async function changeFlags(run: Run, { flagsHere, flagsThere }: SyncPlan): Promise<void> {
  const { mailbox, folder, journal, there, here } = run;
  /** The flags after the changes, by the numbers on the server. */
  const [remote, local] = [new Map<number, Set<string>>(), new Map<number, Set<string>>()];
  const note = (after: Map<number, Set<string>>, { add, remove, links }: FlagChanges) => {
    for (const link of links) {
      const before = after === remote ? there.get(link.remote)! : here.get(link.local)!;
      after.set(link.remote, new Set([...before, ...add]).difference(new Set(remove)));
    }
  };
  for (const change of flagsHere) {
    const uids = change.links.map((link) => link.local);
    await folder.changeFlags(uids, { mode: "add", flags: change.add });
    await folder.changeFlags(uids, { mode: "remove", flags: change.remove });
    note(local, change);
  }
  const isKept = keeps(mailbox);
  for (const change of flagsThere) {
    const uids = change.links.map((link) => link.remote);
    const [add, remove] = [change.add.filter(isKept), change.remove.filter(isKept)];
    if (add.length > 0) await mailbox.store(uids, { add });
    if (remove.length > 0) await mailbox.store(uids, { remove });
    note(remote, { ...change, add, remove });
  }
  await journal.link(run.links.flatMap((link) => {
    const one = remote.get(link.remote) ?? there.get(link.remote);
    const other = local.get(link.remote) ?? here.get(link.local);
    if (one === undefined || other === undefined) return [];
    const flags = agreed(link.flags, one, other);
    return isSame(flags, link.flags) && isSame(one, link.there)
      ? []
      : [{ ...link, flags, there: one }];
  }));
}

function isSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && one.isSubsetOf(other);
}

/** The flags that both sides agree on; of others the state before stays, so that a change here can still be sent. */
function agreed(
  before: ReadonlySet<string>,
  there: ReadonlySet<string>,
  here: ReadonlySet<string>,
): ReadonlySet<string> {
  const flags = new Set<string>();
  for (const flag of before.union(there).union(here)) {
    const state = there.has(flag) === here.has(flag) ? there : before;
    if (state.has(flag)) flags.add(flag);
  }
  return flags;
}
