/**
 * Files of UNIX sockets: the file of a dead server is removed, that of a live one is not.
 *
 * @module
 */

import { closeQuietly } from "../core/close.ts";
import { type Endpoint, formatEndpoint } from "../address/endpoint.ts";
import { ConnectError } from "../core/errors.ts";
import { toNetwrightError } from "../core/system_errors.ts";

/** Who may use a socket by its file. */
export interface SocketFileOptions {
  /** Permission bits; to connect one must be allowed to write. */
  readonly mode?: number | undefined;
  /** The owner's number. */
  readonly uid?: number | undefined;
  /** The group's number. */
  readonly gid?: number | undefined;
}

/**
 * Removes the file of a socket without a listener.
 *
 * @param endpoint Where a server is to listen; only of UNIX sockets there is something to do.
 * @returns Whether there was such a file.
 * @throws {ConnectError} If a server listens there, or the file is not a socket.
 *
 * @example
 * ```ts
 * import { removeStaleSocket } from "./unix_socket.ts";
 * await removeStaleSocket({ transport: "unix", path: "/tmp/netwright-none.sock" });
 * ```
 */
export async function removeStaleSocket(endpoint: Endpoint): Promise<boolean> {
  if (!("path" in endpoint)) return false;
  const { path } = endpoint;
  const context = { operation: "listen", peer: formatEndpoint(endpoint) };
  try {
    const before = await Deno.lstat(path);
    if (before.isSocket !== true) {
      throw new ConnectError("the file is not a socket", { ...context, kind: "in use" });
    }
    // One for datagrams refuses a stream in another way than one that is gone.
    if (await isAlive(path)) {
      throw new ConnectError("another program listens there", { ...context, kind: "in use" });
    }
    const now = await Deno.lstat(path);
    // Another program may have been faster.
    if (now.ino !== before.ino) return false;
    await Deno.remove(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw toNetwrightError(error, context);
  }
}

async function isAlive(path: string): Promise<boolean> {
  try {
    closeQuietly(await Deno.connect({ transport: "unix", path }));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    if (error instanceof Deno.errors.NotFound) throw error;
    return true;
  }
}

/**
 * Says who may use a socket.
 *
 * @param endpoint Where a server listens; only of UNIX sockets there is something to do.
 * @param options Permissions and owner.
 * @throws {NetwrightError} If the system does not permit it.
 */
export async function setSocketFile(
  endpoint: Endpoint,
  { mode, uid, gid }: SocketFileOptions,
): Promise<void> {
  if (!("path" in endpoint)) return;
  const { path } = endpoint;
  try {
    if (uid !== undefined || gid !== undefined) await Deno.chown(path, uid ?? null, gid ?? null);
    if (mode !== undefined) await Deno.chmod(path, mode);
  } catch (error) {
    throw toNetwrightError(error, {
      operation: "set owner and permissions",
      peer: formatEndpoint(endpoint),
    });
  }
}
