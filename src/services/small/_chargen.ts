/**
 * Sends characters without end (RFC 864).
 *
 * @module
 */

import { closeQuietly } from "../../net/internal.ts";
import { type Connection, DisconnectedError, toNetwrightError } from "../../net/mod.ts";
import { CHARGEN_CYCLE } from "../../protocols/chargen/internal.ts";
import type { DatagramService, Service, ServiceContext } from "../core/service.ts";

/** Longest answer to a datagram (RFC 864). */
const MAX_DATAGRAM = 512;

/** Sends characters until the client leaves. */
export const stream: Service = { name: "chargen", handle };

/** Answers with characters, never with more than the question has, so that a forged sender gains nothing. */
export const datagram: DatagramService = {
  name: "chargen",
  reply: (message) => CHARGEN_CYCLE.subarray(0, Math.min(MAX_DATAGRAM, message.length)),
};

async function handle(connection: Connection, { signal }: ServiceContext): Promise<void> {
  const input = drain(connection);
  let at = 0;
  try {
    while (!signal.aborted) {
      const sent = await connection.write(CHARGEN_CYCLE.subarray(at));
      at = (at + sent) % CHARGEN_CYCLE.length;
    }
  } catch (error) {
    // The client leaving is how this protocol ends.
    const known = toNetwrightError(error, { operation: "generate" });
    if (!(known instanceof DisconnectedError)) throw error;
  } finally {
    closeQuietly(connection);
    await input;
  }
}

async function drain(connection: Connection): Promise<void> {
  const buffer = new Uint8Array(4096);
  try {
    while (await connection.read(buffer) !== null);
  } catch {
    // A broken connection fails in the writing side too, which reports it.
  }
}
