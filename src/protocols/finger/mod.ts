/**
 * The Finger User Information Protocol (RFC 1288).
 *
 * @module
 */

export * from "./client.ts";
export * from "./query.ts";
