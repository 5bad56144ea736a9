/** Servers in memory for the user agent's tests. */

import {
  type Connection,
  memoryNetwork,
  type MemoryNetworkOptions,
  type Network,
} from "../../../../src/net/mod.ts";
import { type FetchHandler, httpHandler } from "../../../../src/protocols/http/mod.ts";
import { serve } from "../../../../src/servers/mod.ts";

/** Names with addresses that are public, so that redirects may lead there. */
const RECORDS = {
  "a.example": { A: ["93.184.216.34"] },
  "b.example": { A: ["93.184.216.35"] },
  "inner.example": { A: ["10.0.0.1"] },
};

/** A network in memory on which these names are. */
export function webNetwork(options: MemoryNetworkOptions = {}): Network {
  return memoryNetwork({ records: RECORDS, ...options });
}

/** Serves all hosts of a network by a function, on port 80. */
export function served(handler: FetchHandler, options: MemoryNetworkOptions = {}) {
  const network = webNetwork(options);
  const server = serve(httpHandler(handler), {
    network,
    port: 80,
    hostname: "0.0.0.0",
    log: () => {},
  });
  return { network, server, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** A server that says what is written for each connection, in order, after the head of a request came. */
export function scripted(network: Network, answers: readonly string[], port = 80) {
  const requests: string[] = [];
  const listener = network.listen({ hostname: "0.0.0.0", port });
  const open = new Set<Connection>();
  const serving = (async () => {
    let turn = 0;
    for await (const connection of listener) {
      open.add(connection);
      void talk(connection, answers[Math.min(turn++, answers.length - 1)]!).catch(() => {});
    }
  })();
  async function talk(connection: Connection, script: string): Promise<void> {
    // Several answers on one connection are divided by a line of dashes; `|` waits for the next request.
    for (const answer of script.split("|")) {
      let text = "";
      const buffer = new Uint8Array(65_536);
      while (!text.includes("\r\n\r\n")) {
        const count = await connection.read(buffer);
        if (count === null) return connection.close();
        text += new TextDecoder("latin1").decode(buffer.subarray(0, count));
      }
      requests.push(text);
      const bytes = Uint8Array.from(answer, (character) => character.charCodeAt(0));
      for (let done = 0; done < bytes.length;) done += await connection.write(bytes.subarray(done));
    }
    connection.close();
    open.delete(connection);
  }
  return {
    requests,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of open) connection.close();
      await serving.catch(() => {});
    },
  };
}
