/**
 * What tests of network programs need: a network in memory with faults, a clock, and a mail server that keeps what it is
 * sent.
 *
 * @module
 */

export {
  type Clock,
  type DatagramFaults,
  memoryNetwork,
  type MemoryNetworkOptions,
  type Network,
  type StreamFaults,
  TestClock,
} from "../../net/mod.ts";
export { catchMail, type CatchMailOptions, type CaughtMail, MailCatcher } from "./catch_mail.ts";
