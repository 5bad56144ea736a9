/**
 * ICMP: echo, and the path to a host (RFC 792, RFC 4443).
 *
 * @module
 */

export * from "./codec.ts";
export * from "./errors.ts";
export * from "./ping.ts";
export * from "./trace.ts";
