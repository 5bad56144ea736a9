/**
 * Options of commands that write or read messages, and their capabilities.
 *
 * @module
 */

import { union } from "../../net/internal.ts";
import { type Capabilities, UsageError } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import { CHARSET_OPTIONS } from "../command/common_options.ts";
import type { DsnNotify, Envelope } from "../../protocols/smtp/mod.ts";

/** Commands that write a message have these. */
export const DRAFT_OPTIONS: OptionSpecs = {
  from: { value: "ADDRESS", help: "who writes" },
  to: { value: "ADDRESS", many: true, help: "recipients; a list, or several times" },
  cc: { value: "ADDRESS", many: true, rare: true, help: "who should know of it" },
  bcc: { value: "ADDRESS", many: true, rare: true, help: "who gets it unseen" },
  "reply-to": { value: "ADDRESS", many: true, rare: true, help: "where answers go" },
  subject: { value: "TEXT", short: "s", help: "the subject" },
  header: { value: "FIELD", many: true, rare: true, help: "another field: 'Name: text'" },
  body: { value: "TEXT", help: "the text; else standard input" },
  html: { value: "FILE", rare: true, help: "the text as HTML" },
  signature: { value: "FILE", rare: true, help: "signature below the text, after '-- '" },
  attach: { value: "FILE", many: true, short: "a", help: "a file that goes with it" },
  inline: { value: "FILE", many: true, rare: true, help: "an image of the HTML: src=cid:NAME" },
  ...CHARSET_OPTIONS,
};

/** A message as the command line describes it; addresses are unparsed. */
export interface DraftPlan {
  /** Who writes. */
  readonly from: string | undefined;
  /** The recipients. */
  readonly to: readonly string[];
  /** Who should know of it. */
  readonly cc: readonly string[];
  /** Who gets it unseen. */
  readonly bcc: readonly string[];
  /** Where answers go. */
  readonly replyTo: readonly string[];
  /** The subject. */
  readonly subject: string | undefined;
  /** Other fields: `Name: text`. */
  readonly headers: readonly string[];
  /** The text; that of standard input if absent. */
  readonly body: string | undefined;
  /** A file with the text as HTML. */
  readonly html: string | undefined;
  /** A file with the signature. */
  readonly signature: string | undefined;
  /** Files that go with it. */
  readonly attach: readonly string[];
  /** Images of the HTML. */
  readonly inline: readonly string[];
  /** Charset of the texts. */
  readonly charset: string | undefined;
}

/**
 * Reads the plan of a message.
 *
 * @param args The command line.
 * @returns It.
 */
export function planDraft(args: Arguments): DraftPlan {
  return {
    from: args.value("from"),
    to: args.values("to"),
    cc: args.values("cc"),
    bcc: args.values("bcc"),
    replyTo: args.values("reply-to"),
    subject: args.value("subject"),
    headers: args.values("header"),
    body: args.value("body"),
    html: args.value("html"),
    signature: args.value("signature"),
    attach: args.values("attach"),
    inline: args.values("inline"),
    charset: args.value("charset"),
  };
}

/**
 * Returns the capabilities for making the message.
 *
 * @param draft The message.
 * @returns The files.
 */
export function draftCapabilities({ html, signature, attach, inline }: DraftPlan): Capabilities {
  const files = [html, signature, ...attach, ...inline].filter((file) => file !== undefined);
  return files.length === 0 ? {} : { read: files };
}

/**
 * Returns the capabilities for reading a message.
 *
 * @param file The file; undefined or `-` for standard input.
 * @returns The capabilities.
 */
export function inputCapabilities(file: string | undefined): Capabilities {
  return file === undefined || file === "-" ? {} : { read: [file] };
}

/** Where messages are read. */
export interface InputPlan {
  /** The file; standard input if absent. */
  readonly file: string | undefined;
  /** Whether it holds many messages. */
  readonly mbox: boolean;
}

/**
 * Reads where messages are.
 *
 * @param args The command line; its first operand is the file.
 * @returns Where.
 */
