/**
 * A server in memory that follows a script.
 *
 * @module
 */

import { LineReader, memoryNetwork, type Network, writeAll } from "../../src/net/mod.ts";

/** Where clients find it. */
export const SCRIPTED = { transport: "tcp", hostname: "127.0.0.1", port: 25 } as const;

/**
 * Speaks to one client.
 *
 * @param script The greeting, and the reply to each line; `-` is nothing, an empty one closes,
 *   and so does one that ends with a form feed.
 * @param act The client's part.
 * @returns The lines that were received.
 */
export async function scriptedServer(
  script: readonly string[],
  act: (network: Network) => Promise<void>,
): Promise<string[]> {
  const network = memoryNetwork();
  const listener = network.listen({ ...SCRIPTED });
  const received: string[] = [];
  const serving = (async () => {
    using connection = await listener.accept();
    const reader = new LineReader(connection);
    for (const [index, reply] of script.entries()) {
      if (index > 0) {
        const line = await reader.readLine();
        if (line === undefined) return;
        received.push(line);
      }
      if (reply === "") return;
      if (reply === "-") continue;
      const text = reply.replaceAll("\n", "\r\n").replace(/\f$/, "");
      await writeAll(connection, new TextEncoder().encode(text));
      if (reply.endsWith("\f")) return;
    }
    for (let line = await reader.readLine(); line !== undefined; line = await reader.readLine()) {
      received.push(line);
    }
  })();
  try {
    await act(network);
  } finally {
    listener.close();
    await serving.catch(() => {});
  }
  return received;
}
