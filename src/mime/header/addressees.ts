/**
 * Sender and recipients of a ready message, by its header.
 *
 * @module
 */

import { mailboxesOf } from "./address.ts";
import { Header, type HeaderField } from "./header.ts";

/** The addresses of an envelope. */
export interface Addressees {
  /** The address for reports of failure; empty for automatic replies; undefined if the header has none. */
  readonly from: string | undefined;
  /** The recipients, each once. */
  readonly to: readonly string[];
}

/**
 * Returns the sender and the recipients of a message, by its header (RFC 5322 §3.6). If it was resent, the fields of the
 * last time count, which are first (§3.6.6); an automatic reply has the null sender (RFC 3834 §3.3).
 *
 * @param header The message's header.
 * @returns The addresses.
 *
 * @example Bcc counts too
 * ```ts
 * import { addresseesOf } from "./addressees.ts";
 * import { Header } from "@netwright/netwright/mime";
 * const text = "From: a@x.example\r\nTo: b@x.example\r\nBcc: c@x.example\r\n";
 * const { from, to } = addresseesOf(Header.parse(new TextEncoder().encode(text)));
 * if (from !== "a@x.example" || to.join() !== "b@x.example,c@x.example") throw new Error("others");
 * ```
 */
export function addresseesOf(header: Header): Addressees {
  const resent = lastResent(header);
  const all = (from: Header, ...names: string[]) =>
    names.flatMap((name) => mailboxesOf(from.addresses(name)))
      .map(({ address }) => address).filter((address) => address !== "");
  const resentTo = all(resent, "resent-to", "resent-cc", "resent-bcc");
  if (resentTo.length > 0) {
    const [from] = all(resent, "resent-sender", "resent-from");
    return { from, to: [...new Set(resentTo)] };
  }
  const [from] = all(header, "sender", "from");
  const isAnswer = /^\s*auto-replied\b/i.test(header.get("auto-submitted") ?? "");
  return { from: isAnswer ? "" : from, to: [...new Set(all(header, "to", "cc", "bcc"))] };
}

/** The fields of the last time that the message was resent: they are adjacent, each once. */
function lastResent({ fields }: Header): Header {
  const found = new Map<string, HeaderField>();
  for (const field of fields) {
    const name = field.name.toLowerCase();
    const isResent = name.startsWith("resent-");
    if (found.size > 0 && (!isResent || found.has(name))) break;
    if (isResent) found.set(name, field);
  }
  return new Header([...found.values()]);
}
