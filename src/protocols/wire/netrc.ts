/**
 * The netrc file: who logs in where, as FTP clients have kept it since 4.2BSD.
 *
 * @module
 */

import { NetwrightError } from "../../net/mod.ts";
import { Secret } from "./command.ts";

/** The entry of one host in a netrc file. */
export interface NetrcEntry {
  /** The host's name; undefined for `default`, which stands for all others. */
  readonly machine: string | undefined;
  /** The user's name there. */
  readonly login?: string | undefined;
  /** The password. */
  readonly password?: Secret | undefined;
  /** A second password, of systems that have one (RFC 959, `ACCT`). */
  readonly account?: Secret | undefined;
}

/**
 * Parses a netrc file. Words are separated by white space, or enclosed in double quotes, in which a backslash takes
 * the next character literally; `#` at the beginning of a word makes the rest of the line a remark;
 * macros (`macdef`) are passed over, up to their empty line.
 *
 * @param text The file's text.
 * @returns Its entries, in order.
 * @throws {NetwrightError} If it is not well-formed; the message has the number of the line, and no word
 *   of it, for that may be a password.
 *
 * @example One host
 * ```ts
 * import { findNetrc, parseNetrc } from "@netwright/netwright/wire";
 * const entries = parseNetrc("machine ftp.example.org login ann password sesame");
 * const entry = findNetrc(entries, "FTP.example.org");
 * if (entry?.login !== "ann" || entry.password?.reveal() !== "sesame") throw new Error("not found");
 * ```
 */
export function parseNetrc(text: string): NetrcEntry[] {
  const entries: { -readonly [K in keyof NetrcEntry]: NetrcEntry[K] }[] = [];
  const words = new Words(text);
  for (let key = words.next(); key !== undefined; key = words.next()) {
    const entry = entries.at(-1);
    if (key === "macdef") {
      words.skipMacro();
      continue;
    }
    if (key === "default") {
      entries.push({ machine: undefined });
      continue;
    }
    if (!["machine", "login", "user", "password", "account"].includes(key)) {
      throw malformed(words.line, "an unknown word");
    }
    if (key !== "machine" && entry === undefined) {
      throw malformed(words.line, `${key} before any machine`);
    }
    const value = words.next();
    if (value === undefined) throw malformed(words.line, `nothing after ${key}`);
    if (key === "machine") entries.push({ machine: value });
    else if (key === "password") entry!.password = new Secret(value);
    else if (key === "account") entry!.account = new Secret(value);
    else entry!.login = value;
  }
  return entries;
}

/**
 * Finds who logs in at a host.
 *
 * @param entries What {@link parseNetrc} gave.
 * @param host The host's name; upper and lower case are the same.
 * @param login The user's name, if it is known already: then only an entry for it will do.
 * @returns The first entry for the host, else the first `default`; undefined if there is none.
 */
export function findNetrc(
  entries: readonly NetrcEntry[],
  host: string,
  login?: string,
): NetrcEntry | undefined {
  const fits = (entry: NetrcEntry): boolean =>
    login === undefined || entry.login === undefined || entry.login === login;
  return entries.find((entry) =>
    entry.machine?.toLowerCase() === host.toLowerCase() && fits(entry)
  ) ?? entries.find((entry) => entry.machine === undefined && fits(entry));
}

/** The words of a file, one after the other. */
class Words {
  readonly #text: string;
  #at = 0;
  line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  next(): string | undefined {
    while (true) {
      this.#skip(/[\s\ufeff]/);
      if (this.#text[this.#at] !== "#") break;
      this.#skip(/[^\n]/);
    }
    if (this.#at >= this.#text.length) return undefined;
    return this.#text[this.#at] === '"' ? this.#quoted() : this.#plain();
  }

  /** Goes past the macro's name and its lines, up to an empty one. */
  skipMacro(): void {
    const end = /\n[ \t\r]*\n/g;
    end.lastIndex = this.#at;
    const found = end.exec(this.#text);
    const stop = found === null ? this.#text.length : found.index + found[0].length;
    while (this.#at < stop) this.#step();
  }

  #plain(): string {
    const start = this.#at;
    this.#skip(/\S/);
    return this.#text.slice(start, this.#at);
  }

  #quoted(): string {
    const { line } = this;
    let word = "";
    this.#step();
    while (this.#at < this.#text.length) {
      let character = this.#step();
      if (character === '"') return word;
      if (character === "\\" && this.#at < this.#text.length) {
        character = ESCAPES[this.#text[this.#at]!] ?? this.#text[this.#at]!;
        this.#step();
      }
      word += character;
    }
    throw malformed(line, "a quote without its end");
  }

  #skip(what: RegExp): void {
    while (this.#at < this.#text.length && what.test(this.#text[this.#at]!)) this.#step();
  }

  #step(): string {
    const character = this.#text[this.#at++]!;
    if (character === "\n") this.line++;
    return character;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

function malformed(line: number, reason: string): NetwrightError {
  return new NetwrightError(`line ${line}: ${reason}`, { operation: "read netrc" });
}
