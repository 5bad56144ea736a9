/**
 * News in memory.
 *
 * @module
 */

import { concat } from "../../net/internal.ts";
import {
  checkGroupName,
  formatOverview,
  formatXref,
  type NewArticle,
  type NewsGroup,
  type NewsGroupSettings,
  type NewsStore,
  NewsStoreError,
  type NumberRange,
  type StoredArticle,
} from "./news_store.ts";

/** Overview lines that are sent together. */
const LINES_AT_ONCE = 500;

/** How {@link MemoryNews} keeps news. */
export interface NewsStoreOptions {
  /** The server's name in `Xref`: a domain. @default {"localhost"} */
  readonly name?: string | undefined;
  /** The time now; a test gives its own. @default {the system's} */
  readonly now?: (() => Date) | undefined;
}

interface HeldArticle extends StoredArticle {
  readonly text: readonly Uint8Array[];
  readonly overview: Uint8Array;
}

/** Settings of a group. */
type GroupFacts = Pick<NewsGroup, "name" | "description" | "status">;

interface HeldGroup {
  settings: GroupFacts;
  readonly created: Date;
  high: number;
  /** The articles by their numbers, in order. */
  readonly articles: Map<number, HeldArticle>;
}

/**
 * Keeps news in memory, for tests.
 *
 * @example A group
 * ```ts
 * import { MemoryNews } from "@netwright/netwright/stores";
 * const news = new MemoryNews();
 * await news.setGroup({ name: "local.test", description: "Tests" });
 * if ((await news.group("local.test"))?.count !== 0) throw new Error();
 * ```
 */
export class MemoryNews implements NewsStore {
  /** The server's name in `Xref`. */
  readonly name: string;
  readonly #now: () => Date;
  readonly #groups = new Map<string, HeldGroup>();
  readonly #articles = new Map<string, HeldArticle | StoredArticle>();

  /**
   * Makes a store without groups.
   * @param options How it keeps news.
   */
  constructor({ name = "localhost", now = () => new Date() }: NewsStoreOptions = {}) {
    this.name = name;
    this.#now = now;
  }

  /** Lists all groups. */
  groups(): Promise<readonly NewsGroup[]> {
    const groups = [...this.#groups.values()].map(summaryOf);
    return Promise.resolve(groups.sort((one, other) => one.name < other.name ? -1 : 1));
  }

  /** Finds a group. */
  group(name: string): Promise<NewsGroup | undefined> {
    const group = this.#groups.get(name);
    return Promise.resolve(group && summaryOf(group));
  }

  /** Makes groups, or changes their settings. */
  // deno-lint-ignore require-await
  async setGroup(...groups: readonly NewsGroupSettings[]): Promise<void> {
    for (const { name, description = "", status = "y" } of groups) {
      const settings = { name: checkGroupName(name), description, status };
      const known = this.#groups.get(name);
      if (known !== undefined) known.settings = settings;
      else {
        const created = this.#now();
        this.#groups.set(name, { settings, created, high: 0, articles: new Map() });
      }
    }
  }

  /** Lists numbers of articles. */
  numbers(group: string, range: NumberRange): Promise<readonly number[]> {
    const all = this.#groups.get(group)?.articles.keys() ?? [];
    return Promise.resolve([...all].filter((number) => isIn(number, range)));
  }

  /** Reads overviews. */
  async overview(
    group: string,
    range: NumberRange,
  ): Promise<AsyncIterable<Uint8Array> | undefined> {
    const numbers = await this.numbers(group, range);
    return numbers.length === 0 ? undefined : this.#lines(group, numbers);
  }

  async *#lines(group: string, numbers: readonly number[]): AsyncGenerator<Uint8Array> {
    const { articles } = this.#groups.get(group)!;
    const encoder = new TextEncoder();
    for (let at = 0; at < numbers.length; at += LINES_AT_ONCE) {
      const lines = numbers.slice(at, at + LINES_AT_ONCE).flatMap((number) => {
        const article = articles.get(number);
        if (article === undefined) return [];
        return [encoder.encode(`${number}\t`), article.overview, encoder.encode("\r\n")];
      });
      yield concat(lines);
    }
  }

