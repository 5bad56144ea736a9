/**
 * The Character Generator Protocol: a host sends text without end (RFC 864).
 *
 * @module
 */

export * from "./client.ts";
export * from "./pattern.ts";
