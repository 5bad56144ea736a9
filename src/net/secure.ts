/**
 * The one upgrade of a connection to TLS, for either role.
 *
 * @module
 */

import { closeQuietly } from "./close.ts";
import type { Connection } from "./connection.ts";
import { Deadline, type WaitOptions } from "./deadline.ts";
import { formatEndpoint } from "./endpoint.ts";
import { NetwrightError, ProtocolError, TlsError } from "./errors.ts";
import { toNetwrightError } from "./system_errors.ts";

/** What both roles share. */
export interface CommonSecureOptions extends WaitOptions {
  /** Who has read from the connection so far; bytes that wait there make the upgrade fail. */
  readonly reader?: { readonly buffered: number } | undefined;
  /** Application protocols in order of preference (RFC 7301). */
  readonly alpnProtocols?: readonly string[] | undefined;
  /** Longest time for the handshake, in milliseconds. @default {30_000} */
  readonly timeoutMs?: number | undefined;
}

/** The client's side. */
export interface SecureClientOptions extends CommonSecureOptions {
  /** Which side of the handshake. */
  readonly role: "client";
  /** The name or address that the server's certificate must bear. */
  readonly hostname: string;
  /** Certificates that are trusted as well as the system's (PEM). */
  readonly caCerts?: readonly string[] | undefined;
}

/** The server's side. */
export interface SecureServerOptions extends CommonSecureOptions {
  /** Which side of the handshake. */
  readonly role: "server";
  /** The certificate chain (PEM), leaf first. */
  readonly cert: string;
  /** The private key (PEM). */
  readonly key: string;
}

/** Either side. */
export type SecureOptions = SecureClientOptions | SecureServerOptions;

/** A connection inside TLS. */
export interface SecureConnection extends Connection {
  /** The application protocol that was agreed on. */
  readonly alpnProtocol: string | undefined;
}

/**
 * Upgrades a connection to TLS. Certificates are always checked.
 *
 * Nothing that came before the handshake may count as if it had come inside: if the reader still holds
 * plaintext, someone may have injected it (CVE-2011-0411), and the upgrade fails.
 *
 * @param connection The plain connection; it belongs to the result, and is closed if the upgrade fails.
 * @param options The role and what it needs.
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
    throw toTlsError(error, context);
  }
}

async function handshake(
  connection: Connection,
  options: SecureOptions,
): Promise<SecureConnection> {
  if (options.role === "client" && isTcpConn(connection)) {
    const secured = await Deno.startTls(connection, {
      hostname: options.hostname,
      caCerts: [...options.caCerts ?? []],
      ...(options.alpnProtocols && { alpnProtocols: [...options.alpnProtocols] }),
    });
    try {
      const { alpnProtocol } = await secured.handshake();
      return Object.assign(secured, { alpnProtocol: alpnProtocol ?? undefined });
    } catch (error) {
      closeQuietly(secured);
      throw error;
    }
  }
  const { nodeTls } = await import("./_node_tls.ts");
  return await nodeTls(connection, options);
}

function isTcpConn(connection: Connection): connection is Deno.TcpConn {
  return "setNoDelay" in connection && !("handshake" in connection);
}

function toTlsError(error: unknown, context: { operation: string; peer: string }): unknown {
  const known = toNetwrightError(error, context);
  if (known instanceof NetwrightError && !(known instanceof TlsError)) return known;
  const text = error instanceof Error ? error.message : String(error);
  const [reason, hint] = explain(text);
  return new TlsError(reason, { ...context, hint, cause: error });
}

function explain(text: string): [reason: string, hint?: string] {
  if (/UnknownIssuer|unable to get (local )?issuer|self.signed|unable to verify/i.test(text)) {
    return [
      "the certificate is signed by nobody we trust",
      "--ca names a file of certificates to trust",
    ];
  }
  if (/NotValidForName|does not match|altnames/i.test(text)) {
    return ["the certificate is for another name"];
  }
  if (/Expired/i.test(text)) return ["the certificate has expired"];
  if (/NotValidYet|not yet valid/i.test(text)) return ["the certificate is not valid yet"];
  if (/corrupt|wrong version|InvalidContentType|packet length|UNEXPECTED_MESSAGE/i.test(text)) {
    return ["the peer does not speak TLS here"];
  }
  return [text];
}
