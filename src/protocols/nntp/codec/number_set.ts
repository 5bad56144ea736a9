/**
 * Sets of article numbers: a few ranges, however many numbers they hold.
 *
 * @module
 */

import { parseNumber } from "./numbers.ts";

/** Numbers, as ranges in order that do not touch. */
export class NumberSet {
  /** First and last number of each range. */
  #ranges: [first: number, last: number][] = [];

  /**
   * Parses `1-34,37,40-41`, as a newsrc file has it.
   *
   * @param text The ranges, in any order; those that are malformed are left out.
   * @returns The set.
   */
  static parse(text: string): NumberSet {
    const set = new NumberSet();
    const ranges: [number, number][] = [];
    for (const part of text.split(",")) {
      const [one, other] = part.replace(/[ \t]/g, "").split("-");
      const first = parseNumber(one);
      const last = other === undefined ? first : parseNumber(other);
      if (first !== undefined && last !== undefined && first <= last) ranges.push([first, last]);
    }
    ranges.sort(([one], [other]) => one - other);
    for (const [first, last] of ranges) set.#append(first, last);
    return set;
  }

  /** Adds a range that begins at or behind all others. */
  #append(first: number, last: number): void {
    const end = this.#ranges.at(-1);
    if (end !== undefined && first <= end[1] + 1) end[1] = Math.max(end[1], last);
    else this.#ranges.push([first, last]);
  }

  /** The place of the last range that begins at a number or before it; -1 if there is none. */
  #placeOf(number: number): number {
    let [low, high] = [0, this.#ranges.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ranges[middle]![0] <= number) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Whether a number is in it. */
  has(number: number): boolean {
    return (this.#ranges[this.#placeOf(number)]?.[1] ?? -1) >= number;
  }

  /**
   * Adds the numbers from one to another.
   * @param first The first.
   * @param last The last; the first if absent.
   */
  add(first: number, last: number = first): void {
    if (first > last) return;
    const behind = this.#ranges.splice(this.#placeOf(first) + 1);
    this.#append(first, last);
    for (const [start, end] of behind) this.#append(start, end);
  }

  /** Takes a number out. */
  delete(number: number): void {
    const place = this.#placeOf(number);
    const range = this.#ranges[place];
    if (range === undefined || range[1] < number) return;
    const parts: [number, number][] = [[range[0], number - 1], [number + 1, range[1]]];
    this.#ranges.splice(place, 1, ...parts.filter(([first, last]) => first <= last));
  }

  /** How many numbers it has from one to another. */
  countWithin(first: number, last: number): number {
    return this.#ranges.reduce(
      (count, [start, end]) =>
        count + Math.max(0, Math.min(end, last) - Math.max(start, first) + 1),
      0,
    );
  }

  /** The same as text. */
  toString(): string {
    return this.#ranges.map(([first, last]) => first === last ? `${first}` : `${first}-${last}`)
      .join(",");
  }
}
