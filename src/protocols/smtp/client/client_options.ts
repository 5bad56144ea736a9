/**
 * How an SMTP or LMTP client connects.
 *
 * @module
 */

import type { OptionRules } from "../../../net/internal.ts";
import type { Endpoint, Network, TlsMode, TlsSession, TlsTrust } from "../../../net/mod.ts";
import type { SaslCredentials } from "../../sasl/mod.ts";
import type { Transcript } from "../../wire/mod.ts";

/**
 * Whether TLS is spoken: from the first byte, after STARTTLS (RFC 3207), after STARTTLS if the server offers it, or not
 * at all.
 */
export type SmtpTls = TlsMode | "opportunistic";

/** Options of an SMTP or LMTP client. */
export interface SmtpClientOptions {
  /** Where to connect. @default {systemNetwork()} */
  readonly network?: Network | undefined;
  /** Which of both is spoken. LMTP answers for each recipient (RFC 2033). @default {as the URL says, else "smtp"} */
  readonly protocol?: "smtp" | "lmtp" | undefined;
  /**
   * Whether TLS is spoken, where the URL does not say. With credentials and a server that is not on this host it is `starttls` if absent.
   * @default {"opportunistic"}
   */
  readonly tls?: SmtpTls | undefined;
  /** Trusted authorities, and a client certificate. */
  readonly trust?: TlsTrust | undefined;
  /** Called with the session when TLS has begun, before any command is sent in it. */
  readonly onTls?: ((session: TlsSession) => void) | undefined;
  /** The name that the certificate must bear; the endpoint's if absent. */
  readonly certificateName?: string | undefined;
  /**
   * Whether texts go in counted chunks (BDAT, RFC 3030) where the server takes them, instead of DATA. @default {false}
   */
  readonly chunking?: boolean | undefined;
  /** How we introduce ourselves in EHLO: a host name; our address in brackets if absent. */
  readonly name?: string | undefined;
  /** The credentials, if they are not in the URL; no AUTH if absent. */
  readonly credentials?: SaslCredentials | undefined;
  /** The SASL mechanism to use; the best that both know if absent. */
  readonly mechanism?: string | undefined;
  /** Whether a password may go in clear text to a host other than this one. @default {false} */
  readonly insecureAuth?: boolean | undefined;
  /** Longest time to connect, in milliseconds. @default {30_000} */
  readonly connectTimeoutMs?: number | undefined;
  /** Longest wait for a reply, in milliseconds. @default {300_000} */
  readonly timeoutMs?: number | undefined;
  /** Longest wait for the reply to a whole message, in milliseconds (RFC 5321 §4.5.3.2.6). @default {600_000} */
  readonly storeMs?: number | undefined;
  /** Aborting it closes the connection. */
  readonly signal?: AbortSignal | undefined;
  /** Where the dialogue is recorded. */
  readonly transcript?: Transcript | undefined;
}

/** The same, with the server. */
export interface SmtpSessionOptions extends SmtpClientOptions {
  /** Where to connect. */
  readonly network: Network;
  /** The server. */
  readonly endpoint: Endpoint;
}

/** Validation rules. */
export const SMTP_CLIENT_RULES: OptionRules<SmtpClientOptions> = {
  network: "any",
  protocol: ["smtp", "lmtp"],
  tls: ["none", "starttls", "implicit", "opportunistic"],
  trust: "any",
  onTls: "any",
  certificateName: "any",
  chunking: "any",
  name: "any",
  credentials: "any",
  mechanism: "any",
  insecureAuth: "any",
  connectTimeoutMs: "time",
  timeoutMs: "time",
  storeMs: "time",
  signal: "signal",
  transcript: "any",
};
