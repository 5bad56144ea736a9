/**
 * Challenges of servers, and the credentials that answer them (RFC 9110 §11).
 *
 * @module
 */

/** One challenge. */
export interface Challenge {
  /** The scheme in lower case: `basic`, `digest`, `bearer`. */
  readonly scheme: string;
  /** What stands in place of parameters, as `Negotiate` has it; undefined if nothing does. */
  readonly token: string | undefined;
  /** The parameters, their names in lower case; of one that is repeated, the first. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Most challenges that are read. */
const MAX_CHALLENGES = 20;

const BLANKS = /[ \t]*/y;
const SEPARATORS = /[ \t,]*/y;
const NAME = /[!#$%&'*+.^_`|~\w-]+/y;
const TOKEN68 = /[A-Za-z\d._~+/-]+=*(?=[ \t]*(?:,|$))/y;
const UNQUOTED = /[^\s,"]+/y;

/**
 * Reads the fields `WWW-Authenticate` or `Proxy-Authenticate`. Several challenges may stand in one field, and blanks and
 * commas anywhere between; what follows something that is neither is ignored.
 *
 * @param fields The values of the fields.
 * @returns The challenges, in order.
 *
 * @example Two in one field
 * ```ts
 * import { parseChallenges } from "./challenges.ts";
 * const found = parseChallenges(['Digest realm="a, b", nonce="x", Basic realm="a"']);
 * if (found.map(({ scheme }) => scheme).join() !== "digest,basic") throw new Error();
 * if (found[0]!.parameters.get("realm") !== "a, b") throw new Error();
 * ```
 */
export function parseChallenges(fields: readonly string[]): Challenge[] {
  return fields.flatMap((field) => [...challengesOf(field)]).slice(0, MAX_CHALLENGES);
}

function* challengesOf(text: string): Generator<Challenge> {
  let at = 0;
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? "";
    at += found.length;
    return found;
  };
  let scheme = "";
  let token: string | undefined;
  let parameters = new Map<string, string>();
  while (true) {
    take(SEPARATORS);
    const name = take(NAME);
    if (name === "") break;
    const gap = take(BLANKS);
    if (text[at] === "=" && scheme !== "") {
      at++;
      take(BLANKS);
      const value = text[at] === '"' ? quoted() : take(UNQUOTED);
      if (value === undefined) break;
      const key = name.toLowerCase();
      if (!parameters.has(key)) parameters.set(key, value);
      continue;
    }
    if (scheme !== "") yield { scheme, token, parameters };
    scheme = name.toLowerCase();
    parameters = new Map();
    token = undefined;
    // What follows the scheme is a parameter, the next scheme, or a token.
    if (gap !== "" && !isParameter()) token = take(TOKEN68) || undefined;
  }
  if (scheme !== "") yield { scheme, token, parameters };

  function quoted(): string | undefined {
    let value = "";
    for (at++; at < text.length; at++) {
      const character = text[at]!;
      if (character === '"') {
        at++;
        return value;
      }
      if (character === "\\" && at + 1 < text.length) at++;
      value += text[at]!;
    }
    return undefined;
  }

  function isParameter(): boolean {
    const begin = at;
    const name = take(NAME);
    take(BLANKS);
    const isOne = name !== "" && text[at] === "=" && !/^=*[ \t]*(?:,|$)/.test(text.slice(at));
    at = begin;
    return isOne;
  }
}

/**
 * Writes a parameter as a quoted string.
 *
 * @param value Any text without controls.
 * @returns The text in quotes.
 */
export function quoteParameter(value: string): string {
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}
