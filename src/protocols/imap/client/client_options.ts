/**
 * How an IMAP client connects.
 *
 * @module
 */

import type { OptionRules } from "../../../net/internal.ts";
import type { Endpoint, Network, ServerAddress } from "../../../net/mod.ts";
import type { SaslCredentials } from "../../sasl/mod.ts";
import { LOGIN_CLIENT_RULES, loginServer } from "../../wire/internal.ts";
import type { LoginClientOptions } from "../../wire/mod.ts";

/** Options of an IMAP client. */
export interface ImapClientOptions extends LoginClientOptions {
  /** The credentials, if they are not in the URL; without any the client does not log in. */
  readonly credentials?: SaslCredentials | undefined;
  /** `LOGIN-COMMAND` (the command LOGIN), or a SASL mechanism; the best that both know if absent. */
  readonly mechanism?: string | undefined;
  /** Whether names and headers may be in UTF-8, if the server can (RFC 6855). @default {true} */
  readonly utf8?: boolean | undefined;
  /** Whether deletions are reported by their identifiers, if the server can (RFC 7162). @default {false} */
  readonly qresync?: boolean | undefined;
  /** Whether the dialogue is compressed, if the server can (RFC 4978). @default {false} */
  readonly compress?: boolean | undefined;
  /** How the client introduces itself, if the server asks (RFC 2971); nothing is sent if it is empty. @default {{ name: "netwright" }} */
  readonly id?: Readonly<Record<string, string>> | undefined;
  /** Called with texts that a person must read (`ALERT`), cleaned. */
  readonly onAlert?: ((text: string) => void) | undefined;
  /** Maximum size of one response with its literals, in bytes. @default {67_108_864} */
  readonly maxResponseBytes?: number | undefined;
  /** Longest silence of the server while a command waits, in milliseconds. @default {60_000} */
  readonly timeoutMs?: number | undefined;
}

/** The same, with the server. */
export interface ImapSessionOptions extends ImapClientOptions {
  /** Where to connect. */
  readonly network: Network;
  /** The server. */
  readonly endpoint: Endpoint;
}

/** Validation rules. */
export const IMAP_CLIENT_RULES: OptionRules<ImapClientOptions> = {
  ...LOGIN_CLIENT_RULES,
  credentials: "any",
  mechanism: "any",
  utf8: "flag",
  qresync: "flag",
  compress: "flag",
  id: "any",
  onAlert: "any",
  maxResponseBytes: "count",
  timeoutMs: "time",
};

/**
 * Reads the address of an IMAP server; its parts take precedence over the options.
 *
 * @param server The address.
 * @param options How to connect.
 * @returns How to connect to it.
 * @throws {UsageError} If it is malformed.
 */
export function imapServer(server: ServerAddress, options: ImapClientOptions): ImapSessionOptions {
  return loginServer(server, options, { schemes: ["imap", "imaps"], defaultPort: 143 }).session;
}