  /** Finds an article. */
  find(messageId: string): Promise<StoredArticle | undefined> {
    return Promise.resolve(this.#articles.get(messageId));
  }

  /** Reads an article. */
  read(group: string, number: number): Promise<AsyncIterable<Uint8Array> | undefined> {
    const text = this.#groups.get(group)?.articles.get(number)?.text;
    return Promise.resolve(text && ReadableStream.from(text.map((piece) => piece.slice())));
  }

  /** Lists articles that came at a time or later. */
  since(since: Date): Promise<readonly StoredArticle[]> {
    const found = [...this.#articles.values()].filter(({ arrived, places }) =>
      arrived >= since && places.size > 0
    );
    return Promise.resolve(found);
  }

  /** Keeps an article. */
  async add(article: NewArticle): Promise<StoredArticle> {
    const { messageId } = article;
    const body = await Array.fromAsync(article.body);
    if (this.#articles.has(messageId)) {
      throw new NewsStoreError("duplicate", `there is an article ${messageId}`);
    }
    const gone = article.removes?.find((id) => !((this.#articles.get(id)?.places.size ?? 0) > 0));
    if (gone !== undefined) throw new NewsStoreError("missing", `unknown article ${gone}`);
    const groups = [...new Set(article.groups)].map((name) => {
      const group = this.#groups.get(name);
      if (group !== undefined) return group;
      throw new NewsStoreError("missing", `unknown group ${name}`);
    });
    const places = new Map(groups.map((group) => [group.settings.name, ++group.high]));
    const xref = formatXref(this.name, places);
    const head = new TextEncoder().encode(`Xref: ${xref}\r\n\r\n`);
    const text = [article.header, head, ...body];
    const bytes = text.reduce((sum, piece) => sum + piece.length, 0);
    const lines = body.reduce((sum, piece) => sum + countLines(piece), 0);
    const overview = formatOverview(article, bytes, lines, xref);
    const held: HeldArticle = { messageId, arrived: this.#now(), places, text, overview };
    this.#articles.set(messageId, held);
    for (const group of groups) group.articles.set(places.get(group.settings.name)!, held);
    await this.remove(article.removes ?? []);
    return { messageId, arrived: held.arrived, places };
  }

  /** Removes articles. */
  // deno-lint-ignore require-await
  async remove(messageIds: Iterable<string>): Promise<number> {
    let removed = 0;
    for (const messageId of messageIds) {
      const article = this.#articles.get(messageId);
      if (article === undefined || article.places.size === 0) continue;
      for (const [group, number] of article.places) {
        this.#groups.get(group)?.articles.delete(number);
      }
      this.#articles.set(messageId, { messageId, arrived: article.arrived, places: new Map() });
      removed++;
    }
    return removed;
  }

  /** Removes articles that have been kept for long enough. */
  async expire(keepMs: (group: string) => number, rememberMs: number): Promise<number> {
    const now = this.#now().getTime();
    const old: string[] = [];
    for (const { messageId, arrived, places } of this.#articles.values()) {
      const age = now - arrived.getTime();
      if (places.size === 0 && age >= rememberMs) this.#articles.delete(messageId);
      else if (places.size > 0 && age >= Math.max(...[...places.keys()].map(keepMs))) {
        old.push(messageId);
      }
    }
    return await this.remove(old);
  }
}

function summaryOf({ settings, created, high, articles }: HeldGroup): NewsGroup {
  const low = articles.keys().next().value ?? high + 1;
  return { ...settings, created, low, high, count: articles.size };
}

function isIn(number: number, { first, last }: NumberRange): boolean {
  return number >= first && number <= last;
}

/**
 * Counts lines.
 *
 * @param bytes Some text.
 * @returns How many line feeds it has.
 */
export function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
  return lines;
}
