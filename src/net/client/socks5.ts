/**
 * Connections through a SOCKS proxy (RFC 1928, RFC 1929).
 *
 * @module
 */

import { type HostEndpoint } from "../address/endpoint.ts";
import { formatEndpoint } from "../address/endpoint.ts";
import { type IpAddress, parseIp } from "../address/ip.ts";
import { concat } from "../bytes/concat.ts";
import { writeAll } from "../bytes/read_write.ts";
import { closeQuietly } from "../core/close.ts";
import type { Connection } from "../core/connection.ts";
import { Deadline, type WaitOptions } from "../core/deadline.ts";
import { ConnectError, DisconnectedError, ProtocolError, UsageError } from "../core/errors.ts";

/** How {@link connectThroughSocks} asks. */
export interface SocksOptions extends WaitOptions {
  /** The user's name and password, if the proxy wants them. */
  readonly credentials?: { readonly user: string; readonly password: string } | undefined;
}

const VERSION = 5;
const NO_LOGIN = 0;
const PASSWORD = 2;
const REASONS: readonly string[] = [
  "",
  "the proxy failed",
  "the proxy does not allow it",
  "network unreachable",
  "host unreachable",
  "connection refused",
  "the proxy got no answer in time",
  "the proxy cannot connect",
  "the proxy does not know this kind of address",
];

/**
 * Asks a SOCKS 5 proxy to connect. A name is looked up by the proxy.
 *
 * @param connection A connection to the proxy, on which nothing was sent; it is closed if that fails.
 * @param target Where to.
 * @param options The login, the longest time (default 30 seconds) and a signal.
 * @returns The same connection: what follows on it is between us and the target.
 * @throws {ConnectError} If the proxy refuses, or cannot connect.
 * @throws {ProtocolError} If it is no SOCKS 5 proxy.
 * @throws {TimeoutError} If it took too long.
 */
export async function connectThroughSocks(
  connection: Connection,
  target: HostEndpoint,
  options: SocksOptions = {},
): Promise<Connection> {
  const { signal, timeoutMs = 30_000, credentials } = options;
  const context = { operation: "connect through a proxy", peer: formatEndpoint(target) };
  const proxy = formatEndpoint(connection.remoteAddr);
  using deadline = new Deadline({ signal, timeoutMs }, context);

  const read = async (count: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array(count);
    for (let done = 0; done < count;) {
      const reading = connection.read(bytes.subarray(done));
      const some = await deadline.wait(reading, () => closeQuietly(connection));
      if (some === null) {
        throw new DisconnectedError(`the proxy ${proxy} closed the connection`, context);
      }
      done += some;
    }
    return bytes;
  };
  const ask = async (request: Uint8Array, count: number): Promise<Uint8Array> => {
    await deadline.wait(writeAll(connection, request), () => closeQuietly(connection));
    return await read(count);
  };

  try {
    const methods = credentials === undefined ? [NO_LOGIN] : [NO_LOGIN, PASSWORD];
    const [version, method] = await ask(Uint8Array.of(VERSION, methods.length, ...methods), 2);
    if (version !== VERSION) throw new ProtocolError(`${proxy} is not a SOCKS 5 proxy`, context);
    if (method === PASSWORD && credentials !== undefined) {
      const { user, password } = credentials;
      const [, status] = await ask(
        concat([Uint8Array.of(1), counted(user, "user name"), counted(password, "password")]),
        2,
      );
      if (status !== 0) {
        throw new ConnectError("the proxy does not accept user and password", {
          ...context,
          kind: "refused",
        });
      }
    } else if (method !== NO_LOGIN) {
      throw new ConnectError(
        credentials === undefined
          ? "the proxy requires a user and a password"
          : "the proxy offers no login that is known",
        { ...context, kind: "refused" },
      );
    }
    const { hostname, port } = target;
    const address = parseIp(hostname);
    const request = concat([
      Uint8Array.of(VERSION, 1, 0),
      address === undefined
        ? concat([Uint8Array.of(3), counted(hostname, "host name")])
        : binary(address),
      Uint8Array.of(port >> 8, port & 255),
    ]);
    const [again, code = 1, , kind, length = 0] = await ask(request, 5);
    if (again !== VERSION) throw new ProtocolError(`${proxy} is not a SOCKS 5 proxy`, context);
    if (code !== 0) {
      throw new ConnectError(REASONS[code] ?? `the proxy refuses with code ${code}`, {
        ...context,
        kind: code === 5 ? "refused" : "unreachable",
      });
    }
    // The address that the proxy connects from: one byte of it was read already.
    const rest = kind === 1 ? 3 : kind === 4 ? 15 : kind === 3 ? length : undefined;
    if (rest === undefined) throw new ProtocolError(`${proxy} is not a SOCKS 5 proxy`, context);
    await read(rest + 2);
    return connection;
  } catch (error) {
    closeQuietly(connection);
    throw error;
  }
}

/** A text behind its length. */
function counted(text: string, what: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length === 0 || bytes.length > 255) {
    throw new UsageError(`a ${what} for a SOCKS proxy has 1 to 255 bytes`);
  }
  return concat([Uint8Array.of(bytes.length), bytes]);
}

/** An address behind its kind. */
function binary({ version, value }: IpAddress): Uint8Array {
  const size = version === 4 ? 4 : 16;
  const bytes = new Uint8Array(1 + size);
  bytes[0] = version === 4 ? 1 : 4;
  for (let at = 0; at < size; at++) {
    bytes[1 + at] = Number(value >> BigInt(8 * (size - 1 - at)) & 255n);
  }
  return bytes;
}
