/**
 * The operating system's own calls.
 *
 * @module
 */

export { LIBC_PATHS } from "./libc.ts";
export * from "./error_report.ts";
export * from "./open_sockets.ts";
export * from "./socket_owners.ts";
export * from "./sockaddr.ts";
export * from "./system_call_error.ts";
export * from "./system_file.ts";
export * from "./system_socket.ts";
