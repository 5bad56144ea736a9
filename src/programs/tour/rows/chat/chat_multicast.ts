/**
 * A row of the tour.
 *
 * @module
 */

import { type HostEndpoint, memoryNetwork } from "../../../../net/mod.ts";
import { ChatClient, type ChatNews } from "../../../../protocols/chat/mod.ts";
import { serveDatagrams } from "../../../../servers/mod.ts";
import { datagramService } from "../../../../services/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 21.3. */
export const row: TourRow = {
  id: "21.3",
  program: "serve chat --multicast, chat --multicast",
  checked: "lines go to the channel's group, once, and its members receive them; in memory",
  async run() {
    const network = memoryNetwork();
    const service = await datagramService("chat", { multicast: "yes" });
    const endpoint = { transport: "udp", hostname: "127.0.0.1", port: 2027 } as const;
    await using server = serveDatagrams(service, { network, endpoint });
    const groups = { servers: ["0.0.0.0"] };
    const login = (nickname: string) =>
      ChatClient.login(server.endpoint as HostEndpoint, { network, nickname, groups });
    await using ann = await login("ann");
    await using bob = await login("bob");
    for (const client of [ann, bob]) {
      client.ask("joinRequest", "Pets");
      const entered = await first(client.news(), "entered");
      expect("group" in entered && entered.group === "225.1.0.5", "no group");
    }
    ann.ask("sendPublic", "hello");
    for (const client of [ann, bob]) {
      const message = await first(client.news(), "message");
      expect("text" in message && message.text === "hello", "something else was said");
    }
  },
};

async function first(news: AsyncIterable<ChatNews>, kind: ChatNews["kind"]): Promise<ChatNews> {
  for await (const one of news) if (one.kind === kind) return one;
  throw new Error(`no news of ${kind}`);
}
