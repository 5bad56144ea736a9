/** A chat with a bot in it that greets everyone who enters its channel. */

import { ChatClient } from "@netwright/netwright/chat";
import { memoryNetwork, parseEndpoint } from "@netwright/netwright/net";
import { serveDatagrams } from "@netwright/netwright/servers";
import { datagramService } from "@netwright/netwright/services";

const network = memoryNetwork();
const endpoint = parseEndpoint("127.0.0.1:2027", { transport: "udp" });
await using _server = serveDatagrams(await datagramService("chat"), { network, endpoint });

async function runBot(bot: ChatClient): Promise<void> {
  bot.ask("joinRequest", "Weather");
  for await (const news of bot.news()) {
    if (news.kind !== "joined" || news.nickname === bot.nickname) continue;
    bot.ask("sendPrivate", `${news.nickname} Welcome to ${news.channel}!`);
  }
}

await using bot = await ChatClient.login("127.0.0.1", { network, nickname: "bot" });
const running = runBot(bot);
await using ann = await ChatClient.login("127.0.0.1", { network, nickname: "ann" });
await bot.settled;
ann.ask("joinRequest", "Weather");
for await (const news of ann.news()) {
  if (news.kind !== "private") continue;
  if (news.from !== "bot" || news.text !== "Welcome to Weather!") throw new Error(news.text);
  break;
}
await bot[Symbol.asyncDispose]();
await running;
console.log("ok");
