/**
 * The overview of a group in a news spool: the file `.overview` in its folder, a line for each article with its number
 * and what OVER tells of it, tabs between.
 *
 * @module
 */

import { writeAtomically } from "../files/atomic_file.ts";
import { LineFile } from "./_line_file.ts";
import type { NumberRange } from "./news_store.ts";

const [TAB, ZERO, NINE] = [9, 48, 57];
/** Bytes that are sent at once. */
const PIECE_BYTES = 65_536;

/** Finds the lines of articles. */
export class GroupOverview {
  readonly #file: LineFile;
  /** Numbers of the articles, in order. */
  #numbers: number[] = [];
  /** Where their lines begin, and where the last one ends. */
  #starts: number[] = [0];

  constructor(path: string) {
    this.#file = new LineFile(path);
  }

  /** Reads what other processes have changed. */
  async refresh(): Promise<void> {
    await this.#file.refresh(
      () => {
        this.#numbers = [];
        this.#starts = [0];
      },
      (bytes, start) => this.#index(bytes, start),
    );
  }

  #index(bytes: Uint8Array, start: number): void {
    for (let at = 0; at < bytes.length;) {
      let [number, place] = [0, at];
      for (; bytes[place]! >= ZERO && bytes[place]! <= NINE; place++) {
        number = number * 10 + bytes[place]! - ZERO;
      }
      const end = bytes.indexOf(10, at) + 1;
      if (place > at && bytes[place] === TAB && number > (this.#numbers.at(-1) ?? 0)) {
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
   * @returns Pieces, each line ending with LF; undefined if there are none.
   */
  async read({ first, last }: NumberRange): Promise<AsyncGenerator<Uint8Array> | undefined> {
    while (true) {
      const [from, to] = [this.#placeOf(first), this.#placeOf(last + 1)];
      if (from >= to) return undefined;
      const file = await this.#file.open();
      if (file !== undefined) return piecesOf(file, this.#starts[from]!, this.#starts[to]!);
      await this.refresh();
    }
  }

  /** Adds a line, by the one process that holds the lock. */
  async add(number: number, line: string): Promise<void> {
    await this.#file.append(`${number}\t${line}\n`);
    await this.refresh();
  }

  /** Removes the lines of articles, by the one process that holds the lock. */
  async remove(numbers: ReadonlySet<number>): Promise<void> {
    const pieces = await this.read({ first: 0, last: Number.MAX_SAFE_INTEGER - 1 });
    if (pieces === undefined) return;
    const text = await new Response(ReadableStream.from(pieces)).text();
    const kept = text.split(/(?<=\n)/).filter((line) => !numbers.has(Number.parseInt(line, 10)));
    await writeAtomically(this.#file.path, new TextEncoder().encode(kept.join("")));
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
