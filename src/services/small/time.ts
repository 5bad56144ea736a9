/**
 * Tells the time as a number of seconds (RFC 868).
 *
 * @module
 */

import { writeAll } from "../../net/mod.ts";
import { encodeTime } from "../../protocols/time/mod.ts";
import type { ServiceModule } from "../core/service.ts";

/** The time service. */
export const service: ServiceModule = {
  name: "time",
  summary: "tell the time in four bytes (RFC 868)",
  port: 37,
  stream() {
    return {
      name: "time",
      async handle(connection, { now, traffic }): Promise<void> {
        await writeAll(connection, encodeTime(now()));
        traffic.sent += 4;
      },
    };
  },
  datagram() {
    return { name: "time", reply: (_message, _sender, { now }) => encodeTime(now()) };
  },
};
