/**
 * SASL (RFC 4422): mechanisms by which a client proves who it is, apart from the protocol that carries
 * their messages.
 *
 * @module
 */

import type { Secret } from "../wire/mod.ts";

/** The mechanisms that both roles know, the one to prefer first. */
export const SASL_MECHANISMS = [
  "EXTERNAL",
  "OAUTHBEARER",
  "XOAUTH2",
  "SCRAM-SHA-256",
  "SCRAM-SHA-1",
  "CRAM-MD5",
  "PLAIN",
  "LOGIN",
  "ANONYMOUS",
] as const;

/** The name of a mechanism. */
export type SaslMechanism = typeof SASL_MECHANISMS[number];

/** Mechanisms that send a secret in clear text; only inside TLS or on this host. */
export const PLAINTEXT_MECHANISMS: readonly SaslMechanism[] = [
  "PLAIN",
  "LOGIN",
  "XOAUTH2",
  "OAUTHBEARER",
];

/** Who the client is, and how it can prove that. */
export interface SaslCredentials {
  /** The user's name; for `ANONYMOUS` any text for the log. */
  readonly user: string;
  /** The password. */
  readonly password?: Secret | undefined;
  /** An access token, for `XOAUTH2` and `OAUTHBEARER`. */
  readonly token?: Secret | undefined;
  /** The identity to act as, if it is another user's. */
  readonly authorizationId?: string | undefined;
  /** The server, as `OAUTHBEARER` names it. */
  readonly host?: string | undefined;
  /** Its port. */
  readonly port?: number | undefined;
}

/** The client's side of one attempt. */
export interface SaslClient {
  /** Which mechanism. */
  readonly mechanism: SaslMechanism;
  /** Whether the client speaks first; then {@link respond} is called with an empty challenge first. */
  readonly clientFirst: boolean;
  /**
   * Answers a challenge.
   * @param challenge The server's challenge, decoded.
   * @returns What to send, not encoded yet.
   * @throws {ProtocolError} If the server does not keep to the mechanism.
   */
  respond(challenge: Uint8Array): Promise<Uint8Array>;
  /**
   * Called when the server says that the attempt has succeeded.
   * @throws {ProtocolError} If the server has not given the proof that the mechanism requires.
   */
  finish(): void;
}

/** The result of a client's message. */
export type SaslStep =
  | {
    /** The next challenge for the client. */
    readonly challenge: Uint8Array;
  }
  | {
    /** The attempt has succeeded. */
    readonly identity: SaslIdentity;
  }
  | {
    /** The attempt has failed; the client gets no further reason. */
    readonly failure: string;
  };

/** Who a client has proven to be. */
export interface SaslIdentity {
  /** The identity that it acts as. */
  readonly user: string;
  /** The user whose credentials it had; the same unless it acts for another user. */
  readonly authenticated: string;
  /** By which mechanism. */
  readonly mechanism: SaslMechanism;
}

/** The server's side of one attempt. */
export interface SaslServer {
  /** Which mechanism. */
  readonly mechanism: SaslMechanism;
  /** Whether the client speaks first; else {@link step} is called with an empty message first. */
  readonly clientFirst: boolean;
  /**
   * Takes the client's next message.
   * @param message The message, decoded.
   * @returns What to do.
   */
  step(message: Uint8Array): Promise<SaslStep>;
}

/** A server's data for checking a password by SCRAM-SHA-256. */
export interface ScramSecret {
  /** The salt. */
  readonly salt: Uint8Array;
  /** How many rounds of PBKDF2. */
  readonly iterations: number;
  /** What checks the client's proof. */
  readonly storedKey: Uint8Array;
  /** What makes the server's. */
  readonly serverKey: Uint8Array;
}

/** A server's users; mechanisms that need absent parts are not offered. */
export interface SaslUsers {
  /** Gives a user's password; undefined if there is no such user. */
  password?(user: string): Promise<string | undefined>;
  /** Checks a password where only its hash is kept; used instead of `password` by `PLAIN` and `LOGIN`. */
  checkPassword?(user: string, password: string): Promise<boolean>;
  /**
   * Returns the stored data of a user whose password is only for SCRAM-SHA-256 (RFC 5802 §3). For an unknown name
   * it returns as much, the same salt each time, which fits no password.
   */
  scram?(user: string): Promise<ScramSecret>;
  /** Checks an access token. */
  checkToken?(user: string, token: string): Promise<boolean>;
  /** Gives the name that something outside has proven already, such as a certificate. */
  external?(): string | undefined;
  /** Whether anybody may come in. */
  readonly anonymous?: boolean;
  /** Whether a user may act as another; without it none may. */
  mayActAs?(authenticated: string, user: string): Promise<boolean>;
}
