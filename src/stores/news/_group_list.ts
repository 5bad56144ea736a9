/**
 * The groups of a news spool, in the files that news programs have for them: `active` (name, highest number, lowest
 * number, status), `newsgroups` (name and description) and `active.times` (name, seconds since 1970, who made it).
 *
 * @module
 */

import { writeAtomically } from "../files/atomic_file.ts";
import { LineFile, type NewLines } from "./_line_file.ts";
import type { NewsGroup, NewsGroupSettings } from "./news_store.ts";

/** The entry of a group in these files. */
export type GroupEntry = Pick<NewsGroup, "name" | "description" | "status" | "created" | "high">;

/** Knows the groups of a spool. */
export class GroupList {
  readonly #folder: string;
  readonly #active: LineFile;
  readonly #times: LineFile;
  readonly #newsgroups: LineFile;
  /** Lines of the file `active`. */
  #lines: string[] = [];
  /** The text behind each name in the two others. */
  #created: ReadonlyMap<string, string> = new Map();
  #descriptions: ReadonlyMap<string, string> = new Map();
  #groups = new Map<string, GroupEntry>();
  #isChanged = false;

  constructor(folder: string) {
    this.#folder = folder;
    this.#times = new LineFile(`${folder}/active.times`, (lines) => {
      this.#created = after(this.#created, lines);
      this.#isChanged = true;
    });
    this.#newsgroups = new LineFile(`${folder}/newsgroups`, (lines) => {
      this.#descriptions = after(this.#descriptions, lines);
      this.#isChanged = true;
    });
    this.#active = new LineFile(`${folder}/active`, ({ isReplaced, bytes }) => {
      this.#lines = [...isReplaced ? [] : this.#lines, ...linesOf(bytes)];
      this.#isChanged = true;
    });
  }

  /** Reads what other processes have changed. */
  async refresh(): Promise<void> {
    await this.#active.refresh();
    await this.#times.refresh();
    await this.#newsgroups.refresh();
    if (!this.#isChanged) return;
    this.#isChanged = false;
    const groups = new Map<string, GroupEntry>();
    for (const line of this.#lines) {
      const [name = "", high, , status] = line.split(" ");
      if (!/^\d{1,16}$/.test(high ?? "")) continue;
      groups.set(name, {
        name,
        description: this.#descriptions.get(name) ?? "",
        status: status === "n" || status === "m" ? status : "y",
        created: new Date(Number.parseInt(this.#created.get(name) ?? "0", 10) * 1000),
        high: Number(high),
      });
    }
    this.#groups = groups;
  }

  /** All groups. */
  all(): Iterable<GroupEntry> {
    return this.#groups.values();
  }

  /** Finds a group. */
  get(name: string): GroupEntry | undefined {
    return this.#groups.get(name);
  }

  /** Makes groups, or changes them, by the one process that holds the lock. */
  async set(settings: readonly NewsGroupSettings[], now: Date): Promise<void> {
    const groups = new Map(this.#groups);
    for (const { name, description = "", status = "y" } of settings) {
      const entry = { name, description: inOneLine(description), status };
      groups.set(name, { ...groups.get(name) ?? { created: now, high: 0 }, ...entry });
    }
    await this.#write(groups);
  }

  /** Records the highest numbers that articles ever had, by the one process that holds the lock. */
  async raise(highs: ReadonlyMap<string, number>): Promise<void> {
    const raised = new Map(this.#groups);
    for (const [name, high] of highs) {
      const entry = raised.get(name);
      if (entry !== undefined && entry.high < high) raised.set(name, { ...entry, high });
    }
    const isChanged = [...raised].some(([name, entry]) => this.#groups.get(name) !== entry);
    if (isChanged) await this.#write(raised);
  }

  async #write(entries: ReadonlyMap<string, GroupEntry>): Promise<void> {
    const groups = [...entries.values()];
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

/** The text behind each name, with new lines added. */
function after(
  known: ReadonlyMap<string, string>,
  { isReplaced, bytes }: NewLines,
): ReadonlyMap<string, string> {
  const found = new Map(isReplaced ? [] : known);
  for (const line of linesOf(bytes)) {
    const [, name, rest] = /^([^ \t]+)[ \t]+(.*)$/.exec(line) ?? [];
    if (name !== undefined) found.set(name, rest!);
  }
  return found;
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
