/**
 * Patterns of `robots.txt` (RFC 9309 §2.2.2 and §2.2.3).
 *
 * @module
 */

import { wildcard } from "../../../net/internal.ts";

/** One rule. */
export interface Rule {
  /** Whether matching resources may be requested. */
  readonly allows: boolean;
  /** The pattern, normalised. */
  readonly octets: string;
  /**
   * Matches a target.
   * @param target Path and query, normalised by {@link targetOctets}.
   */
  matches(target: string): boolean;
}

/**
 * Creates a rule.
 *
 * @param allows Whether it allows.
 * @param value The pattern as written: each character an octet.
 * @returns The rule; undefined if it is empty, which matches nothing.
 */
export function ruleFrom(allows: boolean, value: string): Rule | undefined {
  if (value === "") return undefined;
  const isAnchored = value.endsWith("$");
  const pattern = normalise(isAnchored ? value.slice(0, -1) : value, true);
  const octets = isAnchored ? `${pattern}$` : pattern;
  return { allows, octets, matches: wildcard(pattern, isAnchored) };
}

/**
 * Gives what patterns are compared with.
 *
 * @param url The resource.
 * @returns Its path and query, normalised.
 */
export function targetOctets({ pathname, search }: URL): string {
  return normalise(pathname.startsWith("/") ? pathname + search : `/${pathname}${search}`, false);
}

/** Normalises percent encoding: only reserved and non-ASCII octets stay encoded (RFC 9309 §2.2.2, RFC 3986 §6.2.2). */
function normalise(text: string, isPattern: boolean): string {
  return text.replace(/%[\da-f]{2}|[^\x21-\x7e]|[*$]/gi, (found) => {
    if (found === "*") return isPattern ? "*" : "%2A";
    if (found.length < 3) return percent(found.charCodeAt(0));
    const code = parseInt(found.slice(1), 16);
    const char = String.fromCharCode(code);
    return /[\w.~-]/.test(char) ? char : found.toUpperCase();
  });
}

function percent(code: number): string {
  return `%${code.toString(16).toUpperCase().padStart(2, "0")}`;
}
