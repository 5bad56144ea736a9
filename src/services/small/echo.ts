/**
 * Sends back all that comes (RFC 862).
 *
 * @module
 */

import type { ServiceModule } from "../core/service.ts";

/** The echo service. */
export const service: ServiceModule = {
  name: "echo",
  summary: "send back all that comes (RFC 862)",
  port: 7,
  parse: () => ({}),
  stream() {
    return {
      name: "echo",
      async handle(connection, { traffic }): Promise<void> {
        const buffer = new Uint8Array(32_768);
        while (true) {
          const count = await connection.read(buffer);
          if (count === null) return;
          traffic.received += count;
          for (let done = 0; done < count;) {
            const written = await connection.write(buffer.subarray(done, count));
            done += written;
            traffic.sent += written;
          }
        }
      },
    };
  },
  datagram() {
    return { name: "echo", reply: (message) => message };
  },
};
