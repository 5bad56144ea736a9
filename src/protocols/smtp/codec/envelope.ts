/**
 * The envelope of a message: its sender and recipients, whatever its header says (RFC 5321 §2.3.1).
 *
 * @module
 */

import { parseMailbox } from "../../../mime/mod.ts";
import { asciiDomain } from "../../../net/internal.ts";
import { InjectionError, ProtocolError } from "../../../net/mod.ts";

/** The events of a delivery that the sender is notified of (RFC 3461 §4.1). */
export type DsnNotify = "success" | "failure" | "delay";

/** A recipient of a message. */
export interface Recipient {
  /** The address, such as `ann@example.org`. */
  readonly address: string;
  /** The events that the sender is notified of; `never` means none. */
  readonly notify?: readonly DsnNotify[] | "never" | undefined;
  /** The address that the sender knew, if it was another. */
  readonly original?: string | undefined;
}

/** The sender and the recipients of a message. */
export interface Envelope {
  /** Where reports of failure go; empty for messages that are such reports. */
  readonly from: string;
  /** The recipients. */
  readonly to: readonly (string | Recipient)[];
  /** The part of the message in a report of failure (RFC 3461 §4.3). */
  readonly dsnReturn?: "full" | "headers" | undefined;
  /** How the sender knows this message in reports (RFC 3461 §4.4). */
  readonly dsnId?: string | undefined;
  /** Whether the header holds UTF-8 (RFC 6531); addresses that do are noticed anyway. @default {false} */
  readonly utf8?: boolean | undefined;
  /** Whether every server on the way must speak TLS (RFC 8689). @default {false} */
  readonly requireTls?: boolean | undefined;
}

/** Longest local part, in bytes, with its quotes. */
const MAX_LOCAL = 64 + 2;

/**
 * Formats an address as the path of MAIL and RCPT.
 *
 * A domain of other letters goes as its A-labels (RFC 5891), which every server takes.
 *
 * @param address The address; empty for the null path.
 * @returns Such as `<ann@example.org>`, and whether it needs SMTPUTF8.
 * @throws {InjectionError} If it is not an address, or would be read as another.
 *
 * @example A domain with an umlaut
 * ```ts
 * import { formatPath } from "./envelope.ts";
 * if (formatPath("ann@bücher.example").path !== "<ann@xn--bcher-kva.example>") throw new Error();
 * ```
 */
export function formatPath(address: string): { readonly path: string; readonly utf8: boolean } {
  if (address === "") return { path: "<>", utf8: false };
  const refuse = (reason: string, cause?: unknown): InjectionError =>
    new InjectionError(`${reason}: ${JSON.stringify(address.slice(0, 320))}`, {
      operation: "write an envelope",
      cause,
    });
  let read: string;
  try {
    read = parseMailbox(address).address;
  } catch (error) {
    if (error instanceof ProtocolError) throw refuse("no address", error);
    throw error;
  }
  // One parse decides for the header and the envelope; whatever it changes might be another's mailbox.
  if (read !== address) throw refuse("no plain address");
  const at = address.lastIndexOf("@");
  const local = at < 0 ? address : address.slice(0, at);
  const domain = at < 0 ? "" : address.slice(at + 1);
  if (/[\x00-\x1f\x7f]/.test(address)) throw refuse("an address holds a control character");
  const host = asciiDomain(domain);
  if (host === undefined) throw refuse("no domain");
  const isLong = local.length * 3 > MAX_LOCAL && new TextEncoder().encode(local).length > MAX_LOCAL;
  if (isLong || host.length > 255) {
    throw refuse("an address is too long (RFC 5321 §4.5.3.1)");
  }
  const path = host === "" ? `<${local}>` : `<${local}@${host}>`;
  return { path, utf8: /[^\x00-\x7f]/.test(path) };
}

/**
 * Encodes text as xtext (RFC 3461 §4): for parameters of MAIL and RCPT.
 *
 * @param text Text of ASCII.
 * @returns One word.
 * @throws {InjectionError} If it is no ASCII.
 */
export function formatXtext(text: string): string {
  if (/[^\x00-\x7f]/.test(text)) {
    throw new InjectionError("a parameter of the envelope must be ASCII", {
      operation: "write an envelope",
    });
  }
  return text.replace(
    /[^!-*,-<>-~]/g,
    (character) => `+${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

/**
 * Decodes xtext.
 *
 * @param word The word.
 * @returns The text; undefined if it is none.
 */
export function parseXtext(word: string): string | undefined {
  if (!/^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/.test(word)) return undefined;
  return word.replace(/\+([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}
