/**
 * An SMTP server that follows a script.
 *
 * @module
 */

import { LineReader, memoryNetwork, writeAll } from "../../../../src/net/mod.ts";
import { SmtpClient, type SmtpClientOptions } from "../../../../src/protocols/smtp/mod.ts";

/**
 * Speaks to one client.
 *
 * @param script The greeting, and the reply to each line; `-` is nothing, an empty one closes.
 * @param options How the client connects.
 * @param act The client's part.
 * @returns The lines that were received.
 */
export async function scripted(
  script: readonly string[],
  options: Partial<SmtpClientOptions>,
  act: (client: SmtpClient) => Promise<void>,
): Promise<string[]> {
  const network = memoryNetwork();
  const listener = network.listen({ transport: "tcp", hostname: "127.0.0.1", port: 25 });
  const received: string[] = [];
  const serving = (async () => {
    using connection = await listener.accept();
    const reader = new LineReader(connection);
    for (const reply of script) {
      if (received.length > 0 || reply !== script[0]) {
        const line = await reader.readLine();
        if (line === undefined) return;
        received.push(line);
      }
      if (reply === "") return;
      if (reply !== "-") await writeAll(connection, encode(reply.replaceAll("\n", "\r\n")));
    }
    for (let line = await reader.readLine(); line !== undefined; line = await reader.readLine()) {
      received.push(line);
    }
  })();
  try {
    const endpoint = { transport: "tcp", hostname: "127.0.0.1", port: 25 } as const;
    await using client = await SmtpClient.connect(endpoint, {
      network,
      timeoutMs: 2_000,
      name: "me",
      ...options,
    });
    await act(client);
  } finally {
    listener.close();
    await serving.catch(() => {});
  }
  return received;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
