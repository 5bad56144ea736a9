/**
 * Sends the time in four bytes (RFC 868).
 *
 * @module
 */

import { writeAll } from "../../net/mod.ts";
import { encodeTime } from "../../protocols/time/internal.ts";
import type { DatagramService, Service } from "../core/service.ts";

/** Sends each client the time. */
export const stream: Service = {
  name: "time",
  async handle(connection, { now }): Promise<void> {
    await writeAll(connection, encodeTime(now()));
  },
};

/** Answers each datagram with the time. */
export const datagram: DatagramService = {
  name: "time",
  reply: (_message, _sender, { now }) => encodeTime(now()),
};
