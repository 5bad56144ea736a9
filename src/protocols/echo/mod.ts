/**
 * The Echo Protocol: a host sends back all that it is sent (RFC 862).
 *
 * @module
 */

export * from "./client.ts";
