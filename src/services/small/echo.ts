/**
 * Sends back all that comes (RFC 862).
 *
 * @module
 */

import { writeAll } from "../../net/mod.ts";
import type { ServiceModule } from "../core/service.ts";

/** The echo service. */
export const service: ServiceModule = {
  name: "echo",
  summary: "send all input back (RFC 862)",
  port: 7,
  isForPeople: true,
  parse: () => ({}),
  stream() {
    return {
      name: "echo",
      async handle(connection): Promise<void> {
        const buffer = new Uint8Array(32_768);
        while (true) {
          const count = await connection.read(buffer);
          if (count === null) return;
          await writeAll(connection, buffer.subarray(0, count));
        }
      },
    };
  },
  datagram() {
    return { name: "echo", reply: (message) => message };
  },
};
