/**
 * Sends the time as a number of seconds (RFC 868).
 *
 * @module
 */

import type { ServiceModule } from "../core/service.ts";

/** The time service. */
export const service: ServiceModule = {
  name: "time",
  summary: "send the time as 32 bits (RFC 868)",
  port: 37,
  parse: () => ({}),
  stream: async () => (await import("./_time.ts")).stream,
  datagram: async () => (await import("./_time.ts")).datagram,
};
