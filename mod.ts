/**
 * Netwright: every classic Internet protocol as client and server.
 *
 * Protocol code is handed a `Network`: the system's own, a narrower one, or one in memory with faults.
 *
 * @module
 */

export * from "./src/mime/mod.ts";
export * from "./src/net/mod.ts";
export * from "./src/os/mod.ts";
export * from "./src/protocols/chargen/mod.ts";
export * from "./src/protocols/daytime/mod.ts";
export * from "./src/protocols/discard/mod.ts";
export * from "./src/protocols/echo/mod.ts";
export * from "./src/protocols/finger/mod.ts";
export * from "./src/protocols/icmp/mod.ts";
export * from "./src/protocols/localtime/mod.ts";
export * from "./src/protocols/qotd/mod.ts";
export * from "./src/protocols/sasl/mod.ts";
export * from "./src/protocols/smtp/mod.ts";
export * from "./src/protocols/time/mod.ts";
export * from "./src/protocols/time_of_day/mod.ts";
export * from "./src/protocols/wire/mod.ts";
export * from "./src/protocols/wrap/mod.ts";
export * from "./src/reference/mod.ts";
export * from "./src/servers/mod.ts";
export * from "./src/services/mod.ts";
export * from "./src/stores/mod.ts";
