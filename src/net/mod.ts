/**
 * Networks, connections, lines, addresses, deadlines, capabilities and errors: what all protocol code
 * stands on.
 *
 * @module
 */

export { ByteReader, type ByteReaderOptions } from "./byte_reader.ts";
export * from "./ascii_domain.ts";
export * from "./blanks.ts";
export * from "./broadcast.ts";
export * from "./byte_amount.ts";
export * from "./capabilities.ts";
export * from "./changed_network.ts";
export * from "./ask.ts";
export * from "./ask_datagram.ts";
export * from "./clean.ts";
export { type Clock, TestClock } from "./clock.ts";
export * from "./client_key.ts";
export * from "./close.ts";
export * from "./connection.ts";
export * from "./datagram_requests.ts";
export * from "./deadline.ts";
export * from "./destination_gate.ts";
export * from "./dial.ts";
export * from "./endpoint.ts";
export * from "./errors.ts";
export * from "./find_records.ts";
export * from "./happy_eyeballs.ts";
export * from "./ip.ts";
export * from "./is_from.ts";
export * from "./join_bytes.ts";
export * from "./line_reader.ts";
export * from "./line_writer.ts";
export * from "./look_up.ts";
export * from "./memory_network.ts";
export * from "./multicast.ts";
export * from "./multicast_receiver.ts";
export * from "./multicast_sender.ts";
export * from "./netmask.ts";
export * from "./network.ts";
export * from "./pause.ts";
export * from "./poll.ts";
export * from "./rate_limit.ts";
export * from "./round_trip.ts";
export * from "./same_bytes.ts";
export * from "./secure.ts";
export * from "./runtime_version.ts";
export * from "./server_credentials.ts";
export * from "./share_datagrams.ts";
export * from "./socket_options.ts";
export * from "./system_errors.ts";
export * from "./system_network.ts";
export * from "./system_resolver.ts";
export * from "./tainted.ts";
export * from "./token_buckets.ts";
export * from "./unix_socket.ts";
export * from "./urgent_data.ts";
export * from "./validators.ts";
