/**
 * One question, one answer, over whatever transport the endpoint names.
 *
 * @module
 */

import { askDatagram } from "./ask_datagram.ts";
import type { WaitOptions } from "../core/deadline.ts";
import { dial, readToEnd, writeAll } from "../connect/dial.ts";
import { type Endpoint, formatEndpoint } from "../address/endpoint.ts";
import { ProtocolError, UnsupportedError } from "../core/errors.ts";
import type { Network } from "../core/network.ts";
import { toNetwrightError } from "../core/system_errors.ts";

/** How {@link ask} asks. */
export interface AskWholeOptions extends WaitOptions {
  /** Most bytes of an answer. @default {65536} */
  readonly maxBytes?: number | undefined;
}

/**
 * Sends a question and takes all that comes until the peer ends the connection, or the one datagram
 * that answers.
 *
 * @param network Where.
 * @param endpoint Whom.
 * @param question What to send; may be empty.
 * @param options Limit, longest time for connecting (default 30 seconds) and for the answer (default
 *   60 seconds, for datagrams 5 seconds), and signal.
 * @returns The answer.
 * @throws {ConnectError|DisconnectedError|TimeoutError} If there is no answer.
 * @throws {LimitError} If it is longer than `maxBytes`.
 *
 * @example Ask a finger server
 * ```ts
 * import { ask, parseEndpoint, systemNetwork } from "@netwright/netwright/net";
 * async function finger(user: string, host: string): Promise<string> {
 *   const question = new TextEncoder().encode(`${user}\r\n`);
 *   const endpoint = parseEndpoint(host, { defaultPort: 79 });
 *   return new TextDecoder().decode(await ask(systemNetwork(), endpoint, question));
 * }
 * ```
 */
export async function ask(
  network: Network,
  endpoint: Endpoint,
  question: Uint8Array,
  options: AskWholeOptions = {},
): Promise<Uint8Array> {
  const peer = formatEndpoint(endpoint);
  if (endpoint.transport === "udp") return await askDatagram(network, endpoint, question, options);
  if (endpoint.transport === "unixpacket") {
    throw new UnsupportedError("UNIX datagrams have no answers", { operation: "ask", peer });
  }
  using connection = await dial(network, endpoint, options);
  try {
    await writeAll(connection, question);
  } catch (error) {
    throw toNetwrightError(error, { operation: "ask", peer });
  }
  return await readToEnd(connection, { maxBytes: 65_536, ...options, peer });
}

/**
 * Asks as {@link ask} does, for text.
 *
 * @param network Where.
 * @param endpoint Whom.
 * @param options As for {@link ask}.
 * @returns The answer, its lines ending with LF, without the last end of line; uncleaned.
 * @throws {ProtocolError} If the answer is empty.
 * @throws As {@link ask} does.
 *
 * @example Ask a server that talks first
 * ```ts
 * import { askForText, type Endpoint, systemNetwork } from "@netwright/netwright/net";
 * async function quote(endpoint: Endpoint): Promise<string> {
 *   return await askForText(systemNetwork(), endpoint);
 * }
 * ```
 */
export async function askForText(
  network: Network,
  endpoint: Endpoint,
  options: AskWholeOptions = {},
): Promise<string> {
  const answer = await ask(network, endpoint, new Uint8Array(0), options);
  const text = new TextDecoder().decode(answer).replaceAll("\r\n", "\n").trimEnd();
  if (text !== "") return text;
  const context = { operation: "ask", peer: formatEndpoint(endpoint) };
  throw new ProtocolError("the answer is empty", context);
}
