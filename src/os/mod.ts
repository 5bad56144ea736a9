/**
 * The operating system's own calls.
 *
 * @module
 */

export * from "./sockets/batched_datagrams.ts";
export * from "./processes/child_process.ts";
export * from "./libc/descriptor.ts";
export * from "./sockets/error_report.ts";
export * from "./netlink/links.ts";
export type { NetlinkItem } from "./netlink/netlink.ts";
export * from "./proc/open_sockets.ts";
export * from "./sockets/listening_socket.ts";
export { closePoller, POLL } from "./sockets/poller.ts";
export * from "./processes/pipe_reader.ts";
export * from "./sockets/shared_listener.ts";
export * from "./proc/socket_owners.ts";
export * from "./sockets/sockaddr.ts";
export { openSocketCalls } from "./libc/socket_calls.ts";
export * from "./libc/system_call_error.ts";
export * from "./sockets/system_connect.ts";
export * from "./proc/system_file.ts";
export * from "./sockets/system_socket.ts";
export * from "./sockets/system_stream.ts";
export * from "./sockets/system_streams.ts";
