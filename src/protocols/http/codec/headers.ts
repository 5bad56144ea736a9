/**
 * Header fields of HTTP (RFC 9110 §5).
 *
 * @module
 */

/** The fields of a message in the order in which they came; names are compared without case. */
export class HttpHeaders {
  readonly #fields: readonly (readonly [name: string, value: string])[];

  /**
   * Keeps fields.
   * @param fields Names in lower case, with their values.
   */
  constructor(fields: readonly (readonly [name: string, value: string])[]) {
    this.#fields = fields;
  }

  /**
   * Gives the value of a field.
   * @param name Its name in lower case.
   * @returns The values of all fields of that name, joined by commas; undefined if there is none.
   */
  get(name: string): string | undefined {
    let found: string | undefined;
    for (const [key, value] of this.#fields) {
      if (key === name) found = found === undefined ? value : `${found}, ${value}`;
    }
    return found;
  }

  /** Gives the values of all fields of a name, in lower case. */
  all(name: string): string[] {
    return this.#fields.filter(([key]) => key === name).map(([, value]) => value);
  }

  /** How many fields there are. */
  get size(): number {
    return this.#fields.length;
  }

  /** Goes over all fields. */
  [Symbol.iterator](): Iterator<readonly [name: string, value: string]> {
    return this.#fields[Symbol.iterator]();
  }
}
