/**
 * Tries to break out of its sandbox, and reports the results to its client.
 *
 * @module
 */

import { dial, LineWriter, parseEndpoint, systemNetwork } from "../../net/mod.ts";
import { attempt, type Try } from "./attempt.ts";
import { ATTEMPTS } from "./attempts.ts";
import type { ServiceModule } from "../core/service.ts";

/** The hostile service. */
export const service: ServiceModule<{ readonly allowed: string | undefined }> = {
  name: "hostile",
  summary: "test the sandbox from inside",
  port: 12001,
  options: { allowed: { value: "HOST:PORT", help: "the one address that it may reach" } },
  parse({ options: { allowed } }) {
    if (allowed !== undefined) parseEndpoint(allowed);
    return { allowed };
  },
  capabilities: ({ allowed }) => allowed === undefined ? {} : { net: [allowed] },
  stream: ({ allowed }) => ({
    name: "hostile",
    async handle(connection): Promise<void> {
      const writer = new LineWriter(connection);
      const tries = allowed === undefined ? ATTEMPTS : [reach(allowed), ...ATTEMPTS];
      for (const { name, outcome, text } of await attempt(tries)) {
        await writer.writeLine(`${outcome}\t${name}\t${text}`);
      }
    },
  }),
};

function reach(allowed: string): Try {
  return ["connect to the allowed host", async () => {
    (await dial(parseEndpoint(allowed), { network: systemNetwork({ net: [allowed] }) })).close();
  }];
}
