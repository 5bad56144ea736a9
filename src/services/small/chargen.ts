/**
 * Sends characters without end (RFC 864).
 *
 * @module
 */

import type { ServiceModule } from "../core/service.ts";

/** The character generator. */
export const service: ServiceModule = {
  name: "chargen",
  summary: "send characters without end (RFC 864)",
  port: 19,
  parse: () => ({}),
  stream: async () => (await import("./_chargen.ts")).stream,
  datagram: async () => (await import("./_chargen.ts")).datagram,
};
