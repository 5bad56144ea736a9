/**
 * ICMP: echo, and the path to a host (RFC 792, RFC 4443).
 *
 * @module
 */

export type { IcmpError } from "./errors.ts";
export {
  Pinger,
  type PingEvent,
  type PingOptions,
  type PingReply,
  type PingsOptions,
} from "./ping.ts";
export { type TraceHop, type TraceOptions, tracePath, type TraceProbe } from "./trace.ts";
