/**
 * Tells the time of day as text (RFC 867).
 *
 * @module
 */

import { writeAll } from "../../net/mod.ts";
import { formatDaytime } from "../../protocols/daytime/mod.ts";
import type { ServiceContext, ServiceModule } from "../core/service.ts";

/** The daytime service. */
export const service: ServiceModule = {
  name: "daytime",
  summary: "tell the time of day as text (RFC 867)",
  port: 13,
  stream() {
    return {
      name: "daytime",
      async handle(connection, context): Promise<void> {
        const answer = answerOf(context);
        await writeAll(connection, answer);
        context.traffic.sent += answer.length;
      },
    };
  },
  datagram() {
    return { name: "daytime", reply: (_message, _sender, context) => answerOf(context) };
  },
};

function answerOf({ now }: ServiceContext): Uint8Array {
  return new TextEncoder().encode(`${formatDaytime(now())}\r\n`);
}
