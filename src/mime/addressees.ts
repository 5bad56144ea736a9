/**
 * From whom and to whom a ready message goes, by its header.
 *
 * @module
 */

import { mailboxesOf } from "./address.ts";
import type { Header } from "./header.ts";

/** The addresses of an envelope. */
export interface Addressees {
  /** Where reports of failure go; empty for answers of programs; undefined if the header names nobody. */
  readonly from: string | undefined;
  /** To whom, each once. */
  readonly to: readonly string[];
}

/**
 * Tells from whom and to whom a message is, as its header says (RFC 5322 §3.6). If it was sent on, the fields of that
 * count (§3.6.6); what a program answered leaves with the null sender (RFC 3834 §3.3).
 *
 * @param header The message's header.
 * @returns The addresses.
 *
 * @example Bcc counts too
 * ```ts
 * import { addresseesOf, Header } from "@netwright/netwright/mime";
 * const text = "From: a@x.example\r\nTo: b@x.example\r\nBcc: c@x.example\r\n";
 * const { from, to } = addresseesOf(Header.parse(new TextEncoder().encode(text)));
 * if (from !== "a@x.example" || to.join() !== "b@x.example,c@x.example") throw new Error("others");
 * ```
 */
export function addresseesOf(header: Header): Addressees {
  const all = (...names: string[]) =>
    names.flatMap((name) => mailboxesOf(header.addresses(name)))
      .map(({ address }) => address).filter((address) => address !== "");
  const resent = all("resent-to", "resent-cc", "resent-bcc");
  const isResent = resent.length > 0;
  const to = isResent ? resent : all("to", "cc", "bcc");
  const [from] = isResent ? all("resent-sender", "resent-from") : all("sender", "from");
  const answered = !isResent && /^\s*auto-replied\b/i.test(header.get("auto-submitted") ?? "");
  return { from: answered ? "" : from, to: [...new Set(to)] };
}
