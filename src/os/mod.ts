/**
 * The operating system's own calls.
 *
 * @module
 */

export { LIBC_PATHS } from "./libc_paths.ts";
export * from "./batched_datagrams.ts";
export * from "./child_process.ts";
export * from "./descriptor.ts";
export * from "./error_report.ts";
export * from "./links.ts";
export type { NetlinkItem } from "./netlink.ts";
export * from "./open_sockets.ts";
export * from "./listening_socket.ts";
export { closePoller, POLL } from "./poller.ts";
export * from "./pipe_reader.ts";
export * from "./shared_listener.ts";
export * from "./socket_owners.ts";
export * from "./sockaddr.ts";
export { openSocketCalls } from "./socket_calls.ts";
export * from "./system_call_error.ts";
export * from "./system_connect.ts";
export * from "./system_file.ts";
export * from "./system_socket.ts";
export * from "./system_stream.ts";
export * from "./system_streams.ts";
