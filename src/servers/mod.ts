/**
 * Server models: how connections are accepted and run.
 *
 * @module
 */

export { isMistake } from "./core/log.ts";
export * from "./pool/pool_options.ts";
export * from "./members/broker.ts";
export * from "./datagrams/datagrams.ts";
export * from "./models/fork.ts";
export { LineSession, type LineSessionOptions, type WhenFull } from "./lines/line_session.ts";
export * from "./members/local_broker.ts";
export * from "./members/member_options.ts";
export * from "./members/member_order.ts";
export * from "./members/member_report.ts";
export * from "./models/multiplex.ts";
export * from "./members/one_connection.ts";
export * from "./models/prefork.ts";
export * from "./models/prethread.ts";
export * from "./members/run_member.ts";
export * from "./models/serial.ts";
export * from "./core/server.ts";
export * from "./lines/session_set.ts";
export * from "./models/thread.ts";
export * from "./members/worker_member.ts";
