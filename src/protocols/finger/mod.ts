/**
 * The Finger User Information Protocol (RFC 1288).
 *
 * @module
 */

export { finger } from "./client.ts";
export type { FingerQuery } from "./query.ts";
