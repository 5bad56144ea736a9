/**
 * What an upgrade to TLS needs, and what it gives.
 *
 * @module
 */

import type { Connection } from "./connection.ts";
import type { WaitOptions } from "./deadline.ts";

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
  /** The client's own certificate chain (PEM), leaf first, for servers that ask for one. */
  readonly cert?: string | undefined;
  /** The key of `cert` (PEM). */
  readonly key?: string | undefined;
  /**
   * Makes a second connection, ready for a handshake, if the certificate is signed by nobody we trust: only
   * there can be seen whether it signed itself. Nothing is sent on it but the handshake.
   */
  readonly reconnect?: (() => Promise<Connection>) | undefined;
}

/** The server's side. */
export interface SecureServerOptions extends CommonSecureOptions {
  /** Which side of the handshake. */
  readonly role: "server";
  /** The certificate chain (PEM), leaf first. */
  readonly cert: string;
  /** The private key (PEM). */
  readonly key: string;
  /** Authorities (PEM) one of which must have signed the client's certificate; absent if none is asked for. */
  readonly clientCaCerts?: readonly string[] | undefined;
  /** The newest version that is spoken; the newest that is known if absent. */
  readonly maxVersion?: "TLSv1.2" | undefined;
}

/** Either side. */
export type SecureOptions = SecureClientOptions | SecureServerOptions;

/** A connection inside TLS. */
export interface SecureConnection extends Connection {
  /** The application protocol that was agreed on. */
  readonly alpnProtocol: string | undefined;
  /** The name that was checked: the server's host, or the common name of a client's certificate. */
  readonly peerName: string | undefined;
  /**
   * Whether the data ended without the peer's `close_notify`: anybody on the way may have cut them off (RFC 8446 §6.1).
   * Absent where the runtime itself fails such a read.
   */
  readonly wasCut?: boolean;
}

/** What to try when a certificate is not accepted. */
export const CA_HINT = "--ca names a file of certificates to trust";