export function planInput(args: Arguments): InputPlan {
  return { file: args.operands[0], mbox: args.has("mbox") };
}

/** Commands that read messages can read many of them in one file. */
export const MBOX_OPTION: OptionSpecs = {
  mbox: { help: "the file holds many messages, each after a line From …" },
};

/** A message that is replied to or forwarded, and the new text. */
export interface AnsweredPlan {
  /** The file of the message; standard input if absent. */
  readonly file: string | undefined;
  /** The new text. */
  readonly draft: DraftPlan;
}

/**
 * Reads the message and the new text.
 *
 * @param args The command line: the message is its operand, else standard input.
 * @returns Both.
 * @throws {UsageError} If it is not said who writes.
 */
export function planAnswered(args: Arguments): AnsweredPlan {
  requireWriter(args);
  return { file: args.operands[0], draft: planDraft(args) };
}

/** Returns the capabilities for reading the message and writing its reply. */
export function answeredCapabilities({ file, draft }: AnsweredPlan): Capabilities {
  return union(inputCapabilities(file), draftCapabilities(draft));
}

/** Options of a message that is sent. */
export const OUTGOING_OPTIONS: OptionSpecs = {
  ...DRAFT_OPTIONS,
  message: { value: "FILE", short: "m", help: "a message that is ready; - is standard input" },
  sender: { value: "ADDRESS", rare: true, help: "the envelope's sender; <> for the null one" },
  dsn: { value: "WHEN", rare: true, help: "reports: never, or success,failure,delay" },
  "dsn-return": {
    value: "WHAT",
    choices: ["full", "headers"],
    rare: true,
    help: "content of such reports",
  },
  "dsn-id": { value: "TEXT", rare: true, help: "how they name the message" },
  "require-tls": { rare: true, help: "only by servers that speak TLS (RFC 8689)" },
};

/** A message that is sent: one that is ready, or a draft, and how. */
export interface OutgoingPlan {
  /** The file of one that is ready. */
  readonly message: string | undefined;
  /** The draft; of one that is ready only the recipients. */
  readonly draft: DraftPlan;
  /** The sender of the envelope. */
  readonly sender: string | undefined;
  /** When it is reported on. */
  readonly notify: readonly DsnNotify[] | "never" | undefined;
  /** What reports hold. */
  readonly dsnReturn: Envelope["dsnReturn"];
  /** How reports name the message. */
  readonly dsnId: string | undefined;
  /** Whether it goes only by servers that speak TLS. */
  readonly requireTls: boolean;
}

/**
 * Reads the message to send.
 *
 * @param args The command line.
 * @returns It.
 * @throws {UsageError} If options do not go together.
 */
export function planOutgoing(args: Arguments): OutgoingPlan {
  const message = args.value("message");
  for (const name of message === undefined ? [] : Object.keys(DRAFT_OPTIONS)) {
    if (args.has(name) && !ENVELOPE_OPTIONS.has(name)) {
      throw new UsageError(`--${name} makes a message, and --message has one`);
    }
  }
  return {
    message,
    draft: planDraft(args),
    sender: args.value("sender"),
    notify: dsnOf(args),
    dsnReturn: args.value("dsn-return") as Envelope["dsnReturn"],
    dsnId: args.value("dsn-id"),
    requireTls: args.has("require-tls"),
  };
}

/** Returns the capabilities for making the message. */
export function outgoingCapabilities({ message, draft }: OutgoingPlan): Capabilities {
  return message === undefined ? draftCapabilities(draft) : inputCapabilities(message);
}

/** What names recipients names those of the envelope, whatever the message says. */
const ENVELOPE_OPTIONS = new Set(["to", "cc", "bcc"]);

function dsnOf(args: Arguments): readonly DsnNotify[] | "never" | undefined {
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
 * Checks that the message has a recipient.
 *
 * @param args The command line.
 * @throws {UsageError} If there is none of `--to`, `--cc` and `--bcc`.
 */
export function requireRecipients(args: Arguments): void {
  if (!["to", "cc", "bcc"].some((name) => args.has(name))) throw new UsageError("--to is missing");
}
