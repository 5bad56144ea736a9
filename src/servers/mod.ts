/**
 * Server models: how connections are accepted and run.
 *
 * @module
 */

export { isMistake } from "./_log.ts";
export type { PoolSize } from "./_pool.ts";
export * from "./broker.ts";
export * from "./datagrams.ts";
export * from "./fork.ts";
export { LineSession, type LineSessionOptions, type WhenFull } from "./line_session.ts";
export * from "./local_broker.ts";
export * from "./member_order.ts";
export * from "./member_report.ts";
export * from "./multiplex.ts";
export * from "./one_connection.ts";
export * from "./prefork.ts";
export * from "./prethread.ts";
export * from "./run_member.ts";
export * from "./serial.ts";
export * from "./server.ts";
export * from "./session_set.ts";
export * from "./thread.ts";
export * from "./worker_member.ts";
