/**
 * The overview of a group in a news spool: the file `.overview` in its folder, a line for each article with its number
 * and the fields of OVER, with tabs between.
 *
 * @module
 */

import { concat } from "../../net/internal.ts";
import { writeAtomically } from "../files/atomic_file.ts";
import { LineFile, type NewLines } from "./_line_file.ts";
import type { NumberRange } from "./news_store.ts";

const [LF, TAB, ZERO, NINE] = [10, 9, 48, 57];
/** Bytes that are sent at once. */
const PIECE_BYTES = 65_536;
/** All articles. */
const ALL: NumberRange = { first: 0, last: Number.MAX_SAFE_INTEGER - 1 };

/** Finds the lines of articles. */
export class GroupOverview {
  readonly #file: LineFile;
  /** Numbers of the articles, in order. */
  #numbers: number[] = [];
  /** Where their lines begin, and where the last one ends. */
  #starts: number[] = [0];

  constructor(path: string) {
    this.#file = new LineFile(path, (lines) => this.#take(lines));
  }

  /** Reads what other processes have changed. */
  async refresh(): Promise<void> {
    await this.#file.refresh();
  }

  #take({ isReplaced, bytes, start }: NewLines): void {
    if (isReplaced) [this.#numbers, this.#starts] = [[], [0]];
    for (let at = 0; at < bytes.length;) {
      let [number, place] = [0, at];
      for (; bytes[place]! >= ZERO && bytes[place]! <= NINE; place++) {
        number = number * 10 + bytes[place]! - ZERO;
      }
      const end = bytes.indexOf(LF, at) + 1;
      const isNext = Number.isSafeInteger(number) && number > (this.#numbers.at(-1) ?? 0);
      if (place > at && bytes[place] === TAB && isNext) {
        this.#numbers.push(number);
        this.#starts[this.#numbers.length - 1] = start + at;
      }
      at = end;
      this.#starts[this.#numbers.length] = start + end;
    }
  }

  /** Numbers of the articles, in order. */
  get numbers(): readonly number[] {
    return this.#numbers;
  }

  /** Whether there is an article of this number. */
  has(number: number): boolean {
    return this.#numbers[this.#placeOf(number)] === number;
  }

  /** Numbers of the articles in a range. */
  within({ first, last }: NumberRange): readonly number[] {
    return this.#numbers.slice(this.#placeOf(first), this.#placeOf(last + 1));
  }

  /** The first place whose number is not lower. */
  #placeOf(number: number): number {
    let [low, high] = [0, this.#numbers.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#numbers[middle]! < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Reads the lines of a range.
   * @param range Which numbers. @default all
   * @returns Pieces, each line ending with LF; undefined if there are none.
   */
  async read({ first, last } = ALL): Promise<AsyncGenerator<Uint8Array> | undefined> {
    while (true) {
      const [from, to] = [this.#placeOf(first), this.#placeOf(last + 1)];
      if (from >= to) return undefined;
      const [start, end] = [this.#starts[from]!, this.#starts[to]!];
      // Meanwhile another file may come; the places are of this one.
      const file = await this.#file.open(this.#file.identity);
      if (file !== undefined) return piecesOf(file, start, end);
      await this.refresh();
    }
  }

  /** Adds a line, by the one process that holds the lock. */
  async add(number: number, line: Uint8Array): Promise<void> {
    const encoder = new TextEncoder();
    await this.#file.append(concat([encoder.encode(`${number}\t`), line, encoder.encode("\n")]));
  }

  /** Removes the lines of articles, by the one process that holds the lock. */
  async remove(numbers: ReadonlySet<number>): Promise<void> {
    const pieces = await this.read();
    if (pieces === undefined) return;
    const bytes = concat(await Array.fromAsync(pieces));
    const [begin] = this.#starts;
    const kept = this.#numbers.flatMap((number, place) =>
      numbers.has(number)
        ? []
        : [bytes.subarray(this.#starts[place]! - begin!, this.#starts[place + 1]! - begin!)]
    );
    await writeAtomically(this.#file.path, concat(kept));
    await this.refresh();
  }
}

async function* piecesOf(
  opened: Deno.FsFile,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  using file = opened;
  await file.seek(start, Deno.SeekMode.Start);
  for (let left = end - start; left > 0;) {
    const buffer = new Uint8Array(Math.min(left, PIECE_BYTES));
    const count = await file.read(buffer);
    if (count === null) return;
    left -= count;
    yield buffer.subarray(0, count);
  }
}
