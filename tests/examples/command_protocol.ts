/** A protocol of commands and coded replies, both sides, with what SMTP and FTP share: limits, deadlines, no injection. */

import { type Connection, dial } from "@netwright/netwright/net";
import { serve } from "@netwright/netwright/servers";
import { command, CommandChannel, CommandSession, serveCommands } from "@netwright/netwright/wire";

const prices = new Map([["apple", 30]]);

const shop = {
  name: "shop",
  async handle(connection: Connection): Promise<void> {
    using session = new CommandSession(connection, { style: "smtp" });
    await session.reply(220, "shop ready");
    await serveCommands(session, {
      verbs: {
        PRICE: async (argument) => {
          const price = prices.get(argument.validate((text) => text.trim()));
          await (price === undefined
            ? session.reply(550, "no such goods")
            : session.reply(250, String(price)));
        },
        QUIT: async () => {
          await session.reply(221, "goodbye");
          return "quit";
        },
      },
    });
  },
};

await using server = serve(shop);
using client = new CommandChannel(await dial(server.endpoint), { style: "smtp" });
await client.expect([220], "greeting");
const { lines } = await client.send(command`PRICE ${"apple"}`, [250]);
if (lines[0]?.forDisplay() !== "30") throw new Error("another price");
await client.send(command`QUIT`, [221]);
console.log("ok");
