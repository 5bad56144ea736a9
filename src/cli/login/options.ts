/**
 * Options of commands that log in at a server of mail or news, and their capabilities.
 *
 * @module
 */

import { parseTarget, type Target, union } from "../../net/internal.ts";
import { type Capabilities, UsageError } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import {
  CONNECT_TIMEOUT_OPTION,
  CONNECTION_OPTIONS,
  TRUST_OPTIONS,
} from "../command/common_options.ts";
import type { Host } from "../command/host.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import {
  connectionCapabilities,
  type ConnectionOptions,
  connectionOptions,
} from "../connect/connecting.ts";
import {
  CREDENTIAL_OPTIONS,
  credentialCapabilities,
  type CredentialPlan,
  planCredentials,
  TOKEN_OPTIONS,
} from "./credential_options.ts";

/** Commands that log in at any server have these. */
export const ACCOUNT_OPTIONS: OptionSpecs = {
  ...CREDENTIAL_OPTIONS,
  ...CONNECTION_OPTIONS,
  ...CONNECT_TIMEOUT_OPTION,
  ipv4: { ...CONNECTION_OPTIONS.ipv4!, rare: true },
  ipv6: { ...CONNECTION_OPTIONS.ipv6!, rare: true },
  ...TRUST_OPTIONS,
};

/** Commands that log in at a server of mail or news have these. */
export const LOGIN_OPTIONS: OptionSpecs = {
  ...ACCOUNT_OPTIONS,
  ...TOKEN_OPTIONS,
  starttls: { rare: true, help: "TLS by the server's command, or do not log in" },
  "no-tls": { rare: true, help: "speak no TLS, whatever the server offers" },
  auth: { value: "MECHANISM", rare: true, help: "log in by this, such as PLAIN" },
  ca: { ...TRUST_OPTIONS.ca!, rare: true },
};

/** How connections are made, with what TLS. */
export interface TlsChoice {
  /** How connections are made. */
  readonly connection: ConnectionOptions;
  /** Whether there is TLS by STARTTLS; undefined leaves it to the client. */
  readonly starttls: "none" | "starttls" | undefined;
}

/** A server, and how to log in. */
export interface LoginPlan extends TlsChoice {
  /** The server. */
  readonly target: Target;
  /** Who logs in. */
  readonly credentials: CredentialPlan;
  /** By which mechanism. */
  readonly mechanism: string | undefined;
}

/**
 * Reads how connections are made.
 *
 * @param args The command line.
 * @returns How.
 * @throws {UsageError} If an option makes no sense.
 */
export function tlsChoice(args: Arguments): TlsChoice {
  if (args.has("no-tls") && args.has("starttls")) {
    throw new UsageError("--starttls and --no-tls exclude each other");
  }
  return {
    connection: connectionOptions(args),
    starttls: args.has("no-tls") ? "none" : args.has("starttls") ? "starttls" : undefined,
  };
}

/**
 * Plans to log in.
 *
 * @param args The command line.
 * @param host Looks names up.
 * @param url The server: a URL, or a bare host.
 * @param kind The schemes of its URLs, and the port if there is none.
 * @returns The plan, and its capabilities.
 * @throws {UsageError} If the URL or an option makes no sense.
 */
export async function planLogin(
  args: Arguments,
  host: Host,
  url: string,
  kind: { readonly schemes: readonly string[]; readonly defaultPort: number },
): Promise<{ readonly server: LoginPlan; readonly needs: Capabilities }> {
  const target = parseTarget(url, kind);
  const credentials = planCredentials(args);
  const choice = tlsChoice(args);
  if (choice.starttls !== undefined && target.tls === "implicit") {
    const option = args.has("no-tls") ? "no-tls" : "starttls";
    throw new UsageError(`--${option} contradicts ${target.scheme}://`);
  }
  return {
    server: { ...choice, target, credentials, mechanism: args.value("auth") },
    needs: union(
      await connectionCapabilities(args, host, [target.endpoint]),
      credentialCapabilities(credentials, target),
    ),
  };
}
