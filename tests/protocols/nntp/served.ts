/**
 * Our news server with a store in memory, and a client that sends lines.
 *
 * @module
 */

import { closeQuietly } from "../../../src/net/internal.ts";
import {
  dial,
  type Endpoint,
  LineReader,
  memoryNetwork,
  type Network,
  writeAll,
} from "../../../src/net/mod.ts";
import {
  handleNntp,
  type NntpServerOptions,
  type PostedArticle,
} from "../../../src/protocols/nntp/mod.ts";
import { MemoryNews, type NewsStore } from "../../../src/stores/mod.ts";

/** A news server. */
export interface ServedNews extends AsyncDisposable {
  readonly network: Network;
  readonly endpoint: Endpoint;
  readonly store: NewsStore;
  readonly errors: unknown[];
  readonly posted: PostedArticle[];
}

/** The users of the server. */
export const USERS: Readonly<Record<string, string>> = { ann: "sesame", bob: "se sam " };

/** When everything happens. */
export const NOW = new Date("2026-11-30T12:00:00Z");

/** Serves in memory, or on another network: `local.test`, the moderated `local.mod` and the closed `local.old`. */
export async function servedNews(
  options: Partial<NntpServerOptions> = {},
  network: Network = memoryNetwork(),
): Promise<ServedNews> {
  const store = options.store ?? new MemoryNews({ name: "news.example", now: () => NOW });
  await store.setGroup({ name: "local.test", description: "Tests" });
  await store.setGroup({ name: "local.mod", description: "Moderated", status: "m" });
  await store.setGroup({ name: "local.old", status: "n" });
  const listener = network.listen({ transport: "tcp", hostname: "127.0.0.1", port: 0 });
  const errors: unknown[] = [];
  const posted: PostedArticle[] = [];
  const sessions = new Set<Promise<void>>();
  const accepting = (async () => {
    for await (const connection of listener) {
      const session = handleNntp(connection, {
        store,
        name: "news.example",
        insecureAuth: true,
        now: () => NOW,
        onArticle: (article) => posted.push(article),
        onError: (error) => errors.push(error),
        ...options,
      }).catch((error) => void errors.push(error)).finally(() => {
        closeQuietly(connection);
        sessions.delete(session);
      });
      sessions.add(session);
    }
  })();
  return {
    network,
    endpoint: { ...listener.addr, transport: "tcp" } as Endpoint,
    store,
    errors,
    posted,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(sessions);
    },
  };
}

/** Replies that a text follows. */
const WITH_TEXT = /^(?:100|101|215|220|221|222|224|225|230|231|211 .* list follows$)/;

/**
 * Sends commands one after the other, and articles after replies that ask for one; a text is joined to its reply.
 *
 * @param server The server.
 * @param lines Commands; one that holds line breaks is an article, sent as it is, without its end.
 * @returns The replies, without the greeting.
 */
export async function talk(server: ServedNews, ...lines: readonly string[]): Promise<string[]> {
  using connection = await dial(server.endpoint, { network: server.network });
  const reader = new LineReader(connection, { maxLineBytes: 1_000_000 });
  const read = async () => await reader.readLine().catch(() => undefined) ?? "[closed]";
  const replies: string[] = [];
  await read();
  for (const line of lines) {
    const isArticle = line.includes("\n");
    const bytes = new TextEncoder().encode(
      isArticle ? `${line.replaceAll(/\r?\n/g, "\r\n")}\r\n.\r\n` : `${line}\r\n`,
    );
    await writeAll(connection, bytes).catch(() => {});
    if (/^TAKETHIS/.test(line)) continue;
    let reply = await read();
    if (WITH_TEXT.test(reply)) {
      for (let next = ""; next !== "." && next !== "[closed]"; reply += `|${next}`) {
        next = await read();
      }
    }
    replies.push(reply);
  }
  return replies;
}

/** An article for `local.test`. */
export function article(
  fields: Readonly<Record<string, string | undefined>> = {},
  body = "Hello",
): string {
  const all = {
    From: "Ann <ann@a.example>",
    Newsgroups: "local.test",
    Subject: "Hi",
    "Message-ID": "<1@a.example>",
    Date: "Mon, 30 Nov 2026 11:00:00 +0000",
    ...fields,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`]
  );
  return `${lines.join("\n")}\n\n${body}`;
}
