/**
 * The Time Protocol: a host sends the time as a number of seconds (RFC 868).
 *
 * @module
 */

export { time } from "./client.ts";
