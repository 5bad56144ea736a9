/**
 * Text from the network, marked in the types until a validator has looked at it: a mistake does not
 * compile.
 *
 * @module
 */

import { escapeControls } from "./escape_controls.ts";

/**
 * A value that a peer chose. It is not a string: it cannot become a file name, a command, a header or
 * output by mistake. Protocol code returns text of peers in this form; {@link validate} passes the value
 * to a validator, whose result is clean.
 *
 * @example A server's word becomes a file name
 * ```ts
 * import { Tainted } from "@netwright/netwright/net";
 * const name = new Tainted("../etc/passwd");
 * const clean = name.validate((text) => text.replaceAll(/[^a-z]/g, "_"));
 * if (clean !== "___etc_passwd" || `${name}` !== "[tainted]") throw new Error(clean);
 * ```
 */
export class Tainted<T> {
  readonly #value: T;

  /**
   * Marks a value.
   * @param value The peer's value.
   */
  constructor(value: T) {
    this.#value = value;
  }

  /**
   * Gives the value to a validator.
   * @param validator Looks at it, and returns something clean or throws.
   * @returns The validator's result.
   */
  validate<R>(validator: (value: T) => R): R {
    return validator(this.#value);
  }

  /**
   * Makes another tainted value of it, for code that only takes apart or translates.
   * @param change What to do with it.
   * @returns The result, tainted as well.
   */
  map<R>(change: (value: T) => R): Tainted<R> {
    return new Tainted(change(this.#value));
  }

  /**
   * Shows the value to a person: controls become visible escapes.
   * @returns One line that is safe in a terminal and a log, 1000 characters at most.
   *
   * @example An escape sequence
   * ```ts
   * import { Tainted } from "@netwright/netwright/net";
   * if (new Tainted("\x1b[2J").forDisplay() !== "\\x1b[2J") throw new Error("not escaped");
   * ```
   */
  forDisplay(): string {
    return escapeControls(String(this.#value), { maxLength: 1000 });
  }

  /**
   * Compares the value, which says nothing about what else it may be used for.
   * @param other A value, or one from a peer too.
   * @returns Whether both are the same, as `===` has it.
   */
  equals(other: T | Tainted<T>): boolean {
    return this.#value === (other instanceof Tainted ? other.#value : other);
  }

  /**
   * Makes a key for a `Map` or a `Set` of values from peers.
   * @returns The same text for equal values; it begins with NUL, so that no sink takes it for the value.
   */
  toKey(): string {
    return `\0${String(this.#value)}`;
  }

  /** A placeholder; {@link forDisplay} shows the value. */
  toString(): string {
    return "[tainted]";
  }

  /** A placeholder. */
  toJSON(): string {
    return this.toString();
  }
}
