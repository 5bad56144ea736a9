/**
 * Opens listening sockets by the system's own calls.
 *
 * @module
 */

import { withoutZone } from "../../net/internal.ts";
import { type Address, formatEndpoint, parseIp, UnsupportedError } from "../../net/mod.ts";
import { AF_INET, AF_INET6, AF_UNIX, encodeAddress } from "./sockaddr.ts";
import { errnoReader, openLibrary } from "../libc/socket_calls.ts";
import { systemCallError } from "../libc/system_call_error.ts";
import { SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM, SOL_SOCKET } from "../libc/linux.ts";

const SYMBOLS = {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  listen: { parameters: ["i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  __errno_location: { parameters: [], result: "pointer" },
  copyFrom: { name: "memcpy", parameters: ["buffer", "pointer", "usize"], result: "pointer" },
} as const;

const SO_REUSEADDR = 2;
/** The system cuts this down to its own limit. */
const BACKLOG = 4096;

/**
 * Opens a listening socket that can be inherited.
 *
 * @param address Where: an IP address or a path; port 0 picks a free one.
 * @returns Its descriptor, which is not inherited yet, and waits for nothing.
 * @throws {ConnectError} If the address is in use or not ours.
 * @throws {UnsupportedError} If it is a host's name, or this is not Linux.
 * @throws {SystemCallError} If the system does not permit it.
 */
export function openListener(address: Address): number {
  return prepareListener()(address);
}

/**
 * Loads what {@link openListener} needs, so that the permission for it can be given up before.
 *
 * @returns Opens a listening socket, once; nothing that could open another one is left then.
 * @throws {UnsupportedError} If this is not Linux.
 * @throws {CapabilityError} If the process may not load the C library.
 */
export function prepareListener(): (address: Address) => number {
  const library = openLibrary(SYMBOLS);
  const errno = errnoReader(library);
  return (address) => {
    const context = { operation: "listen", peer: formatEndpoint(address) };
    const family = familyOf(address);
    if (family === undefined) {
      throw new UnsupportedError("give an IP address, not a name", context);
    }
    const fd = library.socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) throw systemCallError(errno(), context);
    const bytes = encodeAddress(address);
    const on = new Uint8Array(Int32Array.of(1).buffer);
    library.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, on, 4);
    if (library.bind(fd, bytes, bytes.length) === 0 && library.listen(fd, BACKLOG) === 0) return fd;
    const error = systemCallError(errno(), context);
    library.close(fd);
    throw error;
  };
}

function familyOf(address: Address): number | undefined {
  if ("path" in address) return AF_UNIX;
  if (!("hostname" in address)) return undefined;
  const version = parseIp(withoutZone(address.hostname))?.version;
  return version === 6 ? AF_INET6 : version === 4 ? AF_INET : undefined;
}
