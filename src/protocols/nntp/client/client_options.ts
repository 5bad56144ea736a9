/**
 * How an NNTP client connects.
 *
 * @module
 */

import type { OptionRules } from "../../../net/internal.ts";
import type { Endpoint, Network, ServerAddress } from "../../../net/mod.ts";
import type { SaslCredentials } from "../../sasl/mod.ts";
import { LOGIN_CLIENT_RULES, loginServer } from "../../wire/internal.ts";
import type { LoginClientOptions } from "../../wire/mod.ts";

/** Options of an NNTP client; TLS after a command is STARTTLS (RFC 4642). */
export interface NntpClientOptions extends LoginClientOptions {
  /** The credentials, if they are not in the URL; without any the client does not log in. */
  readonly credentials?: SaslCredentials | undefined;
  /** `USER` (the commands AUTHINFO USER and PASS), or a SASL mechanism; the best that both know if absent. */
  readonly mechanism?: string | undefined;
  /** Whether the dialogue is compressed, if the server can (RFC 8054). @default {false} */
  readonly compress?: boolean | undefined;
  /** The client's role: a reader, or a server that feeds articles to another one. @default {"reader"} */
  readonly role?: "reader" | "feeder" | undefined;
  /** Called with each line of a list that is malformed, cleaned to be shown; such a line is left out. */
  readonly onMalformed?: ((line: string) => void) | undefined;
  /** Maximum number of lines of a list or an overview. @default {10_000_000} */
  readonly maxEntries?: number | undefined;
  /** Maximum size of an article, in bytes. @default {268_435_456} */
  readonly maxArticleBytes?: number | undefined;
  /** Longest silence of the server, in milliseconds. @default {60_000} */
  readonly timeoutMs?: number | undefined;
}

/** The same, with the server. */
export interface NntpSessionOptions extends NntpClientOptions {
  /** Where to connect. */
  readonly network: Network;
  /** The server. */
  readonly endpoint: Endpoint;
}

/** Validation rules. */
export const NNTP_CLIENT_RULES: OptionRules<NntpClientOptions> = {
  ...LOGIN_CLIENT_RULES,
  credentials: "any",
  mechanism: "any",
  compress: "flag",
  role: ["reader", "feeder"],
  onMalformed: "any",
  maxEntries: "count",
  maxArticleBytes: "count",
  timeoutMs: "time",
};

/** Schemes of URLs of news servers. */
export const NNTP_SCHEMES: readonly string[] = ["nntp", "nntps", "news", "snews"];

/**
 * Reads the address of a news server; its parts take precedence over the options.
 *
 * @param server The address.
 * @param options How to connect.
 * @returns How to connect to it.
 * @throws {UsageError} If it is malformed.
 */
export function nntpServer(server: ServerAddress, options: NntpClientOptions): NntpSessionOptions {
  return loginServer(server, options, { schemes: NNTP_SCHEMES, defaultPort: 119 }).session;
}
