/**
 * The one upgrade of a connection to TLS, for either role.
 *
 * @module
 */

import { cleanText } from "./clean.ts";
import { closeQuietly } from "./close.ts";
import type { Connection } from "./connection.ts";
import { Deadline } from "./deadline.ts";
import { formatEndpoint } from "./endpoint.ts";
import { NetwrightError, ProtocolError, TlsError } from "./errors.ts";
import {
  CA_HINT,
  type SecureClientOptions,
  type SecureConnection,
  type SecureOptions,
} from "./_secure_options.ts";
import { toNetwrightError } from "./system_errors.ts";

export type {
  CommonSecureOptions,
  SecureClientOptions,
  SecureConnection,
  SecureOptions,
  SecureServerOptions,
} from "./_secure_options.ts";

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
  if (options.role === "client" && options.cert === undefined && isTcpConn(connection)) {
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

function isTcpConn(connection: Connection): connection is Deno.TcpConn {
  return "setNoDelay" in connection && !("handshake" in connection);
}

function toTlsError(error: unknown, context: { operation: string; peer: string }): unknown {
  if (error instanceof TlsError) return error;
  const known = toNetwrightError(error, context);
  if (known instanceof NetwrightError && !(known instanceof TlsError)) return known;
  const text = error instanceof Error ? error.message : String(error);
  const [reason, hint] = explain(cleanText(text, { maxLength: 1000 }));
  return new TlsError(reason, { ...context, hint, cause: error });
}

/** Said where the certificate itself cannot be seen. */
const UNTRUSTED =
  "the certificate is signed by nobody we trust: by itself, or an unknown authority";

function explain(text: string): [reason: string, hint?: string] {
  if (/received fatal alert/i.test(text)) {
    const alert = /alert: (\w+)/.exec(text)?.[1] ?? "";
    const words = alert.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
    return /ca$|certificate/i.test(alert)
      ? [`the peer does not accept our certificate: ${words}`]
      : [`the peer refuses: ${words}`];
  }
  if (/UnknownIssuer/i.test(text)) return [UNTRUSTED, CA_HINT];
  const names = /certificate is only valid for (.*)$/.exec(text)?.[1];
  if (names !== undefined) {
    const list = [...names.matchAll(/"([^"]*)"/g)].slice(0, 5).map((match) => match[1]).join(", ");
    return [`the certificate is not for this name but for ${list || "nobody"}`];
  }
  if (/NotValidForName|not valid for name/i.test(text)) {
    return ["the certificate is not for this name"];
  }
  const moment = /not valid (?:after|before) (\d+)/.exec(text)?.[1];
  const day = moment === undefined
    ? ""
    : new Date(Number(moment) * 1000).toISOString().slice(0, 10);
  if (/certificate expired/i.test(text)) return [`the certificate has expired on ${day}`];
  if (/not valid yet/i.test(text)) return [`the certificate is not valid before ${day}`];
  if (/sent no certificates/i.test(text)) return ["the client has no certificate"];
  if (/corrupt|wrong version|InvalidContentType|packet length|UNEXPECTED_MESSAGE/i.test(text)) {
    return ["the peer does not speak TLS here"];
  }
  return [text];
}
