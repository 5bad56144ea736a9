/**
 * The Discard Protocol: a host throws away all that it is sent (RFC 863).
 *
 * @module
 */

export { discard } from "./client.ts";
