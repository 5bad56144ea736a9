/**
 * Asks about users.
 *
 * @module
 */

import { endpointOf } from "../../net/internal.ts";
import { ask, type AskWholeOptions, type ServerAddress } from "../../net/mod.ts";
import { type FingerQuery, formatFingerQuery } from "./query.ts";

/**
 * Asks a host about its users (RFC 1288).
 *
 * @param server The server: `host`, `host:port`, `finger://host`, or an endpoint. The port is 79 by default.
 * @param query The query.
 * @param options Limit of the answer (default 1 MiB), maximum time and signal.
 * @returns The answer, its lines ending with LF; uncleaned: finger answers have attacked terminals since
 *   there are terminals.
 * @throws {InjectionError} If the query holds what would change it; nothing is sent.
 * @throws {ConnectError|DisconnectedError|TimeoutError|LimitError} If no complete answer arrives.
 *
 * @example List the users of a host
 * ```ts
 * import { memoryNetwork } from "@netwright/netwright/net";
 * import { serve } from "@netwright/netwright/servers";
 * import { streamService } from "@netwright/netwright/services";
 * import { finger } from "@netwright/netwright/small";
 * const network = memoryNetwork();
 * await using server = serve(await streamService("finger"), { network, port: 79 });
 * const text = await finger("127.0.0.1", { user: "", hosts: [], verbose: false }, { network });
 * if (text !== "No one logged on.") throw new Error(text);
 * ```
 */
export async function finger(
  server: ServerAddress,
  query: FingerQuery,
  options: AskWholeOptions = {},
): Promise<string> {
  const question = new TextEncoder().encode(`${formatFingerQuery(query)}\r\n`);
  const answer = await ask(endpointOf(server, "finger", 79), question, {
    maxBytes: 1024 * 1024,
    ...options,
  });
  return new TextDecoder().decode(answer).replaceAll("\r\n", "\n").trimEnd();
}
