/**
 * One question, one answer, over whatever transport the endpoint names.
 *
 * @module
 */

import { askDatagram } from "./ask_datagram.ts";
import { checkOptions, type OptionRules } from "../core/options.ts";
import {
  CLIENT_RULES,
  type ClientOptions,
  clientOptions,
  endpointOf,
  type ServerAddress,
} from "./server_address.ts";
import { dial } from "./dial.ts";
import { readToEnd, writeAll } from "../bytes/read_write.ts";
import { formatEndpoint } from "../address/endpoint.ts";
import { ProtocolError, UnsupportedError } from "../core/errors.ts";
import { toNetwrightError } from "../core/system_errors.ts";

/** How {@link ask} asks. */
export interface AskWholeOptions extends ClientOptions {
  /** Most bytes of an answer. @default {65536} */
  readonly maxBytes?: number | undefined;
}

/** Validation rules. */
const ASK_WHOLE_RULES: OptionRules<AskWholeOptions> = { ...CLIENT_RULES, maxBytes: "count" };

/**
 * Sends a question and takes all that comes until the peer ends the connection, or the one datagram
 * that answers.
 *
 * @param server The server.
 * @param question What to send; may be empty.
 * @param options Limit, longest time for connecting (default 30 seconds) and for the answer (default
 *   60 seconds, for datagrams 5 seconds), and signal.
 * @returns The answer.
 * @throws {ConnectError|DisconnectedError|TimeoutError} If no answer arrives.
 * @throws {LimitError} If it is longer than `maxBytes`.
 *
 * @example Ask a finger server
 * ```ts
 * import { ask, parseEndpoint, systemNetwork } from "@netwright/netwright/net";
 * async function finger(user: string, host: string): Promise<string> {
 *   const question = new TextEncoder().encode(`${user}\r\n`);
 *   const endpoint = parseEndpoint(host, { defaultPort: 79 });
 *   return new TextDecoder().decode(await ask(endpoint, question));
 * }
 * ```
 */
export async function ask(
  server: ServerAddress,
  question: Uint8Array,
  options: AskWholeOptions = {},
): Promise<Uint8Array> {
  checkOptions(options, ASK_WHOLE_RULES);
  const endpoint = endpointOf(server, undefined, undefined);
  const peer = formatEndpoint(endpoint);
  if (endpoint.transport === "udp") {
    return await askDatagram(endpoint, question, clientOptions(options));
  }
  if (endpoint.transport === "unixpacket") {
    throw new UnsupportedError("UNIX datagrams have no answers", { operation: "ask", peer });
  }
  using connection = await dial(endpoint, clientOptions(options));
  try {
    await writeAll(connection, question);
  } catch (error) {
    throw toNetwrightError(error, { operation: "ask", peer });
  }
  const { maxBytes = 65_536, signal, timeoutMs } = options;
  return await readToEnd(connection, { maxBytes, signal, timeoutMs, peer });
}

/**
 * Asks as {@link ask} does, for text.
 *
 * @param server The server.
 * @param options As for {@link ask}.
 * @returns The answer, its lines ending with LF, without the last end of line; uncleaned.
 * @throws {ProtocolError} If the answer is empty.
 * @throws As {@link ask} does.
 *
 * @example Ask a server that talks first
 * ```ts
 * import { askForText, type Endpoint, systemNetwork } from "@netwright/netwright/net";
 * async function quote(endpoint: Endpoint): Promise<string> {
 *   return await askForText(endpoint);
 * }
 * ```
 */
export async function askForText(
  server: ServerAddress,
  options: AskWholeOptions = {},
): Promise<string> {
  const endpoint = endpointOf(server, undefined, undefined);
  const answer = await ask(endpoint, new Uint8Array(0), options);
  const text = new TextDecoder().decode(answer).replaceAll("\r\n", "\n").trimEnd();
  if (text !== "") return text;
  const context = {
    operation: "ask",
    peer: formatEndpoint(endpointOf(server, undefined, undefined)),
  };
  throw new ProtocolError("the answer is empty", context);
}
