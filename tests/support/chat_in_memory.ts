/**
 * The chat in memory: its server, and a crowd of clients.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type HostEndpoint, memoryNetwork, type Network } from "../../src/net/mod.ts";
import { ChatClient, type ChatNews } from "../../src/protocols/chat/mod.ts";
import { type DatagramsServer, serveDatagrams } from "../../src/servers/mod.ts";
import { datagramService } from "../../src/services/mod.ts";

/** Starts a chat server. */
export async function started(
  network: Network,
  options: Record<string, string> = {},
  port = 0,
  documents: Record<string, unknown> = {},
): Promise<DatagramsServer> {
  const chat = await datagramService("chat", options, { documents });
  const endpoint = { transport: "udp", hostname: "127.0.0.1", port } as const;
  return serveDatagrams(chat, { network, endpoint, idleTimeoutMs: 60_000, clientRate: Infinity });
}

/** Reads news until one is of a kind. */
export async function until<K extends ChatNews["kind"]>(
  news: AsyncGenerator<ChatNews>,
  kind: K,
): Promise<ChatNews & { readonly kind: K }> {
  for (let next = await news.next(); !next.done; next = await news.next()) {
    if (next.value.kind === kind) return next.value as ChatNews & { readonly kind: K };
  }
  throw new Error(`no ${kind}`);
}

/** Lets users say messages in channels, and makes sure that each is received by each worker once. */
export async function chatCrowd(
  { users: USERS, channels: CHANNELS, messages: MESSAGES }: Readonly<
    Record<"users" | "channels" | "messages", number>
  >,
): Promise<void> {
  const network = memoryNetwork();
  const channels = Object.fromEntries(
    Array.from({ length: CHANNELS }, (_, n) => [`C${n}`, `no. ${n}`]),
  );
  const options = {
    channels: "channels.yaml",
    rate: "1000000",
    "max-users": `${USERS}`,
    "max-per-host": `${USERS}`,
  };
  await using server = await started(network, options, 0, { channels });
  const endpoint = server.endpoint as HostEndpoint;
  const users = await Promise.all(Array.from({ length: USERS }, async (_, n) => {
    const client = await ChatClient.login(endpoint, { network, nickname: `u${n}` });
    const news = client.news();
    client.ask("joinRequest", `C${n % CHANNELS}`);
    await until(news, "entered");
    return { client, news, got: new Map<string, number>() };
  }));
  const perUser = MESSAGES / USERS;
  const perChannel = MESSAGES / CHANNELS;
  const reading = users.map(async ({ news, got }, n) => {
    for (let left = perChannel; left > 0;) {
      const { channel, from, text } = await until(news, "message");
      left--;
      if (channel !== `C${n % CHANNELS}`) throw new Error("from another channel");
      got.set(`${from} ${text}`, (got.get(`${from} ${text}`) ?? 0) + 1);
    }
  });
  for (let n = 0; n < perUser; n++) {
    for (const { client } of users) client.ask("sendPublic", `${n}`);
    // No queue of a socket overflows: all have read before the next round.
    const now = (n + 1) * (USERS / CHANNELS);
    while (users.some(({ got }) => got.size < now)) {
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
  await Promise.all(reading);
  for (const { got } of users) {
    assertEquals(got.size, perChannel);
    assert([...got.values()].every((count) => count === 1));
  }
  for (const { client } of users) await client[Symbol.asyncDispose]();
  // All seats and names are free again, and no one is in a channel.
  const last = await Promise.all(Array.from({ length: USERS }, async (_, n) => {
    return await ChatClient.login(endpoint, { network, nickname: `u${n}` });
  }));
  const news = last[0]!.news();
  last[0]!.ask("listChannels");
  for (let n = 0; n < CHANNELS; n++) {
    const { channel, users } = await until(news, "channel");
    assertEquals([channel, users], [`C${n}`, 0]);
  }
  for (const client of last) await client[Symbol.asyncDispose]();
}
