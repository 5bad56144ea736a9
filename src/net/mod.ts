/**
 * Networks, connections, lines, addresses, deadlines, capabilities and errors: what all protocol code
 * stands on.
 *
 * @module
 */

export { ByteReader, type ByteReaderOptions } from "./bytes/byte_reader.ts";
export * from "./address/ascii_domain.ts";
export * from "./bytes/blanks.ts";
export * from "./datagrams/broadcast.ts";
export * from "./bytes/byte_amount.ts";
export * from "./scope/capabilities.ts";
export * from "./core/changed_network.ts";
export * from "./datagrams/ask.ts";
export * from "./datagrams/ask_datagram.ts";
export * from "./core/clean.ts";
export { type Clock, TestClock } from "./core/clock.ts";
export * from "./address/client_key.ts";
export * from "./core/close.ts";
export * from "./core/connection.ts";
export * from "./datagrams/datagram_requests.ts";
export * from "./core/deadline.ts";
export * from "./scope/destination_gate.ts";
export * from "./connect/dial.ts";
export * from "./address/endpoint.ts";
export * from "./core/errors.ts";
export * from "./dns/find_records.ts";
export * from "./connect/happy_eyeballs.ts";
export * from "./address/ip.ts";
export * from "./address/is_from.ts";
export * from "./bytes/join_bytes.ts";
export * from "./bytes/line_reader.ts";
export * from "./bytes/line_writer.ts";
export * from "./dns/look_up.ts";
export * from "./memory/memory_network.ts";
export * from "./multicast/multicast.ts";
export * from "./multicast/multicast_receiver.ts";
export * from "./multicast/multicast_sender.ts";
export * from "./address/netmask.ts";
export * from "./core/network.ts";
export * from "./core/pause.ts";
export * from "./bytes/poll.ts";
export * from "./bytes/rate_limit.ts";
export * from "./datagrams/round_trip.ts";
export * from "./bytes/same_bytes.ts";
export * from "./tls/secure.ts";
export * from "./core/runtime_version.ts";
export * from "./tls/server_credentials.ts";
export * from "./datagrams/share_datagrams.ts";
export * from "./connect/socket_options.ts";
export * from "./core/system_errors.ts";
export * from "./scope/system_network.ts";
export * from "./dns/system_resolver.ts";
export * from "./core/tainted.ts";
export * from "./datagrams/token_buckets.ts";
export * from "./connect/unix_socket.ts";
export * from "./connect/urgent_data.ts";
export * from "./address/validators.ts";
export { LIBC_PATHS } from "./scope/libc_paths.ts";
