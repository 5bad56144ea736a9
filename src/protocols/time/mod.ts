/**
 * The Time Protocol: a host tells the time as a number of seconds (RFC 868).
 *
 * @module
 */

export * from "./client.ts";
export * from "./codec.ts";
