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
 * Reads a file for finding its values by keys and indexes. In flow style (`{a: 1}`) a place is that of the whole.
 *
 * @param text The file.
 * @returns Finds the place of a key or of a list item; the last one on the way that could be found.
 */
export function yamlPositions(
  text: string,
): (path: readonly (string | number)[]) => TextPosition {
  const whole = new Block(text.split(/\r\n|\r|\n/).map((text, line) => ({ text, line })));
  return (path) => {
    let block = whole;
    let found: TextPosition = { line: 1, column: 1 };
    for (const part of path) {
      const next = block.child(part);
      if (next === undefined) break;
      found = next.at;
      block = next.block;
    }
    return found;
  };
}

/** A value inside another. */
interface Child {
  readonly at: TextPosition;
  readonly block: Block;
}

interface Line {
  readonly text: string;
  readonly line: number;
}

/** Lines of one value in block style; everything left of it is blank. */
class Block {
  readonly #lines: readonly Line[];
  readonly #indent: number;
  readonly #children = new Map<string | number, Child | undefined>();
  /** Where the items of a list begin. */
  #items: number[] | undefined;

  constructor(lines: readonly Line[]) {
    this.#lines = lines.filter(({ text }) => !/^\s*(?:#.*|---|)$/.test(text));
    this.#indent = indentOf(this.#lines[0]?.text ?? "");
  }

  /** A value by its key or index; found once. */
  child(part: string | number): Child | undefined {
    if (this.#children.has(part)) return this.#children.get(part);
    const found = typeof part === "number" ? this.#item(part) : this.#value(part);
    this.#children.set(part, found);
    return found;
  }

  #item(index: number): Child | undefined {
    const starts = this.#items ??= this.#starts((rest) => /^-(?:\s|$)/.test(rest));
    const start = starts[index];
    if (start === undefined) return undefined;
    return this.#part(start, starts[index + 1], 1);
  }

  #value(key: string): Child | undefined {
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
  ): Child {
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
