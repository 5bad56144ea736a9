/**
 * The one upgrade of a connection to TLS, for either role.
 *
 * @module
 */

import { closeQuietly } from "../core/close.ts";
import type { Connection } from "../core/connection.ts";
import { Deadline } from "../core/deadline.ts";
import { formatEndpoint } from "../address/endpoint.ts";
import { ProtocolError, TlsError, UnsupportedError } from "../core/errors.ts";
import { isRuntimeAtLeast, type RuntimeVersion } from "../core/runtime_version.ts";
import {
  type SecureClientOptions,
  type SecureConnection,
  type SecureOptions,
} from "./_secure_options.ts";
import { toTlsError, UNTRUSTED } from "./_tls_error.ts";

export type {
  CommonSecureOptions,
  SecureClientOptions,
  SecureConnection,
  SecureOptions,
  SecureServerOptions,
  TlsSession,
  TlsTrust,
} from "./_secure_options.ts";

/** The first runtime whose `node:tls` completes a handshake over a stream of our own, and shows certificates. */
const FIRST_WITH_NODE_TLS: RuntimeVersion = [2, 7, 14];

/**
 * Upgrades a connection to TLS. Certificates are always checked, unless `anyCertificate` says otherwise.
 *
 * Nothing that came before the handshake may count as if it had come inside: if the reader still holds
 * plaintext, someone may have injected it (CVE-2011-0411), and the upgrade fails.
 *
 * @param connection The plain connection; it belongs to the result, and is closed if the upgrade fails.
 * @param options The role and its options.
 * @returns The connection inside TLS, its handshake done.
 * @throws {ProtocolError} If plaintext waits in the reader.
 * @throws {TlsError} If TLS could not be agreed on, or the certificate is not accepted.
 * @throws {TimeoutError} If the handshake took too long.
 *
 * @example After the server's answer to STARTTLS
 * ```ts
 * import { type Connection, LineReader, secure } from "@netwright/netwright/net";
 * async function upgrade(connection: Connection, reader: LineReader): Promise<Connection> {
 *   return await secure(connection, { role: "client", hostname: "mail.example.org", reader });
 * }
 * ```
 */
export async function secure(
  connection: Connection,
  options: SecureOptions,
): Promise<SecureConnection> {
  const peer = options.role === "client" ? options.hostname : formatEndpoint(connection.remoteAddr);
  const context = { operation: "start TLS", peer };
  const waiting = options.reader?.buffered ?? 0;
  if (waiting > 0) {
    closeQuietly(connection);
    throw new ProtocolError(
      `${waiting} bytes of plaintext came before the TLS handshake; someone may have injected them`,
      context,
    );
  }
  using deadline = new Deadline(
    { signal: options.signal, timeoutMs: options.timeoutMs ?? 30_000 },
    context,
  );
  try {
    return await deadline.wait(handshake(connection, options), () => closeQuietly(connection));
  } catch (error) {
    closeQuietly(connection);
    if (options.signal?.aborted) throw options.signal.reason;
    const known = toTlsError(error, context);
    if (options.role === "client" && known instanceof TlsError && known.reason === UNTRUSTED) {
      throw await explainUntrusted(options, deadline) ?? known;
    }
    throw known;
  }
}

/** Looks at the certificate once more, in a way that shows it; undefined if that cannot be done. */
async function explainUntrusted(
  options: SecureClientOptions,
  deadline: Deadline,
): Promise<TlsError | undefined> {
  let again: Connection | undefined;
  try {
    again = await options.reconnect?.();
    if (again === undefined) return undefined;
    const { nodeTls } = await import("./_node_tls.ts");
    const { cert: _cert, key: _key, ...rest } = options;
    closeQuietly(await deadline.wait(nodeTls(again, rest), () => closeQuietly(again!)));
  } catch (error) {
    // Whatever else went wrong the second time says nothing about the first.
    return error instanceof TlsError ? error : undefined;
  } finally {
    if (again !== undefined) closeQuietly(again);
  }
  return undefined;
}

async function handshake(
  connection: Connection,
  options: SecureOptions,
): Promise<SecureConnection> {
  if (options.role === "client" && !isSpecial(options) && isTcpConn(connection)) {
    const secured = await Deno.startTls(connection, {
      hostname: options.hostname,
      caCerts: [...options.caCerts ?? []],
      ...(options.alpnProtocols && { alpnProtocols: [...options.alpnProtocols] }),
    });
    try {
      const { alpnProtocol } = await secured.handshake();
      return Object.assign(secured, {
        alpnProtocol: alpnProtocol ?? undefined,
        peerName: options.hostname,
      });
    } catch (error) {
      closeQuietly(secured);
      throw error;
    }
  }
  const { nodeTls } = await import("./_node_tls.ts");
  return await nodeTls(connection, options);
}

/**
 * Whether the client needs features that the runtime's own upgrade lacks.
 * @throws {UnsupportedError} If the runtime is too old for that. An inspection is skipped there.
 */
function isSpecial({ cert, anyCertificate, inspect }: SecureClientOptions): boolean {
  const isNeeded = cert !== undefined || anyCertificate === true;
  const isPossible = isRuntimeAtLeast(FIRST_WITH_NODE_TLS);
  if (isNeeded && !isPossible) {
    throw new UnsupportedError(
      `this build has no client certificates and takes no others than good ones: its runtime is Deno ${Deno.version.deno}`,
      { operation: "start TLS", hint: `use Deno ${FIRST_WITH_NODE_TLS.join(".")} or later` },
    );
  }
  return isNeeded || inspect === true && isPossible;
}

function isTcpConn(connection: Connection): connection is Deno.TcpConn {
  // Sockets of the system's own calls have the one, but not the other.
  return "setNoDelay" in connection && "setKeepAlive" in connection && !("handshake" in connection);
}
