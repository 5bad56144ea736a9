/**
 * The options and the result of an upgrade to TLS.
 *
 * @module
 */

import type { Connection } from "../core/connection.ts";
import type { WaitOptions } from "../core/deadline.ts";

/** What both roles share. */
export interface CommonSecureOptions extends WaitOptions {
  /** The reader of the connection so far; bytes that wait there make the upgrade fail. */
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
  /**
   * Certificates that are trusted as well as the runtime's own (PEM). With `cert`, `inspect` or `anyCertificate` they are
   * trusted alone on runtimes that hide their own from a program without `--allow-sys`.
   */
  readonly caCerts?: readonly string[] | undefined;
  /** The client's own certificate chain (PEM), leaf first, for servers that ask for one. */
  readonly cert?: string | undefined;
  /** The key of `cert` (PEM). */
  readonly key?: string | undefined;
  /**
   * Whether any certificate is accepted: to examine a server, never to send it a secret. `peerName` is undefined then,
   * unless the certificate would have been accepted. @default {false}
   */
  readonly anyCertificate?: boolean | undefined;
  /** Whether the connection reports its session, which takes a few milliseconds. @default {false} */
  readonly inspect?: boolean | undefined;
  /**
   * Makes a second connection, ready for a handshake, if the certificate is signed by an unknown authority: only
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

/** The authorities that a client trusts, and its own certificate. */
export type TlsTrust = Pick<
  SecureClientOptions,
  "caCerts" | "cert" | "key" | "anyCertificate" | "inspect"
>;

/** What TLS agreed on. */
export interface TlsSession {
  /** The version, such as `TLSv1.3`. */
  readonly version: string;
  /** The cipher suite, such as `TLS_AES_256_GCM_SHA384`. */
  readonly cipher: string;
  /** The server's certificate. */
  readonly certificate: {
    /** The names and addresses that it is for; at most 20. */
    readonly names: readonly string[];
    /** Who signed it. */
    readonly issuer: string;
    /** When it begins. */
    readonly from: Date;
    /** When it ends. */
    readonly until: Date;
    /** Its SHA-256 in hexadecimal. */
    readonly sha256: string;
    /** Why it is not accepted; undefined if it is. */
    readonly refusal: string | undefined;
  };
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
  /** The session; only of a client that asked for it ({@link SecureClientOptions.inspect}). */
  readonly session?: TlsSession | undefined;
}

/** What to try when a certificate is not accepted. */
export const CA_HINT = "--ca names a file of certificates to trust";
