/**
 * Sends the time of day as text (RFC 867).
 *
 * @module
 */

import type { ServiceModule } from "../core/service.ts";

/** The daytime service. */
export const service: ServiceModule = {
  name: "daytime",
  summary: "send date and time as text (RFC 867)",
  port: 13,
  parse: () => ({}),
  stream: async () => (await import("./_daytime.ts")).stream,
  datagram: async () => (await import("./_daytime.ts")).datagram,
};
