/**
 * Options of commands that write or read messages, and what they need.
 *
 * @module
 */

import { type Capabilities, union, UsageError } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import { CHARSET_OPTIONS } from "../command/common_options.ts";
import type { DsnNotify } from "../../protocols/smtp/mod.ts";

/** Commands that write a message have these. */
export const DRAFT_OPTIONS: OptionSpecs = {
  from: { value: "ADDRESS", help: "who writes" },
  to: { value: "ADDRESS", many: true, help: "to whom; a list, or several times" },
  cc: { value: "ADDRESS", many: true, rare: true, help: "who should know of it" },
  bcc: { value: "ADDRESS", many: true, rare: true, help: "who gets it unseen" },
  "reply-to": { value: "ADDRESS", many: true, rare: true, help: "where answers go" },
  subject: { value: "TEXT", short: "s", help: "what it is about" },
  header: { value: "FIELD", many: true, rare: true, help: "another field: 'Name: text'" },
  body: { value: "TEXT", help: "the text; else standard input" },
  html: { value: "FILE", rare: true, help: "the text as HTML" },
  signature: { value: "FILE", rare: true, help: "what stands below the text, after '-- '" },
  attach: { value: "FILE", many: true, short: "a", help: "a file that goes with it" },
  inline: { value: "FILE", many: true, rare: true, help: "an image of the HTML: src=cid:NAME" },
  ...CHARSET_OPTIONS,
};

/**
 * Tells what making the message needs.
 *
 * @param args The command line.
 * @returns The files.
 */
export function draftCapabilities(args: Arguments): Capabilities {
  const files = [
    ...args.values("html"),
    ...args.values("signature"),
    ...args.values("attach"),
    ...args.values("inline"),
  ];
  return union(...files.map((file) => ({ read: [file] })));
}

/**
 * Tells what reading a message needs.
 *
 * @param file The file; undefined or `-` for standard input.
 * @returns The capabilities.
 */
export function inputCapabilities(file: string | undefined): Capabilities {
  return file === undefined || file === "-" ? {} : { read: [file] };
}

/** Commands that read messages can read many of them in one file. */
export const MBOX_OPTION: OptionSpecs = {
  mbox: { help: "the file holds many messages, each after a line From …" },
};

/**
 * Tells what reading the message and writing its answer needs.
 *
 * @param args The command line: the message is its operand, else standard input.
 * @returns The files.
 */
export function answeredCapabilities(args: Arguments): Capabilities {
  requireWriter(args);
  return union(inputCapabilities(args.operands[0]), draftCapabilities(args));
}

/** Options of a message that is sent. */
export const OUTGOING_OPTIONS: OptionSpecs = {
  ...DRAFT_OPTIONS,
  message: { value: "FILE", short: "m", help: "a message that is ready; - is standard input" },
  sender: { value: "ADDRESS", rare: true, help: "the envelope's sender; <> for the null one" },
  dsn: { value: "WHEN", rare: true, help: "reports: never, or success,failure,delay" },
  "dsn-return": { value: "WHAT", choices: ["full", "headers"], rare: true, help: "what they hold" },
  "dsn-id": { value: "TEXT", rare: true, help: "how they name the message" },
  "require-tls": { rare: true, help: "only by servers that speak TLS (RFC 8689)" },
};

/**
 * Tells what making the message needs.
 *
 * @param args The command line.
 * @returns The files.
 * @throws {UsageError} If options do not go together.
 */
export function outgoingCapabilities(args: Arguments): Capabilities {
  const file = args.value("message");
  dsnOf(args);
  if (file === undefined) return union(draftCapabilities(args));
  for (const name of Object.keys(DRAFT_OPTIONS)) {
    if (args.has(name) && !ENVELOPE_OPTIONS.has(name)) {
      throw new UsageError(`--${name} makes a message, and --message has one`);
    }
  }
  return inputCapabilities(file);
}

/** What names recipients names those of the envelope, whatever the message says. */
const ENVELOPE_OPTIONS = new Set(["to", "cc", "bcc"]);

export function dsnOf(args: Arguments): readonly DsnNotify[] | "never" | undefined {
  const text = args.value("dsn");
  if (text === undefined || text === "never") return text;
  return text.split(",").map((word) => {
    if (word === "success" || word === "failure" || word === "delay") return word;
    throw new UsageError("--dsn takes never, or a list of success, failure, delay");
  });
}

/**
 * Checks that it is said who writes.
 *
 * @param args The command line.
 * @throws {UsageError} If `--from` is missing.
 */
export function requireWriter(args: Arguments): void {
  if (!args.has("from")) throw new UsageError("--from is missing: who writes");
}

/**
 * Checks that somebody gets the message.
 *
 * @param args The command line.
 * @throws {UsageError} If there is none of `--to`, `--cc` and `--bcc`.
 */
export function requireRecipients(args: Arguments): void {
  if (!["to", "cc", "bcc"].some((name) => args.has(name))) throw new UsageError("--to is missing");
}
