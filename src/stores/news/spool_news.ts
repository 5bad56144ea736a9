/**
 * News in a spool folder, as INN and slrn have it.
 *
 * @module
 */

import { isDiskFull } from "../../net/internal.ts";
import { locked } from "../files/locked.ts";
import { makeWritableFolder } from "../files/text_file.ts";
import { ArticleFiles } from "./_article_files.ts";
import { type GroupEntry, GroupList } from "./_group_list.ts";
import { GroupOverview } from "./_group_overview.ts";
import { History } from "./_history.ts";
import { type PendingChange, PendingFile } from "./_pending_file.ts";
import type { NewsStoreOptions } from "./memory_news.ts";
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

/**
 * Keeps news in a folder that several processes may share: an article is a file `articles/GROUP/NUMBER`, and each group
 * has a file `.overview`.
 *
 * @example Open a spool
 * ```ts
 * import { SpoolNews } from "@netwright/netwright/stores";
 * async function open(folder: string): Promise<SpoolNews> {
 *   const news = await SpoolNews.open(folder);
 *   await news.setGroup({ name: "local.test", description: "Tests" });
 *   return news;
 * }
 * ```
 */
export class SpoolNews implements NewsStore {
  /** The server's name in `Xref`. */
  readonly name: string;
  readonly #folder: string;
  readonly #now: () => Date;
  readonly #list: GroupList;
  readonly #history: History;
  readonly #files: ArticleFiles;
  readonly #pending: PendingFile;
  readonly #overviews = new Map<string, GroupOverview>();
  /** The last change of this process that waits for the lock. */
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, { name = "localhost", now }: NewsStoreOptions) {
    this.name = name;
    this.#folder = folder;
    this.#now = now ?? (() => new Date());
    this.#list = new GroupList(folder);
    this.#history = new History(`${folder}/history`);
    this.#files = new ArticleFiles(folder);
    this.#pending = new PendingFile(`${folder}/pending`);
  }

  /**
   * Opens a spool.
   * @param folder The folder; made if its parent exists.
   * @param options How it keeps news.
   * @returns The spool.
   * @throws {NetwrightError} If the folder cannot be written.
   */
  static async open(folder: string, options: NewsStoreOptions = {}): Promise<SpoolNews> {
    await makeWritableFolder(folder);
    await makeWritableFolder(`${folder}/articles`);
    await makeWritableFolder(`${folder}/incoming`);
    const store = new SpoolNews(folder, options);
    await store.#files.removeAbandoned();
    try {
      // A change that a crash interrupted is finished.
      await store.#changing(() => Promise.resolve());
    } catch (error) {
      // Stored articles can be read all the same; the next change tries again.
      if (!isDiskFull(error)) throw error;
    }
    return store;
  }

  /** Lists all groups. */
  async groups(): Promise<readonly NewsGroup[]> {
    await this.#list.refresh();
    const groups: NewsGroup[] = [];
    for (const entry of this.#list.all()) groups.push(await this.#summary(entry));
    return groups.sort((one, other) => one.name < other.name ? -1 : 1);
  }

  /** Finds a group. */
  async group(name: string): Promise<NewsGroup | undefined> {
    await this.#list.refresh();
    const entry = this.#list.get(name);
    return entry && await this.#summary(entry);
  }

  async #summary(entry: GroupEntry): Promise<NewsGroup> {
    const { numbers } = await this.#overview(entry.name);
    const high = Math.max(entry.high, numbers.at(-1) ?? 0);
    return { ...entry, low: numbers[0] ?? high + 1, high, count: numbers.length };
  }

  /** The overview of a group, up to date. */
  async #overview(group: string): Promise<GroupOverview> {
    let overview = this.#overviews.get(group);
    if (overview === undefined) {
      overview = new GroupOverview(`${this.#files.groupFolder(group)}/.overview`);
      this.#overviews.set(group, overview);
    }
    await overview.refresh();
    return overview;
  }

  /** The overview of a group that is there. */
  async #known(group: string): Promise<GroupOverview | undefined> {
    await this.#list.refresh();
    return this.#list.get(group) && await this.#overview(group);
  }

  /** Makes groups, or changes their settings. */
  async setGroup(...settings: readonly NewsGroupSettings[]): Promise<void> {
    for (const { name } of settings) checkGroupName(name);
    await this.#changing(async () => {
      const changed = settings.filter(({ name, description = "", status = "y" }) => {
        const known = this.#list.get(name);
        return known?.description !== description || known.status !== status;
      });
      if (changed.length > 0) await this.#list.set(changed, this.#now());
    });
  }

  /** Lists numbers of articles. */
  async numbers(group: string, range: NumberRange): Promise<readonly number[]> {
    return (await this.#known(group))?.within(range) ?? [];
  }

  /** Reads overviews. */
  async overview(
    group: string,
    range: NumberRange,
  ): Promise<AsyncIterable<Uint8Array> | undefined> {
    return await (await this.#known(group))?.read(range);
  }

  /** Finds an article. */
  async find(messageId: string): Promise<StoredArticle | undefined> {
    await this.#history.refresh();
    return this.#history.get(messageId);
  }

  /** Reads an article. */
  async read(group: string, number: number): Promise<AsyncIterable<Uint8Array> | undefined> {
    if (!(await this.#known(group))?.has(number)) return undefined;
    return await this.#files.read(group, number);
  }

  /** Lists articles that came at a time or later. */
  async since(since: Date): Promise<readonly StoredArticle[]> {
    await this.#history.refresh();
    return [...this.#history.all()].filter(({ arrived, places }) =>
      arrived >= since && places.size > 0
    );
  }

  /** Keeps an article. */
  async add(article: NewArticle): Promise<StoredArticle> {
    const { messageId } = article;
    await using body = await this.#files.receive(article.body);
    return await this.#changing(async () => {
      if (this.#history.has(messageId)) {
        throw new NewsStoreError("duplicate", `there is an article ${messageId}`);
      }
      const places = new Map<string, number>();
      for (const name of new Set(article.groups)) {
        const entry = this.#list.get(name);
        if (entry === undefined) throw new NewsStoreError("missing", `unknown group ${name}`);
        places.set(name, (await this.#summary(entry)).high + 1);
      }
      const removes = article.removes ?? [];
      const gone = removes.find((id) => !((this.#history.get(id)?.places.size ?? 0) > 0));
      if (gone !== undefined) throw new NewsStoreError("missing", `unknown article ${gone}`);
      const xref = formatXref(this.name, places);
      const header = withXref(article.header, xref);
      // Each line has one byte less on the disk.
      const headerLines = header.reduce((sum, byte) => byte === 10 ? sum + 1 : sum, 0);
      const bytes = header.length + headerLines + body.bytes;
      const line = formatOverview(article, bytes, body.lines, xref);
      await this.#files.write(header, body, places);
      const stored = { messageId, arrived: this.#now(), places };
      await this.#execute({ added: { ...stored, line }, removes });
      return stored;
    });
  }

  /** Removes articles. */
  async remove(messageIds: Iterable<string>): Promise<number> {
    return await this.#changing(() => this.#remove(messageIds));
  }

  /** Makes a change. If a crash interrupts it, the next holder of the lock finishes it. */
  async #execute(change: PendingChange): Promise<void> {
    await this.#pending.write(change);
    try {
      await this.#finish(change);
    } catch (error) {
      // A removal can be asked for again; it must not keep other changes from being made.
      if (change.added === undefined) await this.#pending.clear();
      throw error;
    }
  }

  async #finish({ added, removes }: PendingChange): Promise<void> {
    if (added !== undefined) {
      for (const [group, number] of added.places) {
        const overview = await this.#overview(group);
        const isNew = number > (overview.numbers.at(-1) ?? 0);
        if (isNew) await overview.add(number, added.line);
      }
      if (!this.#history.has(added.messageId)) await this.#history.add([added]);
    }
    await this.#removeNow(removes);
    await this.#pending.clear();
  }

  async #remove(messageIds: Iterable<string>): Promise<number> {
    const removes = [...new Set(messageIds)].filter((messageId) =>
      (this.#history.get(messageId)?.places.size ?? 0) > 0
    );
    if (removes.length > 0) await this.#execute({ removes });
    return removes.length;
  }

  async #removeNow(messageIds: readonly string[]): Promise<void> {
    const articles = [...new Set(messageIds)].flatMap((messageId) => {
      const article = this.#history.get(messageId);
      return article === undefined || article.places.size === 0 ? [] : [article];
    });
    if (articles.length === 0) return;
    const removed = new Map<string, Set<number>>();
    const highs = new Map<string, number>();
    for (const { places } of articles) {
      for (const [group, number] of places) {
        const numbers = removed.get(group) ?? new Set();
        removed.set(group, numbers.add(number));
        highs.set(group, Math.max(number, highs.get(group) ?? 0));
      }
    }
    // A number is never given to another article.
    await this.#list.raise(highs);
    for (const [group, numbers] of removed) await (await this.#overview(group)).remove(numbers);
    for (const { places } of articles) await this.#files.remove(places);
    await this.#history.add(articles.map((article) => ({ ...article, places: new Map() })));
  }

  /** Removes articles that have been kept for long enough. */
  async expire(keepMs: (group: string) => number, rememberMs: number): Promise<number> {
    return await this.#changing(async () => {
      await this.#recover();
      const now = this.#now().getTime();
      const [old, forgotten] = [new Set<string>(), new Set<string>()];
      for (const { messageId, arrived, places } of this.#history.all()) {
        const age = now - arrived.getTime();
        if (places.size === 0 && age >= rememberMs) forgotten.add(messageId);
        else if (places.size > 0 && age >= Math.max(...[...places.keys()].map(keepMs))) {
          old.add(messageId);
        }
      }
      const removed = await this.#remove(old);
      await this.#history.forget(forgotten);
      return removed;
    });
  }

  /** Records articles that are in the overview of a group only, as a crash leaves them. */
  async #recover(): Promise<void> {
    const found = new Map<string, StoredArticle>();
    for (const { name } of this.#list.all()) {
      const overview = await this.#overview(name);
      const pieces = await overview.read();
      if (pieces === undefined) continue;
      const text = await new Response(ReadableStream.from(pieces)).text();
      for (const line of text.split("\n")) {
        const [digits = "", , , , messageId] = line.split("\t");
        if (messageId === undefined || this.#history.has(messageId)) continue;
        const number = Number(digits);
        const arrived = this.#files.arrived(name, number);
        if (arrived === undefined) continue;
        const known = found.get(messageId) ?? { messageId, arrived, places: new Map() };
        found.set(messageId, { ...known, places: new Map([...known.places, [name, number]]) });
      }
    }
    await this.#history.add([...found.values()]);
  }

  /** Does something that no other process, nor another part of this one, may do at the same time. */
  async #changing<T>(act: () => Promise<T>): Promise<T> {
    const run = async (): Promise<T> =>
      await locked(`${this.#folder}/.lock`, async () => {
        await this.#list.refresh();
        await this.#history.refresh();
        const left = await this.#pending.read();
        if (left !== undefined) await this.#finish(left);
        return await act();
      });
    const result = this.#queue.then(run, run);
    this.#queue = result.catch(() => {});
    return await result;
  }
}

/** The bytes of a header on the disk. */
function withXref(header: Uint8Array, xref: string): Uint8Array {
  const end = new TextEncoder().encode(`Xref: ${xref}\n\n`);
  const text = new Uint8Array(header.length + end.length);
  let length = 0;
  for (const [at, byte] of header.entries()) {
    if (byte === 13 && header[at + 1] === 10) continue;
    text[length++] = byte;
  }
  text.set(end, length);
  return text.subarray(0, length + end.length);
}
