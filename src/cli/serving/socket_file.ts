/**
 * The file of a server's UNIX socket.
 *
 * @module
 */

import { removeStaleSocket, setSocketFile } from "../../net/internal.ts";
import { type Endpoint, UsageError } from "../../net/mod.ts";
import type { Server } from "../../servers/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { OptionSpecs } from "../command/option_spec.ts";

/** Servers have these. */
export const SOCKET_FILE_OPTIONS: OptionSpecs = {
  "socket-mode": { value: "MODE", rare: true, help: "permission bits of a UNIX socket" },
  "socket-owner": { value: "UID[:GID]", rare: true, help: "owner of a UNIX socket" },
};

/** Who may use it; undefined where the system says. */
export interface SocketFile {
  /** Permission bits. */
  readonly mode: number | undefined;
  /** The owner. */
  readonly uid: number | undefined;
  /** The owner's group. */
  readonly gid: number | undefined;
}

/**
 * Reads `--socket-mode` and `--socket-owner`.
 *
 * @param args The command line.
 * @param endpoint Where the server listens.
 * @returns Who may use the file.
 * @throws {UsageError} If the options make no sense.
 */
export function socketFileOf(args: Arguments, endpoint: Endpoint): SocketFile {
  const [mode, owner] = [args.value("socket-mode"), args.value("socket-owner")];
  if ((mode ?? owner) !== undefined && !("path" in endpoint)) {
    throw new UsageError("only UNIX sockets have a file with a mode and an owner");
  }
  if (mode !== undefined && !/^[0-7]{3,4}$/.test(mode)) {
    throw new UsageError("--socket-mode must be three or four octal digits");
  }
  const [, uid, gid] = /^(\d{1,10})?(?::(\d{1,10}))?$/.exec(owner ?? "") ?? [];
  if (owner !== undefined && uid === undefined && gid === undefined) {
    throw new UsageError("--socket-owner must be numbers: UID, UID:GID or :GID");
  }
  return {
    mode: mode === undefined ? undefined : parseInt(mode, 8),
    uid: uid === undefined ? undefined : Number(uid),
    gid: gid === undefined ? undefined : Number(gid),
  };
}

/**
 * Removes the socket file of a dead server, and sets the owner and mode of the new one.
 *
 * @param file Who may use it.
 * @param endpoint Where the server listens.
 * @param starting Starts it.
 * @returns The server.
 * @throws {ConnectError} If another server listens there.
 */
export async function withSocketFile(
  file: SocketFile,
  endpoint: Endpoint,
  starting: () => Promise<Server> | Server,
): Promise<Server> {
  await removeStaleSocket(endpoint);
  const server = await starting();
  try {
    await setSocketFile(endpoint, file);
    return server;
  } catch (error) {
    await server.shutdown(0);
    throw error;
  }
}
