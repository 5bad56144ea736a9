/**
 * Our POP3 server with one mailbox in memory.
 *
 * @module
 */

import { type Endpoint, memoryNetwork, type Network } from "../../../src/net/mod.ts";
import {
  handlePop3,
  type Pop3ServerOptions,
  type Pop3SessionSummary,
} from "../../../src/protocols/pop3/mod.ts";

/** A server whose one mailbox holds texts. */
export interface ServedPop3 extends AsyncDisposable {
  readonly network: Network;
  readonly endpoint: Endpoint;
  /** The messages that are left; those of the next session. */
  readonly messages: string[];
  readonly errors: unknown[];
  readonly summaries: Pop3SessionSummary[];
}

const encoder = new TextEncoder();

/** The users of the server. */
export const USERS: Readonly<Record<string, string>> = {
  mrose: "tanstaaf",
  ann: "se sam ",
  bücher: "größe",
};

/** Serves in memory, or on another network. */
export function servedPop3(
  messages: string[],
  options: Partial<Pop3ServerOptions> = {},
  network: Network = memoryNetwork(),
): ServedPop3 {
  const listener = network.listen({ transport: "tcp", hostname: "127.0.0.1", port: 0 });
  const errors: unknown[] = [];
  const summaries: Pop3SessionSummary[] = [];
  let isReserved = false;
  const sessions = new Set<Promise<void>>();
  const accepting = (async () => {
    for await (const connection of listener) {
      const session = handlePop3(connection, {
        users: { password: (user) => Promise.resolve(USERS[user]) },
        insecureAuth: true,
        open() {
          if (isReserved) return Promise.resolve(undefined);
          isReserved = true;
          const texts = [...messages];
          return Promise.resolve({
            messages: texts.map((text) => ({
              sizeBytes: encoder.encode(text).length,
              uid: `u-${text.length}-${text.replaceAll(/[^!-~]/g, "").slice(-20)}`,
            })),
            async *read(index: number) {
              await Promise.resolve();
              const bytes = encoder.encode(texts[index]!);
              // A piece may end anywhere.
              for (let at = 0; at < bytes.length; at += 7) yield bytes.slice(at, at + 7);
            },
            delete(indexes: readonly number[]) {
              for (const index of indexes) messages.splice(messages.indexOf(texts[index]!), 1);
              return Promise.resolve();
            },
            close: () => void (isReserved = false),
          });
        },
        onEnd: (summary) => summaries.push(summary),
        onError: (error) => errors.push(error),
        ...options,
      }).catch((error) => void errors.push(error)).finally(() => {
        connection.close();
        sessions.delete(session);
      });
      sessions.add(session);
    }
  })();
  return {
    network,
    endpoint: { ...listener.addr, transport: "tcp" } as Endpoint,
    messages,
    errors,
    summaries,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(sessions);
    },
  };
}
