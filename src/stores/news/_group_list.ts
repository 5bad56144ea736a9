/**
 * The groups of a news spool, in the files that news programs have for them: `active` (name, highest number, lowest
 * number, status), `newsgroups` (name and description) and `active.times` (name, seconds since 1970, who made it).
 *
 * @module
 */

import { writeAtomically } from "../files/atomic_file.ts";
import { LineFile } from "./_line_file.ts";
import type { NewsGroup, NewsGroupSettings } from "./news_store.ts";

/** What these files tell of a group. */
export type GroupEntry = Pick<NewsGroup, "name" | "description" | "status" | "created" | "high">;

/** Knows the groups of a spool. */
export class GroupList {
  readonly #folder: string;
  readonly #active: LineFile;
  readonly #groups = new Map<string, GroupEntry>();

  constructor(folder: string) {
    this.#folder = folder;
    this.#active = new LineFile(`${folder}/active`);
  }

  /** Reads what other processes have changed. */
  async refresh(): Promise<void> {
    let isChanged = false;
    const active: string[] = [];
    await this.#active.refresh(
      () => {
        isChanged = true;
        active.length = 0;
      },
      (bytes) => {
        isChanged = true;
        active.push(...linesOf(bytes));
      },
    );
    if (!isChanged) return;
    const created = await this.#read("active.times", / /);
    const descriptions = await this.#read("newsgroups", /[ \t]+/);
    this.#groups.clear();
    for (const line of active) {
      const [name = "", high, , status] = line.split(" ");
      if (!/^\d{1,16}$/.test(high ?? "")) continue;
      this.#groups.set(name, {
        name,
        description: descriptions.get(name) ?? "",
        status: status === "n" || status === "m" ? status : "y",
        created: new Date(Number.parseInt(created.get(name) ?? "0", 10) * 1000),
        high: Number(high),
      });
    }
  }

  /** What stands behind each name in a file. */
  async #read(name: string, separator: RegExp): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    await new LineFile(`${this.#folder}/${name}`).refresh(() => {}, (bytes) => {
      for (const line of linesOf(bytes)) {
        const at = line.search(separator);
        if (at > 0) found.set(line.slice(0, at), line.slice(at).replace(/^[ \t]+/, ""));
      }
    });
    return found;
  }

  /** All groups. */
  all(): Iterable<GroupEntry> {
    return this.#groups.values();
  }

  /** Finds a group. */
  get(name: string): GroupEntry | undefined {
    return this.#groups.get(name);
  }

  /** Makes a group, or changes one, by the one process that holds the lock. */
  async set({ name, description = "", status = "y" }: NewsGroupSettings, now: Date): Promise<void> {
    const known = this.#groups.get(name);
    const entry = { name, description: inOneLine(description), status };
    this.#groups.set(name, { ...known ?? { created: now, high: 0 }, ...entry });
    await this.#write();
  }

  /** Records the highest numbers that articles ever had, by the one process that holds the lock. */
  async raise(highs: ReadonlyMap<string, number>): Promise<void> {
    let isChanged = false;
    for (const [name, high] of highs) {
      const entry = this.#groups.get(name);
      if (entry === undefined || entry.high >= high) continue;
      this.#groups.set(name, { ...entry, high });
      isChanged = true;
    }
    if (isChanged) await this.#write();
  }

  async #write(): Promise<void> {
    const groups = [...this.#groups.values()];
    // The one that is watched comes last.
    const files: Readonly<Record<string, (entry: GroupEntry) => string>> = {
      "newsgroups": ({ name, description }) => `${name}\t${description}\n`,
      "active.times": ({ name, created }) =>
        `${name} ${Math.floor(created.getTime() / 1000)} netwright\n`,
      "active": ({ name, high, status }) => `${name} ${padded(high)} ${padded(1)} ${status}\n`,
    };
    for (const [name, lineOf] of Object.entries(files)) {
      const text = groups.map(lineOf).join("");
      await writeAtomically(`${this.#folder}/${name}`, new TextEncoder().encode(text));
    }
    await this.refresh();
  }
}

function linesOf(bytes: Uint8Array): string[] {
  return new TextDecoder().decode(bytes).split("\n").filter((line) => line !== "");
}

function padded(number: number): string {
  return `${number}`.padStart(10, "0");
}

function inOneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, " ");
}
