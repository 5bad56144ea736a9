/**
 * Writes address lists (RFC 5322 §3.4, RFC 6532).
 *
 * @module
 */

import { asciiDomain } from "../../net/internal.ts";
import { InjectionError } from "../../net/mod.ts";
import { type MailAddress, type Mailbox, parseAddresses } from "./address.ts";
import { encodeWords } from "./encoded_word.ts";

/** How addresses are written. */
export interface FormatAddressOptions {
  /** Whether names and addresses are written in UTF-8 (RFC 6532). @default {false} */
  readonly utf8?: boolean;
}

/**
 * Writes an address list.
 *
 * @param addresses The addresses.
 * @param options Whether UTF-8 is allowed.
 * @returns Pieces, each of which may begin a line, to be joined by a space.
 * @throws {InjectionError} If a name or an address holds CR, LF or NUL, an address is malformed, or its local part is not
 * ASCII and UTF-8 is not allowed.
 *
 * @example A name that needs quotes
 * ```ts
 * import { formatAddresses } from "@netwright/netwright/mime";
 * const text = formatAddresses([{ name: "Doe, Ann", address: "ann@example.org" }]).join(" ");
 * if (text !== '"Doe, Ann" <ann@example.org>') throw new Error(text);
 * ```
 */
export function formatAddresses(
  addresses: readonly MailAddress[],
  options: FormatAddressOptions = {},
): string[] {
  return addresses.flatMap((address, index) => {
    const comma = index < addresses.length - 1 ? "," : "";
    if (!("group" in address)) {
      const pieces = formatMailbox(address, options);
      return [...pieces.slice(0, -1), pieces.at(-1)! + comma];
    }
    const name = formatPhrase(address.group, options);
    const members = formatAddresses(address.members, options);
    const head = [...name.slice(0, -1), `${name.at(-1)}:`];
    if (members.length === 0) return [...head.slice(0, -1), `${head.at(-1)};${comma}`];
    return [...head, ...members.slice(0, -1), `${members.at(-1)};${comma}`];
  });
}

/**
 * Checks whether an address can be written without ambiguity.
 *
 * @param address Such as `ann@example.org`.
 * @returns Whether one parse gives it back, and nothing about it is odd.
 */
export function isAddress(address: string): boolean {
  const { addresses, defects } = parseAddresses(address);
  const [only] = addresses;
  return addresses.length === 1 && !("group" in only!) && only!.address === address &&
    defects.length === 0 && !/[\r\n\0]/.test(address);
}

function formatMailbox({ name, address }: Mailbox, options: FormatAddressOptions): string[] {
  if (!isAddress(address)) {
    throw new InjectionError(`no address: ${JSON.stringify(address.slice(0, 200))}`, {
      operation: "write an address",
    });
  }
  const written = options.utf8 === true ? address : asciiAddress(address);
  if (name === undefined || name === "") return [written];
  return [...formatPhrase(name, options), `<${written}>`];
}

/** An address that any server takes (RFC 5321 §2.3.11): the domain as A-labels. */
function asciiAddress(address: string): string {
  const at = address.lastIndexOf("@") + 1;
  const written = address.slice(0, at) + (asciiDomain(address.slice(at)) ?? address.slice(at));
  if (!/[^\x20-\x7e]/.test(written)) return written;
  throw new InjectionError(
    `this address needs a header of UTF-8 (SMTPUTF8): ${JSON.stringify(address.slice(0, 200))}`,
    { operation: "write an address" },
  );
}

function formatPhrase(text: string, { utf8 = false }: FormatAddressOptions): string[] {
  if (/[\r\n\0]/.test(text)) {
    throw new InjectionError("a name holds CR, LF or NUL", { operation: "write an address" });
  }
  const clean = text.toWellFormed();
  const encoded = !utf8 && /[^\x20-\x7e]/.test(clean) || clean.includes("=?") ||
    clean.split(/\s/).some((word) => word.length > 60);
  if (encoded) return encodeWords(clean);
  if (
    /^[\w!#$%&'*+/=?^`{|}~\x80-\u{10ffff}-]+(?: [\w!#$%&'*+/=?^`{|}~\x80-\u{10ffff}-]+)*$/u.test(
      clean,
    )
  ) return clean.split(" ");
  return [`"${clean.replace(/["\\]/g, "\\$&")}"`];
}
