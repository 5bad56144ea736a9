/**
 * A gateway from news to mail: it looks through groups, and sends the articles that are wanted, each once (8.6 of the
 * book's list).
 *
 * @module
 */

import { toBytes } from "../../net/internal.ts";
import { LimitError, ReplyError } from "../../net/mod.ts";
import { type Entity, parseMessage } from "../../mime/mod.ts";
import type { NntpClient, OverviewRecord } from "../../protocols/nntp/mod.ts";
import type { GatewayMemory } from "../../stores/internal.ts";
import { type GatewayArticle, reasonAgainst } from "./gateway_mail.ts";

/** Articles that are sent together in a digest, at most. */
const DIGEST_ARTICLES = 100;
/** Their size, in bytes. */
const DIGEST_BYTES = 8 * 1024 * 1024;

/** What a run tells. */
export interface GatewayEvent {
  /**
   * What happened: an article was sent, or is one of those that would be; it was sent before the record was made; it
   * cannot be sent; a group was seen for the first time, or has been numbered anew.
   */
  readonly kind: "sent" | "chosen" | "known" | "failed" | "first" | "renumbered";
  /** The group. */
  readonly group: string;
  /** The article; undefined for a group. */
  readonly article?: Pick<GatewayArticle, "messageId" | "number" | "subject" | "from"> | undefined;
  /** Why it cannot be sent. */
  readonly reason?: string | undefined;
}

/** How {@link runGateway} runs. */
export interface GatewayOptions {
  /** The server's name in the memory. */
  readonly server: string;
  /** The groups. */
  readonly wildmat: string;
  /** What was sent; absent if there is no memory yet, and nothing is to be sent. */
  readonly memory: GatewayMemory | undefined;
  /** Whether articles are only chosen: nothing is sent, nothing is remembered. @default {false} */
  readonly dryRun?: boolean | undefined;
  /** Whether articles are sent that were there before the first run. @default {false} */
  readonly all?: boolean | undefined;
  /** Whether several articles go in one mail. @default {false} */
  readonly digest?: boolean | undefined;
  /** Largest article that is sent, in bytes. */
  readonly maxBytes: number;
  /** Chooses articles by what the server lists of them. */
  isListed(record: OverviewRecord): boolean;
  /** Chooses articles by their content; all that are listed if absent. */
  isWanted?(entity: Entity): Promise<boolean>;
  /** Whether articles were delivered already, though no record was made. */
  wasDelivered?(articles: readonly GatewayArticle[]): Promise<boolean>;
  /**
   * Delivers articles in one mail; when it resolves they are safe.
   * @returns Why they can never be delivered; undefined if they are.
   */
  deliver(articles: readonly GatewayArticle[]): Promise<string | undefined>;
  /** Called with what happens. */
  onEvent?(event: GatewayEvent): Promise<void>;
  /** The time, in milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

/** The result of a run. */
export interface GatewaySummary {
  /** Number of articles that were sent, or would be. */
  readonly sent: number;
  /** Number of articles that cannot be sent. */
  readonly failed: number;
  /** Number of groups. */
  readonly groups: number;
}

/**
 * Looks through groups once. An article is recorded as sent after it has been delivered: if a run is broken off between
 * the two, that one article, or digest, is sent again by the next run, unless its place can tell. None is lost.
 *
 * @param client The server.
 * @param options What is sent, and how.
 * @returns The result.
 * @throws What the server, the memory or the delivery throws; the next run goes on from there.
 */
export async function runGateway(
  client: NntpClient,
  options: GatewayOptions,
): Promise<GatewaySummary> {
  const run = new GatewayRun(client, options);
  const groups = (await Array.fromAsync(client.listActive(options.wildmat)))
    .map(({ name }) => name).sort();
  for (const group of groups) await run.lookThrough(group);
  await run.flush();
  return { sent: run.sent, failed: run.failed, groups: groups.length };
}

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
  sent = 0;
  failed = 0;

