/**
 * The server's side of an FTP session.
 *
 * @module
 */

import { type Connection, InjectionError, ReplyError } from "../../../net/mod.ts";
import { TreeError } from "../../../stores/mod.ts";
import { serveCommands, type VerbHandler } from "../../wire/mod.ts";
import { accessVerbs } from "./_access_verbs.ts";
import { dataVerbs } from "./_data_verbs.ts";
import { fileVerbs } from "./_file_verbs.ts";
import { FtpServerState, type FtpVerb } from "./_state.ts";
import { nameReply, treeReply } from "./_transfers.ts";
import { transferVerbs } from "./_transfer_verbs.ts";
import type { FtpServerOptions } from "./server_options.ts";

/** Verbs that anyone may use. */
const OPEN = [
  "USER",
  "PASS",
  "ACCT",
  "QUIT",
  "FEAT",
  "OPTS",
  "SYST",
  "NOOP",
  "HELP",
  "AUTH",
  "PBSZ",
  "PROT",
  "HOST",
  "REIN",
];
/** Verbs that are answered while a transfer is under way. */
const AMID = ["ABOR", "NOOP", "STAT", "QUIT"];
/** Verbs that change something. */
const CHANGING = [
  "STOR",
  "APPE",
  "STOU",
  "DELE",
  "MKD",
  "XMKD",
  "RMD",
  "XRMD",
  "RNFR",
  "RNTO",
  "MFMT",
  "SITE",
];

/** The reply before a connection is closed (RFC 959 §4.2, code 421). */
const LAST_WORDS = {
  idle: "No command for too long, closing the connection.",
  session: "The session has lasted too long, closing the connection.",
  shutdown: "The server is shutting down.",
} as const;

/**
 * Serves one client until it goes or quits.
 *
 * @param connection The client's connection; the caller closes it.
 * @param options Users, TLS, limits.
 * @throws {DisconnectedError} If the connection broke.
 *
 * @example A server of files in memory
 * ```ts
 * import { type Connection, systemNetwork } from "@netwright/netwright/net";
 * import { handleFtp } from "@netwright/netwright/ftp";
 * import { MemoryTree } from "@netwright/netwright/stores";
 * const tree = new MemoryTree();
 * async function handle(connection: Connection): Promise<void> {
 *   await handleFtp(connection, {
 *     network: systemNetwork(),
 *     authenticate: (user) =>
 *       Promise.resolve(user === "anonymous" ? { tree, canWrite: false } : undefined),
 *   });
 * }
 * ```
 */
export async function handleFtp(connection: Connection, options: FtpServerOptions): Promise<void> {
  const state = new FtpServerState(connection, options);
  using _side = state.side;
  using _session = state.session;
  options.beforeClosing?.((reason) => state.session.sayGoodbye(421, LAST_WORDS[reason]));
  const all: Record<string, FtpVerb> = {
    ...accessVerbs(state),
    ...fileVerbs(state),
    ...dataVerbs(state),
    ...transferVerbs(state),
  };
  const verbs: Record<string, VerbHandler> = {};
  for (const [verb, run] of Object.entries(all)) {
    verbs[verb] = (argument) => argument.validate((text) => handle(state, verb, run, text));
  }
  await state.reply(220, options.greeting ?? "ready");
  try {
    await serveCommands(state.session, {
      verbs,
      unknown: [502, "Command not implemented."],
      failure: [451, "Local error in processing."],
      onError: options.onError,
    });
  } finally {
    await state.transfers.abort().catch(() => {
      // The client is gone.
    });
  }
}

async function handle(
  state: FtpServerState,
  verb: string,
  run: FtpVerb,
  argument: string,
): Promise<"quit" | void> {
  if (!AMID.includes(verb)) await state.transfers.wait();
  if (state.user === undefined && !OPEN.includes(verb)) {
    return await state.reply(530, "Please log in with USER and PASS.");
  }
  if (state.user?.canWrite === false && CHANGING.includes(verb)) {
    return await state.reply(550, "Permission denied.");
  }
  if (verb !== "RNTO") state.renaming = undefined;
  try {
    return await run(argument);
  } catch (error) {
    if (error instanceof TreeError) return await state.reply(...treeReply(error));
    if (error instanceof InjectionError) {
      return await state.reply(...nameReply(error));
    }
    if (error instanceof ReplyError) return await state.reply(Number(error.code), error.reason);
    throw error;
  }
}
