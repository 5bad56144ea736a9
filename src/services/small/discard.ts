/**
 * Throws away all that comes (RFC 863).
 *
 * @module
 */

import type { ServiceModule } from "../core/service.ts";

/** The discard service. */
export const service: ServiceModule = {
  name: "discard",
  summary: "throw away all that comes (RFC 863)",
  port: 9,
  parse: () => ({}),
  stream() {
    return {
      name: "discard",
      async handle(connection, { traffic }): Promise<void> {
        const buffer = new Uint8Array(32_768);
        for (
          let count = await connection.read(buffer);
          count !== null;
          count = await connection.read(buffer)
        ) traffic.received += count;
      },
    };
  },
  datagram() {
    return { name: "discard", reply: () => undefined };
  },
};