  constructor(client: NntpClient, options: GatewayOptions) {
    this.#client = client;
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  async lookThrough(group: string): Promise<void> {
    const { server, memory, all = false } = this.#options;
    let summary;
    try {
      summary = await this.#client.selectGroup(group);
    } catch (error) {
      if (!(error instanceof ReplyError)) throw error;
      return await this.#fail(group, error.reason);
    }
    const { low, high } = summary;
    const before = memory?.lookedUpTo(server, group);
    if (before === undefined && !all) {
      await this.#tell({ kind: "first", group });
      this.#looked.set(group, high);
      return await this.flush();
    }
    const isRenumbered = before !== undefined && before > high && high >= low;
    if (isRenumbered) await this.#tell({ kind: "renumbered", group });
    const first = all || isRenumbered || before === undefined ? low : Math.max(low, before + 1);
    const candidates: OverviewRecord[] = [];
    // Servers may count an article before they list it: only what was listed has been looked at.
    let highest = isRenumbered ? 0 : before ?? 0;
    if (first <= high) {
      for await (const record of this.#client.overview({ first, last: high })) {
        highest = Math.max(highest, record.number);
        if (await this.#isCandidate(group, record)) candidates.push(record);
      }
    }
    await this.#sendAll(group, candidates);
    this.#looked.set(group, highest);
    if (this.#waiting.length === 0) await this.flush();
  }

  async #isCandidate(group: string, record: OverviewRecord): Promise<boolean> {
    if (!this.#options.isListed(record)) return false;
    const { messageId, number, subject } = record;
    if (messageId === "") {
      await this.#fail(group, "the server does not tell its Message-ID", { number, subject });
      return false;
    }
    if (this.#seen.has(messageId)) return false;
    this.#seen.add(messageId);
    return !await this.#options.memory?.wasSent(messageId, this.#now());
  }

  async #sendAll(group: string, records: readonly OverviewRecord[]): Promise<void> {
    const { maxBytes, isWanted, server } = this.#options;
    const byNumber = new Map(records.map((record) => [record.number, record]));
    for await (const { reference, text, refusal } of this.#client.articles(byNumber.keys())) {
      const { number, messageId, subject, author: from } = byNumber.get(reference as number)!;
      // One that was cancelled meanwhile is no fault.
      if (refusal?.code === 423 || refusal?.code === 430) continue;
      if (refusal !== undefined) {
        await this.#fail(group, refusal.reason, { number, messageId, subject, from });
        continue;
      }
      let bytes: Uint8Array;
      try {
        bytes = await toBytes(text, maxBytes);
      } catch (error) {
        if (!(error instanceof LimitError)) throw error;
        const reason = `it is larger than ${maxBytes} bytes`;
        await this.#fail(group, reason, { number, messageId, subject, from });
        continue;
      }
      const entity = parseMessage(bytes, { wholeMessages: true });
      if (reasonAgainst(entity.header, server) !== undefined) continue;
      if (isWanted !== undefined && !await isWanted(entity)) continue;
      await this.#send({ messageId, group, number, subject, from, entity, bytes });
    }
  }

  async #send(article: GatewayArticle): Promise<void> {
    this.#waiting.push(article);
    this.#waitingBytes += article.bytes.length;
    const isFull = !this.#options.digest || this.#waiting.length >= DIGEST_ARTICLES ||
      this.#waitingBytes >= DIGEST_BYTES;
    if (isFull) await this.#deliver();
  }

  async #deliver(): Promise<void> {
    const { memory, dryRun = false, wasDelivered, deliver } = this.#options;
    const articles = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (articles.length === 0) return;
    let kind: GatewayEvent["kind"] = "chosen";
    let reason: string | undefined;
    if (memory !== undefined && !dryRun) {
      const isKnown = await wasDelivered?.(articles) ?? false;
      kind = isKnown ? "known" : "sent";
      if (!isKnown) reason = await deliver(articles);
      await memory.sent(articles.map(({ messageId }) => messageId), this.#now());
    }
    for (const article of articles) {
      const { messageId, number, subject, from, group } = article;
      const facts = { messageId, number, subject, from };
      if (reason !== undefined) await this.#fail(group, reason, facts);
      else {
        if (kind !== "known") this.sent++;
        await this.#tell({ kind, group, article: facts });
      }
    }
  }

  /** Sends what waits, and records how far groups were looked through. */
  async flush(): Promise<void> {
    await this.#deliver();
    const { memory, dryRun = false, server } = this.#options;
    for (const [group, number] of dryRun ? [] : this.#looked) {
      await memory?.looked(server, group, number);
    }
    this.#looked.clear();
  }

  async #fail(
    group: string,
    reason: string,
    facts?: Partial<NonNullable<GatewayEvent["article"]>>,
  ): Promise<void> {
    this.failed++;
    const article = facts && { messageId: "", number: 0, subject: "", from: "", ...facts };
    await this.#tell({ kind: "failed", group, article, reason });
  }

  async #tell(event: GatewayEvent): Promise<void> {
    await this.#options.onEvent?.(event);
  }
}
