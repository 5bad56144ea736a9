/**
 * Patterns of names of mailboxes (RFC 9051 §6.3.9).
 *
 * @module
 */

/**
 * Matches a name: `*` is any characters, `%` any but the separator. `INBOX` matches in any case.
 *
 * @param pattern The pattern.
 * @param name The name.
 * @returns Whether it matches. Takes at most as many steps as the product of both lengths.
 *
 * @example Levels
 * ```ts
 * import { matchesMailbox } from "./match_mailbox.ts";
 * if (matchesMailbox("%", "a/b") || !matchesMailbox("a/%", "a/b")) throw new Error();
 * ```
 */
export function matchesMailbox(pattern: string, name: string): boolean {
  const signs = [...pattern.replace(/^inbox(?=$|[/*%])/i, "INBOX").replace(/[*%]*\*[*%]*/g, "*")];
  const characters = [...name];
  // The places in the name up to which the signs so far match.
  let reached = new Uint8Array(characters.length + 1);
  reached[0] = 1;
  for (const sign of signs) {
    const next = new Uint8Array(characters.length + 1);
    for (let at = 0; at <= characters.length; at++) {
      if (sign === "*" || sign === "%") {
        const isPassed = at > 0 && next[at - 1] === 1 &&
          (sign === "*" || characters[at - 1] !== "/");
        next[at] = reached[at] === 1 || isPassed ? 1 : 0;
      } else if (at > 0 && characters[at - 1] === sign) next[at] = reached[at - 1]!;
    }
    reached = next;
  }
  return reached[characters.length] === 1;
}
