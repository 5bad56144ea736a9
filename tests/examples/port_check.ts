/** Which of several servers can be reached: all at once, each within a second, with the reason. */

import { ConnectError, dial, TimeoutError } from "@netwright/netwright/net";
import { serve } from "@netwright/netwright/servers";
import { streamService } from "@netwright/netwright/services";

async function stateOf(server: string): Promise<string> {
  try {
    using connection = await dial(server, { timeoutMs: 1000 });
    console.error(`${server} answers at ${JSON.stringify(connection.remoteAddr)}`);
    return "open";
  } catch (error) {
    if (error instanceof ConnectError) return error.kind;
    if (error instanceof TimeoutError) return "timeout";
    throw error;
  }
}

await using server = serve(await streamService("echo"));
const gone = serve(await streamService("echo"));
await gone.shutdown();
const states = await Promise.all(
  [server, gone].map(({ endpoint: { port } }) => stateOf(`127.0.0.1:${port}`)),
);
if (states.join() !== "open,refused") throw new Error(states.join());
console.log("ok");
