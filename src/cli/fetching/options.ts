/**
 * Options of commands that fetch mail into a mailbox of this host.
 *
 * @module
 */

import { type Capabilities, UsageError } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import { parseAge } from "../../net/internal.ts";
import type { OptionSpecs } from "../command/option_spec.ts";

/** Where messages go, and what becomes of those on the server. */
export const FETCH_OPTIONS: OptionSpecs = {
  maildir: { value: "DIR", help: "fetch into this Maildir" },
  mbox: { value: "FILE", help: "fetch to the end of this mbox" },
  delete: { help: "delete fetched messages on the server" },
  "delete-after": { value: "TIME", help: "delete messages fetched so long ago, such as 7d" },
  "max-size": { value: "SIZE", rare: true, help: "skip larger messages, such as 10M" },
  limit: { value: "N", rare: true, help: "fetch so many messages at most" },
};

/** Their part of a manual. */
export const FETCH_MANUAL = "A message counts as fetched when its file is\n" +
  "on the disk and recorded in the journal: netwright-fetched in the folder, or\n" +
  "FILE.netwright-fetched beside an mbox. Only then --delete and --delete-after\n" +
  "delete it on the server. A run may be killed at any moment: each message is\n" +
  "fetched once. Messages that the server no longer lists are remembered for 90\n" +
  "days.\n\n" +
  "Lines end with LF in a Maildir and an mbox, and as they came in files (--to).";

/** Where messages go. */
export interface FetchTarget {
  /** The kind of place; `print` is standard output. */
  readonly kind: "maildir" | "mbox" | "folder" | "print";
  /** The folder or the file. */
  readonly path: string;
}

/** How messages are fetched. */
export interface FetchRules {
  /** How long messages stay on the server after they were fetched, in milliseconds; for ever if absent. */
  readonly deleteAfterMs: number | undefined;
  /** Maximum size of a message, in bytes. */
  readonly maxBytes: number | undefined;
  /** Maximum number of messages. */
  readonly limit: number | undefined;
}

/**
 * Reads where messages go.
 *
 * @param args The command line.
 * @returns The place; undefined if none is named.
 * @throws {UsageError} If several are.
 */
export function planTarget(args: Arguments): FetchTarget | undefined {
  const given = (["maildir", "mbox", "to"] as const).filter((name) => args.has(name));
  if (given.length > 1) throw new UsageError(`--${given[0]} and --${given[1]} exclude each other`);
  const [name] = given;
  if (name === undefined) return undefined;
  const path = args.value(name)!;
  if (path === "") throw new UsageError(`--${name} requires a name`);
  if (name !== "to") return { kind: name, path };
  if (path !== "-") return { kind: "folder", path };
  if (args.has("json")) throw new UsageError("--to - prints the message itself, not JSON");
  return { kind: "print", path };
}

/**
 * Reads how messages are fetched.
 *
 * @param args The command line.
 * @param target Where they go.
 * @returns How.
 * @throws {UsageError} If options do not go together.
 */
export function planRules(args: Arguments, target: FetchTarget | undefined): FetchRules {
  const deleteAfterMs = deletionOf(args);
  for (const name of ["delete", "delete-after", "max-size", "limit"]) {
    if (args.has(name) && (target === undefined || target.kind === "print")) {
      throw new UsageError(`--${name} requires --maildir, --mbox or --to DIR`);
    }
  }
  return {
    deleteAfterMs,
    maxBytes: args.bytes("max-size"),
    limit: args.integer("limit", { min: 1, fallback: undefined }),
  };
}

function deletionOf(args: Arguments): number | undefined {
  const text = args.value("delete-after");
  if (text === undefined) return args.has("delete") ? 0 : undefined;
  if (args.has("delete")) throw new UsageError("--delete and --delete-after exclude each other");
  const age = parseAge(text);
  if (age === undefined) throw new UsageError("--delete-after takes an age, such as 12h or 7d");
  return age;
}

/**
 * Works out the capabilities of a place.
 *
 * @param target Where messages go.
 * @returns The folders.
 */
export function targetCapabilities(target: FetchTarget | undefined): Capabilities {
  if (target === undefined || target.kind === "print") return {};
  // Beside an mbox are its lock, its journal and the message that is being delivered.
  const { kind, path } = target;
  const folder = kind === "mbox" ? path.slice(0, path.lastIndexOf("/") + 1) || "." : path;
  return { read: [folder], write: [folder] };
}
