/**
 * Server models: how connections are accepted and run.
 *
 * @module
 */

export * from "./broker.ts";
export * from "./datagrams.ts";
export * from "./multiplex.ts";
export * from "./serial.ts";
export * from "./server.ts";
