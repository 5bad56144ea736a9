/**
 * Networks, connections, lines, addresses, deadlines, capabilities and errors: the base of all protocol
 * code.
 *
 * @module
 */

export type { ClientPrefix } from "./address/client_key.ts";
export {
  type Endpoint,
  type EndpointOptions,
  formatEndpoint,
  type HostEndpoint,
  parseEndpoint,
  type TlsMode,
  type UnixEndpoint,
} from "./address/endpoint.ts";
export {
  formatIp,
  type IpAddress,
  type IpScope,
  ipScope,
  isIp,
  isLoopback,
  parseIp,
  reverseName,
} from "./address/ip.ts";
export { Netmask, networksOfRange, smallestMask } from "./address/netmask.ts";
export {
  asHost,
  asKeyword,
  escapeForDisplay,
  parseInteger,
  singleLine,
  verbatim,
} from "./address/validators.ts";
export { ByteReader, type ByteReaderOptions } from "./bytes/byte_reader.ts";
export { type LineEnding, LineReader, type LineReaderOptions } from "./bytes/line_reader.ts";
export { LineWriter, type LineWriterOptions } from "./bytes/line_writer.ts";
export { PendingCall, poll, type Pollable } from "./bytes/poll.ts";
export { RateLimit } from "./bytes/rate_limit.ts";
export { dial } from "./client/dial.ts";
export { exemptHosts, parseProxy, type ProxyServer } from "./client/proxy_server.ts";
export { readToEnd, type ReadToEndOptions, writeAll } from "./bytes/read_write.ts";
export {
  SOCKET_OPTIONS,
  type SocketOptionName,
  type SocketOptions,
  socketOptions,
  type SocketOptionSupport,
  type SocketOptionTypes,
} from "./connect/socket_options.ts";
export type { UrgentDataOptions } from "./connect/urgent_data.ts";
export { overrideNetwork } from "./core/override_network.ts";
export { type CleanOptions, escapeControls } from "./core/escape_controls.ts";
export { type Clock, TestClock } from "./core/clock.ts";
export type {
  Address,
  Connection,
  DatagramConnection,
  Listener,
  MulticastMembership,
  NetAddress,
  Reader,
  UnixAddress,
  VsockAddress,
  Writer,
} from "./core/connection.ts";
export { Deadline, type DeadlineOptions, type WaitOptions } from "./core/deadline.ts";
export {
  CapabilityError,
  ConnectError,
  type ConnectErrorKind,
  DisconnectedError,
  type DisconnectReason,
  DnsError,
  type ErrorContext,
  InjectionError,
  LimitError,
  NetwrightError,
  ProtocolError,
  ReplyError,
  TimeoutError,
  TlsError,
  UnsupportedError,
  UsageError,
} from "./core/errors.ts";
export type {
  CaaRecord,
  MxRecord,
  NaptrRecord,
  Network,
  RecordType,
  RecordTypes,
  ResolveOptions,
  SoaRecord,
  SrvRecord,
  TcpConnectOptions,
  TcpListenOptions,
  UdpListenOptions,
  UnixpacketListenOptions,
  UnixSocketOptions,
} from "./core/network.ts";
export { toNetwrightError } from "./core/system_errors.ts";
export { Tainted } from "./core/tainted.ts";
export { ask, askForText, type AskWholeOptions } from "./client/ask.ts";
export { askDatagram, type AskOptions } from "./client/ask_datagram.ts";
export { wildcardAddress } from "./datagrams/wildcard_address.ts";
export type { DatagramStatistics } from "./datagrams/datagram_requests.ts";
export {
  type DnsRecord,
  lookUp,
  lookUpMany,
  type LookUpManyOptions,
  type LookUpOptions,
  type LookupResult,
} from "./client/look_up.ts";
export {
  type DatagramFaults,
  memoryNetwork,
  type MemoryNetworkOptions,
  type StreamFaults,
} from "./memory/memory_network.ts";
export {
  defaultInterface,
  type MulticastInterface,
  multicastInterfaces,
  type NetworkInterfaceNames,
} from "./multicast/multicast.ts";
export { type JoinOptions, MulticastReceiver } from "./multicast/multicast_receiver.ts";
export { MulticastSender, type MulticastSenderOptions } from "./multicast/multicast_sender.ts";
export type { Capabilities, Scope } from "./scope/capabilities.ts";
export { DestinationGate, type DestinationGateOptions } from "./client/destination_gate.ts";
export { systemNetwork } from "./scope/system_network.ts";
export {
  type CommonSecureOptions,
  secure,
  type SecureClientOptions,
  type SecureConnection,
  type SecureOptions,
  type SecureServerOptions,
  type TlsSession,
  type TlsTrust,
} from "./tls/secure.ts";
export type { ClientOptions, ServerAddress } from "./client/server_address.ts";
