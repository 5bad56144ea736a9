/**
 * The articles that a news spool has or had, in the file `history`: identifier, time of arrival in milliseconds since
 * 1970, and `group:number` of each group, or `-` if the article is not there any more; tabs between.
 *
 * @module
 */

import { writeAtomically } from "../files/atomic_file.ts";
import { LineFile, type NewLines } from "./_line_file.ts";
import type { StoredArticle } from "./news_store.ts";

/** An article as a line has it; most are never looked at. */
interface Entry {
  readonly arrived: number;
  readonly places: string;
}

/** Knows articles by their identifiers. */
export class History {
  readonly #file: LineFile;
  readonly #entries = new Map<string, Entry>();

  constructor(path: string) {
    this.#file = new LineFile(path, (lines) => this.#take(lines));
  }

  /** Reads what other processes have added. */
  async refresh(): Promise<void> {
    await this.#file.refresh();
  }

  #take({ isReplaced, bytes }: NewLines): void {
    if (isReplaced) this.#entries.clear();
    for (const line of new TextDecoder().decode(bytes).split("\n")) {
      const [messageId = "", arrived, places] = line.split("\t");
      if (places === undefined || !/^\d{1,15}$/.test(arrived!)) continue;
      this.#entries.set(messageId, { arrived: Number(arrived), places });
    }
  }

  /** Finds an article. */
  get(messageId: string): StoredArticle | undefined {
    const entry = this.#entries.get(messageId);
    return entry && articleOf(messageId, entry);
  }

  /** Whether an article was ever seen. */
  has(messageId: string): boolean {
    return this.#entries.has(messageId);
  }

  /** All articles, in the order in which they came. */
  *all(): Generator<StoredArticle> {
    for (const [messageId, entry] of this.#entries) yield articleOf(messageId, entry);
  }

  /** Records articles, by the one process that holds the lock. */
  async add(articles: readonly StoredArticle[]): Promise<void> {
    if (articles.length === 0) return;
    await this.#file.append(new TextEncoder().encode(articles.map(lineOf).join("")));
  }

  /** Forgets articles, by the one process that holds the lock. */
  async forget(messageIds: ReadonlySet<string>): Promise<void> {
    if (messageIds.size === 0) return;
    const kept = [...this.all()].filter(({ messageId }) => !messageIds.has(messageId));
    await writeAtomically(this.#file.path, new TextEncoder().encode(kept.map(lineOf).join("")));
    await this.refresh();
  }
}

function articleOf(messageId: string, { arrived, places }: Entry): StoredArticle {
  const words = places === "-" ? [] : places.split(" ");
  return {
    messageId,
    arrived: new Date(arrived),
    places: new Map(words.map((word) => {
      const colon = word.lastIndexOf(":");
      return [word.slice(0, colon), Number(word.slice(colon + 1))];
    })),
  };
}

function lineOf({ messageId, arrived, places }: StoredArticle): string {
  const words = Array.from(places, ([group, number]) => `${group}:${number}`).join(" ");
  return `${messageId}\t${arrived.getTime()}\t${words || "-"}\n`;
}
