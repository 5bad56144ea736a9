/**
 * How a POP3 client connects.
 *
 * @module
 */

import { type OptionRules, targetOf } from "../../../net/internal.ts";
import {
  type Endpoint,
  type Network,
  type ServerAddress,
  systemNetwork,
  type TlsMode,
  type TlsSession,
  type TlsTrust,
} from "../../../net/mod.ts";
import type { SaslCredentials } from "../../sasl/mod.ts";
import { Secret, type Transcript } from "../../wire/mod.ts";

/**
 * Whether TLS is spoken: from the first byte, after STLS (RFC 2595), after STLS if the server offers it, or not at all.
 */
export type Pop3Tls = TlsMode | "opportunistic";

/** Options of a POP3 client. */
export interface Pop3ClientOptions {
  /** Where to connect. @default {systemNetwork()} */
  readonly network?: Network | undefined;
  /**
   * Whether TLS is spoken, where the URL does not say. With credentials and a server that is not on this host it is
   * `starttls` if absent.
   * @default {"opportunistic"}
   */
  readonly tls?: Pop3Tls | undefined;
  /** Trusted authorities, and a client certificate. */
  readonly trust?: TlsTrust | undefined;
  /** Called with the session when TLS has begun, before any command is sent in it. */
  readonly onTls?: ((session: TlsSession) => void) | undefined;
  /** The name that the certificate must bear; the endpoint's if absent. */
  readonly certificateName?: string | undefined;
  /** The credentials, if they are not in the URL; without any the client does not log in. */
  readonly credentials?: SaslCredentials | undefined;
  /** `APOP`, `USER` (the commands USER and PASS), or a SASL mechanism; the best that both know if absent. */
  readonly mechanism?: string | undefined;
  /** Whether a password may go in clear text to a host other than this one. @default {false} */
  readonly insecureAuth?: boolean | undefined;
  /** Whether the server may send headers in UTF-8, if it can (RFC 6856). @default {true} */
  readonly utf8?: boolean | undefined;
  /** Maximum number of messages in a mailbox. @default {1_000_000} */
  readonly maxMessages?: number | undefined;
  /** Maximum size of a message, in bytes. @default {268_435_456} */
  readonly maxMessageBytes?: number | undefined;
  /** Longest time to connect, in milliseconds. @default {30_000} */
  readonly connectTimeoutMs?: number | undefined;
  /** Longest silence of the server, in milliseconds. @default {60_000} */
  readonly timeoutMs?: number | undefined;
  /** Aborting it closes the connection. */
  readonly signal?: AbortSignal | undefined;
  /** Where the dialogue is recorded. */
  readonly transcript?: Transcript | undefined;
}

/** The same, with the server. */
export interface Pop3SessionOptions extends Pop3ClientOptions {
  /** Where to connect. */
  readonly network: Network;
  /** The server. */
  readonly endpoint: Endpoint;
}

/** Validation rules. */
export const POP3_CLIENT_RULES: OptionRules<Pop3ClientOptions> = {
  network: "any",
  tls: ["none", "starttls", "implicit", "opportunistic"],
  trust: "any",
  onTls: "any",
  certificateName: "any",
  credentials: "any",
  mechanism: "any",
  insecureAuth: "flag",
  utf8: "flag",
  maxMessages: "count",
  maxMessageBytes: "count",
  connectTimeoutMs: "time",
  timeoutMs: "time",
  signal: "signal",
  transcript: "any",
};

/**
 * Reads the address of a POP3 server; its parts take precedence over the options.
 *
 * @param server The address.
 * @param options How to connect.
 * @returns How to connect to it.
 * @throws {UsageError} If it is malformed.
 */
export function pop3Server(server: ServerAddress, options: Pop3ClientOptions): Pop3SessionOptions {
  const { endpoint, tls, username, password } = targetOf(server, {
    schemes: ["pop3", "pop3s", "pop", "pops"],
    defaultPort: 110,
  });
  return {
    ...options,
    network: options.network ?? systemNetwork(),
    endpoint,
    ...(tls !== "none" && { tls }),
    ...(username !== undefined && username !== "" && {
      credentials: {
        ...options.credentials,
        user: username,
        ...(password !== undefined && { password: new Secret(password) }),
      },
    }),
  };
}
