/**
 * How a client of a server with logins connects: SMTP, POP3, IMAP, NNTP.
 *
 * @module
 */

import { type OptionRules, type Target, targetOf } from "../../net/internal.ts";
import {
  type Endpoint,
  type Network,
  type ServerAddress,
  systemNetwork,
  type TlsMode,
  type TlsSession,
  type TlsTrust,
} from "../../net/mod.ts";
import { Secret } from "./command.ts";
import type { Transcript } from "./transcript.ts";

/**
 * Whether TLS is spoken: from the first byte, after a command (STARTTLS, STLS), after the command if the server offers
 * it, or not at all.
 */
export type ClientTlsMode = TlsMode | "opportunistic";

/** Options of a client that concern connection, TLS and dialogue. */
export interface LoginClientOptions {
  /** Where to connect. @default {systemNetwork()} */
  readonly network?: Network | undefined;
  /**
   * Whether TLS is spoken, where the URL does not say. With credentials and a server that is not on this host it is
   * `starttls` if absent.
   * @default {"opportunistic"}
   */
  readonly tls?: ClientTlsMode | undefined;
  /** Trusted authorities, and a client certificate. */
  readonly trust?: TlsTrust | undefined;
  /** Called with the session when TLS has begun, before any command is sent in it. */
  readonly onTls?: ((session: TlsSession) => void) | undefined;
  /** The name that the certificate must bear; the endpoint's if absent. */
  readonly certificateName?: string | undefined;
  /** Whether a password may go in clear text to a host other than this one. @default {false} */
  readonly insecureAuth?: boolean | undefined;
  /** Longest time to connect, in milliseconds. @default {30_000} */
  readonly connectTimeoutMs?: number | undefined;
  /** Aborting it closes the connection. */
  readonly signal?: AbortSignal | undefined;
  /** Where the dialogue is recorded. */
  readonly transcript?: Transcript | undefined;
}

/** Validation rules for {@link LoginClientOptions}. */
export const LOGIN_CLIENT_RULES: OptionRules<LoginClientOptions> = {
  network: "any",
  tls: ["none", "starttls", "implicit", "opportunistic"],
  trust: "any",
  onTls: "any",
  certificateName: "any",
  insecureAuth: "flag",
  connectTimeoutMs: "time",
  signal: "signal",
  transcript: "any",
};

/** A user and what proves it, as URLs have them. */
interface UrlCredentials {
  readonly user?: string | undefined;
  readonly password?: Secret | undefined;
}

/**
 * Reads the address of a server; its parts take precedence over the options.
 *
 * @param server The address.
 * @param options How to connect.
 * @param kind The schemes of its URLs, and the port if there is none.
 * @returns Options of the session, and the parts of the URL.
 * @throws {UsageError} If it is malformed.
 */
export function loginServer<
  Options extends LoginClientOptions & { readonly credentials?: UrlCredentials | undefined },
>(
  server: ServerAddress,
  options: Options,
  kind: { readonly schemes: readonly string[]; readonly defaultPort: number },
): {
  readonly session: Options & { readonly network: Network; readonly endpoint: Endpoint };
  readonly target: Target;
} {
  const target = targetOf(server, kind);
  const { endpoint, tls, username, password } = target;
  return {
    target,
    session: {
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
    },
  };
}
