/**
 * Server models: how connections are accepted and run.
 *
 * @module
 */

export type {
  ServeOptions,
  Server,
  ServerEvent,
  ServerStatus,
  ServerTls,
  WorkerStatus,
} from "./core/server.ts";
export { type DatagramsServer, serveDatagrams } from "./datagrams/datagrams.ts";
export { LineSession, type LineSessionOptions, type WhenFull } from "./lines/line_session.ts";
export { type SessionEvent, SessionSet, type SessionSetOptions } from "./lines/session_set.ts";
export type {
  AcceptedSocket,
  Broker,
  SharedSocket,
  WorkerProcess,
  WorkerThread,
} from "./workers/broker.ts";
export { localBroker, type LocalBrokerOptions } from "./brokers/local_broker.ts";
export type { WorkerServeOptions } from "./workers/worker_options.ts";
export type { WorkerOrder, WorkerSource } from "./workers/worker_order.ts";
export { serveFork } from "./models/fork.ts";
export { serveMultiplex } from "./models/multiplex.ts";
export { servePrefork } from "./models/prefork.ts";
export { servePrethread } from "./models/prethread.ts";
export { serveSerial } from "./models/serial.ts";
export { serveThread, type ThreadServeOptions } from "./models/thread.ts";
export type { PoolServeOptions, PoolSize } from "./pool/pool_options.ts";
export { type PortServer, serve, type SimpleServeOptions } from "./models/serve.ts";
