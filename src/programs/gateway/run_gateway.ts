/**
 * A gateway from news to mail: it looks through groups, and sends the articles that are wanted, each once (8.6 of the
 * book's list).
 *
 * @module
 */

import { toBytes } from "../../net/internal.ts";
import { LimitError, ReplyError, UsageError } from "../../net/mod.ts";
import { type Entity, parseMessage } from "../../mime/mod.ts";
import { type NntpClient, type OverviewRecord, Wildmat } from "../../protocols/nntp/mod.ts";
import type { GatewayMemory } from "../../stores/internal.ts";
import { type GatewayArticle, reasonAgainst } from "./gateway_mail.ts";

/** Articles that are sent together in a digest, at most. */
const DIGEST_ARTICLES = 100;
/** Their size, in bytes. */
const DIGEST_BYTES = 8 * 1024 * 1024;

/** A report of a run. */
export interface GatewayEvent {
  /**
   * What happened: an article was sent, or is one of those that would be; it was delivered by a run that was broken off
   * before it could record that; it may be sent a second time, because such a run may have sent it; it cannot be sent; it
   * is sent later; a group was seen for the first time, or has lower numbers than before.
   */
  readonly kind:
    | "sent"
    | "chosen"
    | "known"
    | "again"
    | "failed"
    | "later"
    | "first"
    | "renumbered";
  /** The group. */
  readonly group: string;
  /** The article; undefined for a group. */
  readonly article?: Pick<GatewayArticle, "messageId" | "number" | "subject" | "from"> | undefined;
  /** Why it is not sent, or not to all. */
  readonly reason?: string | undefined;
}

/**
 * What became of a mail: it is safe, though perhaps not with all recipients; it can never be delivered; not now, but
 * others can; or nothing can be delivered now, and it certainly was not.
 */
export type DeliveryOutcome =
  | { readonly kind: "sent"; readonly complaint?: string | undefined }
  | { readonly kind: "refused" | "later"; readonly reason: string }
  | { readonly kind: "stop"; readonly error: unknown };

/** The recipients of a mail who have it already. */
export interface RecipientMemory {
  /** Whether a recipient has it. */
  wasSentTo(recipient: string): Promise<boolean>;
  /** Records that recipients have it, where others do not. */
  sentTo(recipients: readonly string[]): Promise<void>;
}

/** How {@link runGateway} runs. */
export interface GatewayOptions {
  /** The server's name in the memory. */
  readonly server: string;
  /** The server's name in mails. */
  readonly host: string;
  /** The groups. */
  readonly wildmat: string;
  /** The memory of sent articles; absent in a dry run without one. */
  readonly memory: GatewayMemory | undefined;
  /** Whether articles are only chosen: nothing is sent, nothing is remembered. @default {false} */
  readonly dryRun?: boolean | undefined;
  /** Whether articles are sent that were there when their group was seen for the first time. @default {false} */
  readonly all?: boolean | undefined;
  /** Whether several articles go in one mail. @default {false} */
  readonly digest?: boolean | undefined;
  /** Largest article that is sent, in bytes. */
  readonly maxBytes: number;
  /** Chooses articles by their overviews. */
  isListed(record: OverviewRecord): boolean;
  /** Chooses articles by their content; all that are listed if absent. */
  isWanted?(entity: Entity): Promise<boolean>;
  /** Whether articles were delivered already, though no record was made. */
  wasDelivered?(articles: readonly GatewayArticle[]): Promise<boolean>;
  /** Delivers articles in one mail; after an error it is not known whether it arrived. */
  deliver(
    articles: readonly GatewayArticle[],
    recipients: RecipientMemory,
  ): Promise<DeliveryOutcome>;
  /** Called with what happens. */
  onEvent?(event: GatewayEvent): Promise<void>;
  /** The time, in milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

/** The result of a run. */
export interface GatewaySummary {
  /** Number of articles that were sent, or would be. */
  readonly sent: number;
  /** Number of articles that cannot be sent, or are sent later. */
  readonly failed: number;
  /** Number of groups. */
  readonly groups: number;
}

/**
 * Looks through groups once. An article is recorded before it is sent and after it was delivered: if a run is broken off
 * between the two, that one article, or digest, is sent again by the next run, with a report, unless its place can show
 * that it is there. None is lost.
 *
 * @param client The server.
 * @param options The choice of articles, and their delivery.
 * @returns The result.
 * @throws Errors of the server, the memory or the delivery; the next run continues there.
 */
export async function runGateway(
  client: NntpClient,
  options: GatewayOptions,
): Promise<GatewaySummary> {
  const run = new GatewayRun(client, options);
  const wildmat = new Wildmat(options.wildmat);
  // Some servers list all groups, whatever they are asked.
  const groups = (await Array.fromAsync(client.listActive(options.wildmat)))
    .map(({ name }) => name).filter((name) => wildmat.matches(name)).sort();
  for (const group of groups) await run.lookThrough(group);
  await run.flush();
  return { sent: run.sent, failed: run.failed, groups: groups.length };
}

type ArticleFacts = NonNullable<GatewayEvent["article"]>;

class GatewayRun {
  readonly #client: NntpClient;
  readonly #options: GatewayOptions;
  readonly #now: () => number;
  /** Articles that were seen in this run, perhaps in another group. */
  readonly #seen = new Set<string>();
  /** Articles that wait for their digest, and their size. */
  #waiting: GatewayArticle[] = [];
  #waitingBytes = 0;
  /** Groups that were looked through, and how far. */
  readonly #looked = new Map<string, number>();
  /** The lowest number in each group that is to be looked at again. */
  readonly #open = new Map<string, number>();
  sent = 0;
  failed = 0;

