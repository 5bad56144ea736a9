/**
 * Places of values in YAML files, for messages about the values.
 *
 * @module
 */

/** A place in a text. */
export interface TextPosition {
  /** The line, from 1. */
  readonly line: number;
  /** The column, from 1. */
  readonly column: number;
}

/**
 * Finds a value by its keys and indexes. In flow style (`{a: 1}`) the place is that of the whole.
 *
 * @param text The file.
 * @param path Keys of maps, and indexes of lists.
 * @returns The place of the key or the list item; the last one on the way that could be found.
 */
export function yamlPosition(text: string, path: readonly (string | number)[]): TextPosition {
  let block = new Block(text.split(/\r\n|\r|\n/).map((text, line) => ({ text, line })));
  let found: TextPosition = { line: 1, column: 1 };
  for (const part of path) {
    const next = typeof part === "number" ? block.item(part) : block.value(part);
    if (next === undefined) break;
    found = next.at;
    block = next.block;
  }
  return found;
}

interface Line {
  readonly text: string;
  readonly line: number;
}

/** Lines of one value in block style; everything left of it is blank. */
class Block {
  readonly #lines: readonly Line[];
  readonly #indent: number;

  constructor(lines: readonly Line[]) {
    this.#lines = lines.filter(({ text }) => !/^\s*(?:#.*|---|)$/.test(text));
    this.#indent = indentOf(this.#lines[0]?.text ?? "");
  }

  /** An item of a list. */
  item(index: number): { readonly at: TextPosition; readonly block: Block } | undefined {
    const starts = this.#starts((rest) => /^-(?:\s|$)/.test(rest));
    const start = starts[index];
    if (start === undefined) return undefined;
    return this.#part(start, starts[index + 1], 1);
  }

  /** The value of a key. */
  value(key: string): { readonly at: TextPosition; readonly block: Block } | undefined {
    const length = (rest: string): number | undefined => {
      for (const written of [key, JSON.stringify(key), `'${key}'`]) {
        if (rest.startsWith(written) && /^\s*:(?:\s|$)/.test(rest.slice(written.length))) {
          return rest.indexOf(":", written.length) + 1;
        }
      }
      return undefined;
    };
    const [start] = this.#starts((rest) => length(rest) !== undefined);
    if (start === undefined) return undefined;
    // The items of a list may be as far to the left as its key.
    const end = this.#lines.findIndex(({ text }, at) =>
      at > start && indentOf(text) <= this.#indent && !/^\s*-(?:\s|$)/.test(text)
    );
    const rest = this.#lines[start]!.text.slice(this.#indent);
    return this.#part(start, end < 0 ? undefined : end, length(rest)!);
  }

  /** The lines at the margin of this block whose text fits. */
  #starts(fits: (rest: string) => boolean): number[] {
    return this.#lines.flatMap(({ text }, at) =>
      indentOf(text) === this.#indent && fits(text.slice(this.#indent)) ? [at] : []
    );
  }

  /** Some of the lines, without the first characters of the first one. */
  #part(
    start: number,
    end: number | undefined,
    length: number,
  ): { readonly at: TextPosition; readonly block: Block } {
    const [first, ...rest] = this.#lines.slice(start, end);
    const { text, line } = first!;
    const blank = " ".repeat(this.#indent + length) + text.slice(this.#indent + length);
    return {
      at: { line: line + 1, column: this.#indent + 1 },
      block: new Block([{ text: blank, line }, ...rest]),
    };
  }
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}
