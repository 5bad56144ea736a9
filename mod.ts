/**
 * Netwright: every classic Internet protocol as client and server. Here are the clients, the servers, networks and
 * errors; each protocol has the rest under its own name, such as `@netwright/netwright/smtp`.
 *
 * Protocol code is handed a `Network`: the system's own, a narrower one, or one in memory with faults.
 *
 * @module
 */

export {
  type Attachment,
  composeMessage,
  type ComposeOptions,
  Entity,
  type MessageDraft,
  type ParseLimits,
  parseMessage,
} from "./src/mime/mod.ts";
export {
  type Address,
  ask,
  askDatagram,
  askForText,
  ByteReader,
  type Capabilities,
  CapabilityError,
  type ClientOptions,
  ConnectError,
  type ConnectErrorKind,
  type Connection,
  type DatagramConnection,
  type DatagramFaults,
  Deadline,
  type DeadlineOptions,
  dial,
  DisconnectedError,
  type DisconnectReason,
  DnsError,
  type Endpoint,
  type EndpointOptions,
  type ErrorContext,
  escapeForDisplay,
  formatEndpoint,
  type HostEndpoint,
  InjectionError,
  LimitError,
  LineReader,
  type LineReaderOptions,
  LineWriter,
  type LineWriterOptions,
  type Listener,
  lookUp,
  lookUpMany,
  type LookUpOptions,
  memoryNetwork,
  type MemoryNetworkOptions,
  MulticastReceiver,
  MulticastSender,
  type NetAddress,
  type Network,
  NetwrightError,
  parseEndpoint,
  ProtocolError,
  type Reader,
  readToEnd,
  type ReadToEndOptions,
  ReplyError,
  type Scope,
  secure,
  type SecureConnection,
  type SecureOptions,
  type ServerAddress,
  singleLine,
  type StreamFaults,
  systemNetwork,
  Tainted,
  TimeoutError,
  TlsError,
  toNetwrightError,
  type UnixAddress,
  type UnixEndpoint,
  UnsupportedError,
  UsageError,
  type WaitOptions,
  writeAll,
  type Writer,
} from "./src/net/mod.ts";
export { systemStreams } from "./src/os/mod.ts";
export { chargen, type ChargenOptions } from "./src/protocols/chargen/mod.ts";
export { ChatClient, type ChatClientOptions, discoverChat } from "./src/protocols/chat/mod.ts";
export { daytime } from "./src/protocols/daytime/mod.ts";
export { discard } from "./src/protocols/discard/mod.ts";
export {
  connectEcho,
  type Echo,
  type EchoClient,
  type EchoOptions,
} from "./src/protocols/echo/mod.ts";
export { finger } from "./src/protocols/finger/mod.ts";
export { FtpClient, type FtpClientOptions, type FtpEntry } from "./src/protocols/ftp/mod.ts";
export {
  Pinger,
  type PingOptions,
  type TraceOptions,
  tracePath,
} from "./src/protocols/icmp/mod.ts";
export { askLocaltime } from "./src/protocols/localtime/mod.ts";
export { qotd } from "./src/protocols/qotd/mod.ts";
export {
  deliver,
  type DeliveryOptions,
  type MailDraft,
  type OutgoingMessage,
  sendMail,
  type SendResult,
  SmtpClient,
  type SmtpClientOptions,
  SmtpPool,
  type SmtpPoolOptions,
} from "./src/protocols/smtp/mod.ts";
export { time } from "./src/protocols/time/mod.ts";
export {
  receiveTimeOfDay,
  sendTimeOfDay,
  type SendTimeOfDayOptions,
  type TimeOfDay,
} from "./src/protocols/time_of_day/mod.ts";
export {
  localBroker,
  type PoolServeOptions,
  type PortServer,
  serve,
  serveDatagrams,
  serveFork,
  serveMultiplex,
  type ServeOptions,
  servePrefork,
  servePrethread,
  type Server,
  type ServerEvent,
  type ServerStatus,
  serveSerial,
  serveThread,
  SessionSet,
  type SessionSetOptions,
  type SimpleServeOptions,
  type ThreadServeOptions,
  type WorkerServeOptions,
} from "./src/servers/mod.ts";
export {
  type DatagramService,
  datagramService,
  findService,
  listServices,
  namedService,
  type Service,
  type ServiceContext,
  streamService,
} from "./src/services/mod.ts";
export { type FetchHandler, httpHandler } from "./src/protocols/http/mod.ts";