  constructor(client: NntpClient, options: GatewayOptions) {
    this.#client = client;
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  async lookThrough(group: string): Promise<void> {
    const { server, memory, all = false, dryRun = false } = this.#options;
    let summary;
    try {
      summary = await this.#client.selectGroup(group);
    } catch (error) {
      // Some servers list names that no command may hold.
      if (error instanceof UsageError) return await this.#fail("failed", group, error.reason);
      if (!(error instanceof ReplyError)) throw error;
      return await this.#fail("later", group, error.reason);
    }
    const { low, high, count } = summary;
    const before = memory?.lookedUpTo(server, group);
    if (before === undefined && !all) {
      await this.#tell({ kind: "first", group });
      this.#looked.set(group, high);
      return await this.flush();
    }
    // From now on it is known, also if this run is broken off.
    if (before === undefined && !dryRun) await memory?.looked(server, group, Math.max(0, low - 1));
    // One of several servers that lags behind, or a new numbering: old articles must not be taken for new ones.
    const isLower = before !== undefined && before > high && count > 0;
    if (isLower && !all) await this.#tell({ kind: "renumbered", group });
    const first = all || before === undefined ? low : Math.max(low, before + 1);
    const candidates: OverviewRecord[] = [];
    // Servers may count an article before they list it: only listed ones have been looked at.
    let highest = isLower && all ? 0 : before ?? 0;
    try {
      if (first <= high) {
        for await (const record of this.#client.overview({ first, last: high })) {
          if (record.number < first || record.number > high) continue;
          highest = Math.max(highest, record.number);
          if (await this.#isCandidate(group, record)) candidates.push(record);
        }
      }
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      for (const { messageId } of candidates) this.#seen.delete(messageId);
      return await this.#fail("later", group, error.reason);
    }
    this.#looked.set(group, highest);
    await this.#sendAll(group, candidates);
    if (this.#waiting.length === 0) await this.flush();
  }

  async #isCandidate(group: string, record: OverviewRecord): Promise<boolean> {
    if (!this.#options.isListed(record)) return false;
    const { messageId, number, subject } = record;
    if (messageId === "") {
      const facts = { messageId: "", number, subject, from: "" };
      await this.#fail("failed", group, "the server does not send its Message-ID", facts);
      return false;
    }
    if (this.#seen.has(messageId)) return false;
    if (await this.#options.memory?.wasSent(messageId, this.#now())) return false;
    this.#seen.add(messageId);
    return true;
  }

  async #sendAll(group: string, records: readonly OverviewRecord[]): Promise<void> {
    const { maxBytes, isWanted, host } = this.#options;
    const byNumber = new Map(records.map((record) => [record.number, record]));
    for await (const { reference, text, refusal } of this.#client.articles(byNumber.keys())) {
      const { number, messageId, subject, author: from } = byNumber.get(reference as number)!;
      const facts = { number, messageId, subject, from };
      if (refusal !== undefined) {
        // Perhaps it is still in another group.
        this.#seen.delete(messageId);
        // A cancelled article is not a fault; any other refusal may be temporary.
        const isGone = refusal.code === 423 || refusal.code === 430;
        if (!isGone) await this.#fail("later", group, refusal.reason, facts);
        continue;
      }
      let bytes: Uint8Array;
      try {
        bytes = await toBytes(text, maxBytes);
      } catch (error) {
        if (!(error instanceof LimitError)) throw error;
        await this.#fail("failed", group, `it is larger than ${maxBytes} bytes`, facts);
        continue;
      }
      const entity = parseMessage(bytes, { wholeMessages: true });
      if (reasonAgainst(entity.header, host) !== undefined) continue;
      if (isWanted !== undefined && !await isWanted(entity)) continue;
      await this.#send({ ...facts, group, entity, bytes });
    }
  }

  async #send(article: GatewayArticle): Promise<void> {
    const { digest = false, memory } = this.#options;
    // Some recipients have it already: it must not come to them again in a digest.
    if (digest && memory !== undefined && await memory.wasSent(partly(article), this.#now())) {
      return await this.#deliver([article]);
    }
    this.#waiting.push(article);
    this.#waitingBytes += article.bytes.length;
    const isFull = !digest || this.#waiting.length >= DIGEST_ARTICLES ||
      this.#waitingBytes >= DIGEST_BYTES;
    if (isFull) await this.#deliverWaiting();
  }

  async #deliverWaiting(): Promise<void> {
    const articles = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (articles.length > 0) await this.#deliver(articles);
  }

  async #deliver(articles: readonly GatewayArticle[]): Promise<void> {
    const { memory, dryRun = false } = this.#options;
    if (memory === undefined || dryRun) {
      this.sent += articles.length;
      for (const article of articles) await this.#tellOf(article, "chosen");
    } else await this.#deliverRecorded(articles, memory);
  }

  async #deliverRecorded(
    articles: readonly GatewayArticle[],
    memory: GatewayMemory,
  ): Promise<void> {
    const { wasDelivered, deliver } = this.#options;
    const ids = articles.map(({ messageId }) => messageId);
    if (await wasDelivered?.(articles)) {
      await memory.sent(ids, this.#now());
      for (const article of articles) await this.#tellOf(article, "known");
      return;
    }
    for (const article of articles) {
      if (memory.wasBegun(article.messageId)) await this.#tellOf(article, "again");
    }
    await memory.begin(ids, this.#now());
    const keysFor = (recipient: string) => ids.map((id) => `${id} ${recipient}`);
    const outcome = await deliver(articles, {
      wasSentTo: async (recipient) => {
        for (const key of keysFor(recipient)) {
          if (!await memory.wasSent(key, this.#now())) return false;
        }
        return true;
      },
      sentTo: (recipients) =>
        memory.sent([...recipients.flatMap(keysFor), ...articles.map(partly)], this.#now()),
    });
    const isOpen = outcome.kind === "stop" || outcome.kind === "later" ||
      (outcome.kind === "refused" && articles.length > 1);
    if (isOpen) await memory.failed(ids, this.#now());
    else await memory.sent(ids, this.#now());
    if (outcome.kind === "stop") throw outcome.error;
    if (outcome.kind !== "sent" && articles.length > 1) {
      // One article, or their common size, must not keep the others back.
      for (const article of articles) await this.#deliverRecorded([article], memory);
      return;
    }
    for (const article of articles) {
      if (outcome.kind !== "sent") {
        const kind = outcome.kind === "later" ? "later" : "failed";
        await this.#fail(kind, article.group, outcome.reason, article);
        continue;
      }
      this.sent++;
      await this.#tellOf(article, "sent");
      if (outcome.complaint !== undefined) {
        await this.#fail("failed", article.group, outcome.complaint, article);
      }
    }
  }

  /** Sends what waits, and records how far groups were looked through. */
  async flush(): Promise<void> {
    await this.#deliverWaiting();
    const { memory, dryRun = false, server } = this.#options;
    for (const [group, number] of dryRun ? [] : this.#looked) {
      const open = this.#open.get(group) ?? Infinity;
      await memory?.looked(server, group, Math.min(number, open - 1));
    }
    this.#looked.clear();
  }

  async #fail(
    kind: "failed" | "later",
    group: string,
    reason: string,
    article?: ArticleFacts,
  ): Promise<void> {
    this.failed++;
    if (kind === "later" && article !== undefined) {
      this.#open.set(group, Math.min(article.number, this.#open.get(group) ?? Infinity));
    }
    await this.#tell({ kind, group, article: article && factsOf(article), reason });
  }

  async #tellOf(article: GatewayArticle, kind: GatewayEvent["kind"]): Promise<void> {
    await this.#tell({ kind, group: article.group, article: factsOf(article) });
  }

  async #tell(event: GatewayEvent): Promise<void> {
    await this.#options.onEvent?.(event);
  }
}

/** The key of an article that some recipients have, and others have not. */
function partly({ messageId }: Pick<GatewayArticle, "messageId">): string {
  return `${messageId} `;
}

function factsOf({ messageId, number, subject, from }: ArticleFacts): ArticleFacts {
  return { messageId, number, subject, from };
}
