/**
 * A server that answers NOOP in the way of SMTP; it prints its port and runs until it is ended.
 *
 * @module
 */

import { systemNetwork } from "../../src/net/mod.ts";
import { CommandSession } from "../../src/protocols/wire/mod.ts";

if (import.meta.main) {
  const listener = systemNetwork().listen({ hostname: "127.0.0.1", port: 0 });
  console.log((listener.addr as Deno.NetAddr).port);
  for await (const connection of listener) {
    (async () => {
      using session = new CommandSession(connection, { style: "smtp" });
      await session.reply(220, "ready");
      for await (const { verb } of session.commands(() => session.reply(500, "too long"))) {
        await session.reply(verb === "QUIT" ? 221 : 250, "ok");
        if (verb === "QUIT") break;
      }
      connection.close();
    })();
  }
}
