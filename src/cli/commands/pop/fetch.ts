/**
 * `netwright pop fetch`: reads mail at the terminal, or fetches it unattended (8.2 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import { parseAge } from "../../command/file_choice.ts";
import type { LoginPlan } from "../../login/options.ts";
import { parseRanges, planPop, POP_OPTIONS, type ReaderPlan } from "../../pop/options.ts";

/** Where messages go. */
export interface FetchTarget {
  /** The kind of place; `print` is standard output. */
  readonly kind: "maildir" | "mbox" | "folder" | "print";
  /** The folder or the file. */
  readonly path: string;
}

/** The mailbox, and what becomes of its messages. */
export interface FetchPlan {
  /** The mailbox. */
  readonly server: LoginPlan;
  /** What all of it needs. */
  readonly needs: Capabilities;
  /** Ranges of messages to print. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Where messages go; they are read at the terminal if absent. */
  readonly target: FetchTarget | undefined;
  /** How they are read there. */
  readonly reader: ReaderPlan;
  /** How long messages stay on the server after they were fetched, in milliseconds; for ever if absent. */
  readonly deleteAfterMs: number | undefined;
  /** Maximum size of a message, in bytes. */
  readonly maxBytes: number | undefined;
  /** Maximum number of messages. */
  readonly limit: number | undefined;
}

/** The command. */
export const command: Command<FetchPlan> = {
  name: "pop fetch",
  summary: "read POP3 mail, or fetch it into a mailbox",
  operands: "URL [NUMBER…]",
  count: { min: 1, max: Infinity },
  examples: [
    "pop fetch pop3s://ann@mail.example.org --maildir Mail --delete",
    "pop fetch pop3s://ann@mail.example.org",
  ],
  details:
    "Without a target, messages are read at the terminal: h lists the keys. Fetched messages stay on the\n" +
    "server, are remembered, and are not fetched again. Exit status 4: some could not be fetched.",
  manual: "With a target it runs unattended. A message counts as fetched when its file is\n" +
    "on the disk and recorded in the journal: netwright-fetched in the folder, or\n" +
    "FILE.netwright-fetched beside an mbox. Only then --delete and --delete-after\n" +
    "delete it on the server. A run may be killed at any moment: each message is\n" +
    "fetched once. Messages that the server no longer lists are remembered for 90\n" +
    "days.\n\n" +
    "Lines end with LF in a Maildir and an mbox, and as they came in files (--to).\n\n" +
    "At the terminal, attachments are saved with --attachments only, and shown with\n" +
    "--viewer only, which gets the name of the file as its last argument.",
  options: {
    maildir: { value: "DIR", help: "fetch into this Maildir" },
    mbox: { value: "FILE", help: "fetch to the end of this mbox" },
    to: { value: "DIR", help: "fetch into files of this folder; - prints one NUMBER" },
    delete: { help: "delete fetched messages on the server" },
    "delete-after": { value: "TIME", help: "delete messages fetched so long ago, such as 7d" },
    "max-size": { value: "SIZE", rare: true, help: "skip larger messages, such as 10M" },
    limit: { value: "N", rare: true, help: "fetch so many messages at most" },
    attachments: { value: "DIR", help: "where attachments are saved, at the terminal" },
    viewer: { value: "PROGRAM", help: "show attachments by this program, at the terminal" },
    ...POP_OPTIONS,
  },
  async plan(args, host) {
    const [url = "", ...numbers] = args.operands;
    const target = targetOf(args);
    const ranges = parseRanges(numbers);
    const single = ranges.length === 1 && ranges[0]![0] === ranges[0]![1];
    if (target?.kind === "print" ? !single : ranges.length > 0) {
      throw new UsageError("--to - and one NUMBER go together");
    }
    if (target?.kind === "print" && args.has("json")) {
      throw new UsageError("--to - prints the message itself, not JSON");
    }
    const reader = readerOf(args, target);
    const deleteAfterMs = deletionOf(args);
    for (const name of ["delete", "delete-after", "max-size", "limit"]) {
      if (args.has(name) && (target === undefined || target.kind === "print")) {
        throw new UsageError(`--${name} requires --maildir, --mbox or --to DIR`);
      }
    }
    const { server, needs } = await planPop(args, host, url);
    return {
      server,
      needs: union(needs, union(targetCapabilities(target), readerCapabilities(reader))),
      ranges,
      target,
      reader,
      deleteAfterMs,
      maxBytes: args.bytes("max-size"),
      limit: args.integer("limit", { min: 1, fallback: undefined }),
    };
  },
  capabilities: ({ needs }) => needs,
};

function targetOf(args: Arguments): FetchTarget | undefined {
  const given = (["maildir", "mbox", "to"] as const).filter((name) => args.has(name));
  if (given.length > 1) throw new UsageError(`--${given[0]} and --${given[1]} exclude each other`);
  const [name] = given;
  if (name === undefined) return undefined;
  const path = args.value(name)!;
  if (path === "") throw new UsageError(`--${name} requires a name`);
  if (name !== "to") return { kind: name, path };
  return path === "-" ? { kind: "print", path } : { kind: "folder", path };
}

function readerOf(args: Arguments, target: FetchTarget | undefined): ReaderPlan {
  for (const name of ["attachments", "viewer"]) {
    if (args.has(name) && target !== undefined) {
      throw new UsageError(`--${name} is for reading at the terminal, without a target`);
    }
  }
  const attachments = args.value("attachments");
  const viewer = args.value("viewer")?.split(" ").filter((word) => word !== "");
  if (viewer !== undefined && (viewer.length === 0 || attachments === undefined)) {
    throw new UsageError("--viewer requires a program, and --attachments for its files");
  }
  return { attachments, viewer };
}

function deletionOf(args: Arguments): number | undefined {
  const text = args.value("delete-after");
  if (text === undefined) return args.has("delete") ? 0 : undefined;
  if (args.has("delete")) throw new UsageError("--delete and --delete-after exclude each other");
  const age = parseAge(text);
  if (age === undefined) throw new UsageError("--delete-after takes an age, such as 12h or 7d");
  return age;
}

function targetCapabilities(target: FetchTarget | undefined): Capabilities {
  if (target === undefined || target.kind === "print") return {};
  // Beside an mbox are its lock, its journal and the message that is being delivered.
  const { kind, path } = target;
  const folder = kind === "mbox" ? path.slice(0, path.lastIndexOf("/") + 1) || "." : path;
  return { read: [folder], write: [folder] };
}

function readerCapabilities({ attachments, viewer }: ReaderPlan): Capabilities {
  return {
    ...(attachments !== undefined && { read: [attachments], write: [attachments] }),
    ...(viewer !== undefined && { run: [viewer[0]!] }),
  };
}
