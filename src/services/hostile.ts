/**
 * Tries to break out of its sandbox, and tells its client how that went.
 *
 * @module
 */

import { LineWriter } from "../net/mod.ts";
import { attempt, ATTEMPTS } from "./hostile/attempts.ts";
import type { ServiceModule } from "./service.ts";

/** The hostile service. */
export const service: ServiceModule = {
  name: "hostile",
  summary: "try to break out, and tell how that went",
  port: 12001,
  stream: () => ({
    name: "hostile",
    async handle(connection, { traffic }): Promise<void> {
      const writer = new LineWriter(connection);
      for (
        const { name, outcome, text } of await attempt(ATTEMPTS)
      ) {
        const line = `${outcome}\t${name}\t${text}`;
        traffic.sent += new TextEncoder().encode(line).length + 2;
        await writer.writeLine(line);
      }
    },
  }),
};
