/**
 * A row of the tour.
 *
 * @module
 */

import { type HostEndpoint, memoryNetwork } from "../../../../net/mod.ts";
import { ChatClient } from "../../../../protocols/chat/mod.ts";
import { serveDatagrams } from "../../../../servers/mod.ts";
import { datagramService } from "../../../../services/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of 19.2. */
export const row: TourRow = {
  id: "19.2",
  program: "serve chat --idle-timeout",
  checked: "a silent user is removed, and one that says STILL_HERE stays",
  async run() {
    const network = memoryNetwork({ time: "real" });
    const service = await datagramService("chat");
    const endpoint = { transport: "udp", hostname: "127.0.0.1", port: 2027 } as const;
    await using server = serveDatagrams(service, { network, endpoint, idleTimeoutMs: 200 });
    const login = (nickname: string, stillHereMs: number) =>
      ChatClient.login(server.endpoint as HostEndpoint, { network, nickname, stillHereMs });
    await using here = await login("ann", 50);
    await using silent = await login("bob", 3_600_000);
    for (const client of [silent, here]) client.ask("joinRequest", "Pets");
    const seen: string[] = [];
    for await (const news of here.news()) {
      if (news.kind === "entered" || news.kind === "parted") seen.push(news.kind);
      if (news.kind !== "parted") continue;
      expect(news.nickname === "bob", "another one was dropped");
      break;
    }
    expect(seen.join() === "entered,parted", `it received ${seen}`);
  },
};
