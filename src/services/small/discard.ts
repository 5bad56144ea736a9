/**
 * Throws away all that comes (RFC 863).
 *
 * @module
 */

import type { ServiceModule } from "../core/service.ts";

/** The discard service. */
export const service: ServiceModule = {
  name: "discard",
  summary: "discard all input (RFC 863)",
  port: 9,
  parse: () => ({}),
  stream() {
    return {
      name: "discard",
      async handle(connection): Promise<void> {
        const buffer = new Uint8Array(32_768);
        while (await connection.read(buffer) !== null);
      },
    };
  },
  datagram() {
    return { name: "discard", reply: () => undefined };
  },
};
