/**
 * The Daytime Protocol: a host tells the time of day as text (RFC 867).
 *
 * @module
 */

export * from "./client.ts";
export * from "./format.ts";
