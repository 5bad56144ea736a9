/**
 * The line that a finger client sends (RFC 1288 §2.3).
 *
 * @module
 */

import { trimBlanks } from "../../net/internal.ts";
import { InjectionError, UsageError } from "../../net/mod.ts";

/** A query to a finger server. */
export interface FingerQuery {
  /** The user; empty asks for a list of those who are logged in. */
  readonly user: string;
  /** Hosts that the question is to be passed on through, `{Q2}` in the RFC; usually none. */
  readonly hosts: readonly string[];
  /** Whether more is wanted than usual: `/W`. */
  readonly verbose: boolean;
}

/**
 * Writes a query.
 *
 * @param query The query.
 * @returns The line without CRLF.
 * @throws {InjectionError} If a part holds a control character, or a user holds a space.
 */
export function formatFingerQuery({ user, hosts, verbose }: FingerQuery): string {
  const name = [user, ...hosts].join("@");
  if (/[\x00-\x20\x7f]/.test(name)) {
    throw new InjectionError("a user is one word without control characters", {
      operation: "build a finger query",
    });
  }
  return [...(verbose ? ["/W"] : []), ...(name === "" ? [] : [name])].join(" ");
}

/**
 * Reads a query.
 *
 * @param line The client's line, without CRLF.
 * @returns The query.
 */
export function parseFingerQuery(line: string): FingerQuery {
  const words = trimBlanks(line).split(/[ \t]+/);
  const verbose = words[0]?.toUpperCase() === "/W";
  const [user = "", ...hosts] = (words[verbose ? 1 : 0] ?? "").split("@");
  return { user, hosts, verbose };
}

/**
 * Parses the argument of a finger client: `user@host`, `@host`, `user@inner@outer`.
 *
 * @param text The argument.
 * @returns The host to connect to, with its port if one was typed, and the query for it.
 * @throws {UsageError} If no host is named.
 *
 * @example Through another host
 * ```ts
 * import { parseFingerTarget } from "./query.ts";
 * const { host, query } = parseFingerTarget("ann@inner@outer:7979");
 * if (host !== "outer:7979" || query.hosts[0] !== "inner") throw new Error(host);
 * ```
 */
export function parseFingerTarget(
  text: string,
): { readonly host: string; readonly query: FingerQuery } {
  const at = text.lastIndexOf("@");
  if (at < 0 || at === text.length - 1) {
    throw new UsageError("write USER@HOST, or @HOST for all users");
  }
  const [user = "", ...hosts] = text.slice(0, at).split("@");
  return { host: text.slice(at + 1), query: { user, hosts, verbose: false } };
}
