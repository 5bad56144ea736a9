/**
 * The file `.newsrc`, in which newsreaders keep the numbers of read articles: `GROUP: 1-34,37`, or `GROUP! …` of a group that
 * is not subscribed to.
 *
 * @module
 */

import { NumberSet } from "./number_set.ts";

/** A group in the file. */
interface Entry {
  readonly isSubscribed: boolean;
  readonly read: NumberSet;
  /** Its line as the file has it; absent if it was changed. */
  line?: string | undefined;
}

/** The articles that a person has read, by group. */
export class Newsrc {
  /** Groups by name, and unchanged lines of other kinds, in the order of the file. */
  readonly #lines: (string | { readonly group: string })[] = [];
  readonly #groups = new Map<string, Entry>();

  /**
   * Reads the file.
   * @param text Its text; lines that are not of a group are kept.
   */
  constructor(text: string = "") {
    for (const line of text.split(/\r*\n/).map((line) => line.replace(/\r+$/, ""))) {
      const [, group, sign, numbers = ""] = /^([^\s:!]+)([:!])[ \t]*(.*)$/.exec(line) ?? [];
      if (group === undefined || this.#groups.has(group)) {
        if (line !== "") this.#lines.push(line);
        continue;
      }
      this.#lines.push({ group });
      const read = NumberSet.parse(numbers);
      this.#groups.set(group, { isSubscribed: sign === ":", read, line });
    }
  }

  /** The groups that are subscribed to, in the order of the file. */
  get subscribed(): readonly string[] {
    return [...this.#groups].filter(([, entry]) => entry.isSubscribed).map(([group]) => group);
  }

  #entry(group: string): Entry {
    let entry = this.#groups.get(group);
    if (entry === undefined) {
      entry = { isSubscribed: true, read: new NumberSet() };
      this.#groups.set(group, entry);
      this.#lines.push({ group });
    }
    return entry;
  }

  /** Whether an article has been read. */
  isRead(group: string, number: number): boolean {
    return this.#groups.get(group)?.read.has(number) ?? false;
  }

  /** How many articles of a range have been read. */
  countRead(group: string, first: number, last: number): number {
    return this.#groups.get(group)?.read.countWithin(first, last) ?? 0;
  }

  /** Marks articles as read. */
  markRead(group: string, first: number, last: number = first): void {
    const entry = this.#entry(group);
    entry.read.add(first, last);
    entry.line = undefined;
  }

  /** Marks an article as unread. */
  markUnread(group: string, number: number): void {
    const entry = this.#entry(group);
    entry.read.delete(number);
    entry.line = undefined;
  }

  /** The file's text. */
  toString(): string {
    return this.#lines.map((line) => {
      if (typeof line === "string") return `${line}\n`;
      const { isSubscribed, read, line: unchanged } = this.#groups.get(line.group)!;
      if (unchanged !== undefined) return `${unchanged}\n`;
      return `${line.group}${isSubscribed ? ":" : "!"}${`${read}` === "" ? "" : ` ${read}`}\n`;
    }).join("");
  }
}
