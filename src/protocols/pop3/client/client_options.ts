/**
 * How a POP3 client connects.
 *
 * @module
 */

import type { OptionRules } from "../../../net/internal.ts";
import type { Endpoint, Network, ServerAddress } from "../../../net/mod.ts";
import type { SaslCredentials } from "../../sasl/mod.ts";
import { type CapabilityList, LOGIN_CLIENT_RULES, loginServer } from "../../wire/internal.ts";
import type { LoginClientOptions } from "../../wire/mod.ts";

/** The capabilities of a server (RFC 2449), by their names in upper case, each with its parameters. */
export type Pop3Capabilities = CapabilityList;

/** Options of a POP3 client; TLS after a command is STLS (RFC 2595). */
export interface Pop3ClientOptions extends LoginClientOptions {
  /** The credentials, if they are not in the URL; without any the client does not log in. */
  readonly credentials?: SaslCredentials | undefined;
  /** `APOP`, `USER` (the commands USER and PASS), or a SASL mechanism; the best that both know if absent. */
  readonly mechanism?: string | undefined;
  /** Whether the server may send headers in UTF-8, if it can (RFC 6856). @default {true} */
  readonly utf8?: boolean | undefined;
  /** Maximum number of messages in a mailbox. @default {1_000_000} */
  readonly maxMessages?: number | undefined;
  /** Maximum size of a message, in bytes. @default {268_435_456} */
  readonly maxMessageBytes?: number | undefined;
  /** Longest silence of the server, in milliseconds. @default {60_000} */
  readonly timeoutMs?: number | undefined;
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
  ...LOGIN_CLIENT_RULES,
  credentials: "any",
  mechanism: "any",
  utf8: "flag",
  maxMessages: "count",
  maxMessageBytes: "count",
  timeoutMs: "time",
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
  const schemes = ["pop3", "pop3s", "pop", "pops"];
  return loginServer(server, options, { schemes, defaultPort: 110 }).session;
}
