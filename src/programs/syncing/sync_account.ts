/**
 * The mailboxes of an account on a server and those here are made equal.
 *
 * @module
 */

import { CapabilityError, NetwrightError, UnsupportedError } from "../../net/mod.ts";
import type { ImapClient, ListedMailbox } from "../../protocols/imap/mod.ts";
import { matchesName } from "../../protocols/wire/internal.ts";
import { SyncMemory } from "../../stores/internal.ts";
import { type MailAccount, MailStoreError } from "../../stores/mod.ts";
import { syncMailbox, type SyncOptions, type SyncSummary } from "./sync_mailbox.ts";

/** How {@link syncAccount} works. */
export interface AccountSyncOptions extends SyncOptions {
  /** The account on the server, such as `ann@mail.example:993`; a copy is of one account only. */
  readonly account: string;
  /** The folder of the memory of earlier runs; made if it is missing. */
  readonly memory: string;
  /** Patterns of names, such as `Archive/*`; all if empty. */
  readonly mailboxes: readonly string[];
  /** Patterns of names that are left out. */
  readonly exclude: readonly string[];
  /** Called before a mailbox is looked at. */
  onMailbox?(name: string): void;
  /** Called with the result of a mailbox. */
  onDone(name: string, result: SyncSummary): Promise<void>;
  /** Called with the failure of a mailbox; the others are made equal all the same. */
  onFailed(name: string, error: NetwrightError): Promise<void>;
}

/**
 * Makes mailboxes here equal to those of an account on a server.
 *
 * @param client The account, logged in.
 * @param local The mailboxes here.
 * @param options How.
 * @throws {UsageError} If the copy is of another account.
 * @throws {UnsupportedError} If messages are to be sent to a server that does not name them.
 */
export async function syncAccount(
  client: ImapClient,
  local: MailAccount,
  options: AccountSyncOptions,
): Promise<void> {
  if (options.both && !client.capabilities.has("UIDPLUS")) {
    throw new UnsupportedError("the server has no UIDPLUS, which is needed for both ways");
  }
  using memory = await SyncMemory.open(options.memory, options.account, options.dryRun === true);
  const pairs = await namesOf(client, local, options);
  if (pairs.length === 0 && options.mailboxes.length > 0) {
    throw new NetwrightError(`no mailbox matches ${options.mailboxes.join(", ")}`, {
      operation: "synchronize mail",
      peer: options.account,
    });
  }
  for (const pair of pairs) {
    options.onMailbox?.(pair.name);
    try {
      await options.onDone(pair.name, await syncOne(client, local, pair, memory, options));
    } catch (error) {
      if (!(error instanceof NetwrightError) || error instanceof CapabilityError) throw error;
      // A lost connection ends the run; the next one continues.
      await client.noop().catch(() => {
        throw error;
      });
      await options.onFailed(pair.name, error);
    }
  }
}

async function syncOne(
  client: ImapClient,
  local: MailAccount,
  { name, remote, isMissing }: NamePair,
  memory: SyncMemory,
  options: AccountSyncOptions,
): Promise<SyncSummary> {
  const { dryRun = false, both = false } = options;
  const found = await local.folder(name);
  if (isMissing && dryRun) {
    return { ...NOTHING, sent: (await found!.list()).messages.length };
  }
  if (isMissing) await client.create(remote);
  if (found === undefined && dryRun) {
    const { messages = 0 } = await client.status(remote);
    return { ...NOTHING, fetched: messages };
  }
  const folder = found ?? await local.create(name);
  const mailbox = await client.open(remote, { readOnly: !both || dryRun });
  using journal = await memory.journal(name);
  if (!both || !mailbox.isReadOnly || dryRun) {
    return await syncMailbox(client, mailbox, folder, journal, options);
  }
  const result = await syncMailbox(client, mailbox, folder, journal, { ...options, both: false });
  const notice = "the mailbox is read-only on the server: changes here are not sent";
  return { ...result, held: [...result.held, notice] };
}

const NOTHING: SyncSummary = {
  fetched: 0,
  sent: 0,
  removedHere: 0,
  removedThere: 0,
  flagged: 0,
  held: [],
};

/** A mailbox on both sides. */
interface NamePair {
  /** Its name here; levels are divided by slashes. */
  readonly name: string;
  /** Its name on the server. */
  readonly remote: string;
  /** Whether it is to be made on the server. */
  readonly isMissing: boolean;
}

async function namesOf(
  client: ImapClient,
  local: MailAccount,
  { mailboxes, exclude, both, onFailed }: AccountSyncOptions,
): Promise<NamePair[]> {
  const matches = (patterns: readonly string[], name: string) =>
    patterns.some((pattern) => matchesName(/^inbox$/i.test(pattern) ? "INBOX" : pattern, name));
  const isMeant = (name: string) =>
    (mailboxes.length === 0 || matches(mailboxes, name)) && !matches(exclude, name);
  const listed = await client.list();
  const pairs: NamePair[] = [];
  for (const { name: remote, delimiter, isSelectable } of listed) {
    const name = localName(remote, delimiter);
    if (!isMeant(name)) continue;
    if (!isSelectable) {
      const folder = both ? await local.folder(name) : undefined;
      if (folder === undefined || (await folder.list()).messages.length === 0) continue;
      const reason = "the server has only mailboxes below it: its messages are not sent";
      await onFailed(name, new MailStoreError("name", reason));
      continue;
    }
    // A slash is a level here.
    if (delimiter !== "/" && remote.includes("/")) {
      const reason = "a name with a slash cannot be a folder here";
      await onFailed(remote, new MailStoreError("name", reason));
    } else pairs.push({ name, remote, isMissing: false });
  }
  if (both) {
    const delimiter = listed.find((mailbox) => mailbox.delimiter !== undefined)?.delimiter ?? "/";
    const known = new Set(listed.map((mailbox) => localName(mailbox.name, mailbox.delimiter)));
    for (const name of await local.folders()) {
      if (known.has(name) || !isMeant(name)) continue;
      pairs.push({ name, remote: name.replaceAll("/", delimiter), isMissing: true });
    }
  }
  return pairs;
}

function localName(name: string, delimiter: ListedMailbox["delimiter"]): string {
  const plain = delimiter === undefined ? name : name.replaceAll(delimiter, "/");
  return /^inbox$/i.test(plain) ? "INBOX" : plain;
}
