/**
 * How an SMTP or LMTP client connects.
 *
 * @module
 */

import type { OptionRules } from "../../../net/internal.ts";
import type { Endpoint, Network } from "../../../net/mod.ts";
import type { SaslCredentials } from "../../sasl/mod.ts";
import { LOGIN_CLIENT_RULES } from "../../wire/internal.ts";
import type { LoginClientOptions } from "../../wire/mod.ts";

/** Options of an SMTP or LMTP client. */
export interface SmtpClientOptions extends LoginClientOptions {
  /** Which of both is spoken. LMTP answers for each recipient (RFC 2033). @default {as the URL says, else "smtp"} */
  readonly protocol?: "smtp" | "lmtp" | undefined;
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
  /** Longest wait for a reply, in milliseconds. @default {300_000} */
  readonly timeoutMs?: number | undefined;
  /** Longest wait for the reply to a whole message, in milliseconds (RFC 5321 §4.5.3.2.6). @default {600_000} */
  readonly storeMs?: number | undefined;
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
  ...LOGIN_CLIENT_RULES,
  protocol: ["smtp", "lmtp"],
  chunking: "any",
  name: "any",
  credentials: "any",
  mechanism: "any",
  timeoutMs: "time",
  storeMs: "time",
};
