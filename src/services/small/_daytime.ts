/**
 * Sends the time of day as text (RFC 867).
 *
 * @module
 */

import { writeAll } from "../../net/mod.ts";
import { formatDaytime } from "../../protocols/daytime/internal.ts";
import type { DatagramService, Service, ServiceContext } from "../core/service.ts";

/** Sends each client the time. */
export const stream: Service = {
  name: "daytime",
  async handle(connection, context): Promise<void> {
    await writeAll(connection, answerOf(context));
  },
};

/** Answers each datagram with the time. */
export const datagram: DatagramService = {
  name: "daytime",
  reply: (_message, _sender, context) => answerOf(context),
};

function answerOf({ now }: ServiceContext): Uint8Array {
  return new TextEncoder().encode(`${formatDaytime(now())}\r\n`);
}
