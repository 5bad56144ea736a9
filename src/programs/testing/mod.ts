/**
 * Tools for tests of network programs: a network in memory with faults, a clock, and a mail server that keeps the mail
 * that it receives.
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
