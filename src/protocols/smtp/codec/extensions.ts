/**
 * The extensions of an SMTP server (RFC 5321 §2.2).
 *
 * @module
 */

import { trimBlanks } from "../../../net/internal.ts";
import { singleLine } from "../../../net/mod.ts";
import type { Reply } from "../../wire/mod.ts";

/** A server's reply to EHLO or LHLO. */
export interface SmtpExtensions {
  /** Keywords in upper case, each with what followed it. */
  readonly all: ReadonlyMap<string, string>;
  /** Maximum message size in bytes (RFC 1870); Infinity without a limit, undefined if unknown. */
  readonly maxBytes: number | undefined;
  /** SASL mechanisms (RFC 4954), in upper case. */
  readonly mechanisms: readonly string[];
}

/** A server that only knows HELO. */
export const NO_EXTENSIONS: SmtpExtensions = {
  all: new Map(),
  maxBytes: undefined,
  mechanisms: [],
};

/**
 * Reads the answer to EHLO.
 *
 * @param reply The reply; its first line is the server's name.
 * @returns Its extensions.
 */
export function parseExtensions({ lines }: Pick<Reply, "lines">): SmtpExtensions {
  const all = new Map<string, string>();
  for (const line of lines.slice(1)) {
    const [keyword = "", ...rest] = trimBlanks(line.validate(singleLine)).split(/[ \t]+/);
    // Some write `AUTH=PLAIN LOGIN`, for clients of the last century.
    const [name = "", first] = keyword.split("=", 2);
    if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(name)) continue;
    const value = [...first === undefined ? [] : [first], ...rest].join(" ");
    const before = all.get(name.toUpperCase());
    all.set(name.toUpperCase(), before ? `${before} ${value}` : value);
  }
  const size = all.get("SIZE");
  const mechanisms = all.get("AUTH")?.toUpperCase().split(" ").filter((name) => name !== "") ?? [];
  return {
    all,
    maxBytes: size === undefined || !/^\d{0,18}$/.test(size) ? undefined : Number(size) || Infinity,
    mechanisms: [...new Set(mechanisms)],
  };
}

/**
 * Gives the enhanced status code of a reply (RFC 2034, RFC 3463).
 *
 * @param text The text of the reply's last line.
 * @returns Such as `5.1.1`; undefined if there is none.
 */
export function enhancedStatus(text: string): string | undefined {
  return /^([245]\.\d{1,3}\.\d{1,3})(?:\s|$)/.exec(text)?.[1];
}
