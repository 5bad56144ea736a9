/**
 * What commands of Telnet share before they connect: the server, options, and capabilities.
 *
 * @module
 */

import { checkLoginName, parseTarget, type Target } from "../../net/internal.ts";
import { UsageError } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import {
  CONNECT_TIMEOUT_OPTION,
  CONNECTION_OPTIONS,
  TRUST_OPTIONS,
} from "../command/common_options.ts";
import type { Host } from "../command/host.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import { type ConnectionPlan, planConnections } from "../connect/connecting.ts";

/** All commands of the family have these. */
export const TELNET_OPTIONS: OptionSpecs = {
  charset: { value: "NAME", rare: true, help: "charset of both directions (default utf-8)" },
  env: { value: "NAME=VALUE", many: true, rare: true, help: "a variable for the server" },
  ...CONNECTION_OPTIONS,
  tls: { rare: true, help: "TLS from the first byte, as telnets:// has it" },
  ...CONNECT_TIMEOUT_OPTION,
  ipv4: { ...CONNECTION_OPTIONS.ipv4!, rare: true },
  ipv6: { ...CONNECTION_OPTIONS.ipv6!, rare: true },
  ...TRUST_OPTIONS,
  ca: { ...TRUST_OPTIONS.ca!, rare: true },
};

/** A server, and how it is talked to: data that is posted to the sandbox. */
export interface TelnetPlan extends ConnectionPlan {
  /** The server. */
  readonly target: Target;
  /** The character set of both directions. */
  readonly charset: string;
  /** Variables that are reported to the server. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Plans a connection.
 *
 * @param args The command line.
 * @param host Looks names up.
 * @param text The server: `HOST`, `HOST:PORT`, `telnet://` or `telnets://`, or `unix:PATH`.
 * @returns The plan.
 * @throws {UsageError} If the server or an option is malformed.
 */
export async function planTelnet(args: Arguments, host: Host, text: string): Promise<TelnetPlan> {
  const target = parseTarget(text, { schemes: ["telnet", "telnets"], defaultPort: 23 });
  if (target.path !== "") throw new UsageError("a URL of Telnet has no path (RFC 4248)");
  return {
    ...await planConnections(args, host, [target.endpoint]),
    target,
    charset: args.value("charset") ?? "utf-8",
    environment: environmentOf(args),
  };
}

/** Reads `--env`. */
function environmentOf(args: Arguments): Record<string, string> {
  const environment = Object.fromEntries(
    args.values("env").map((text) => {
      const equals = text.indexOf("=");
      if (equals < 1) throw new UsageError(`--env takes NAME=VALUE, not ${JSON.stringify(text)}`);
      return [text.slice(0, equals), text.slice(equals + 1)];
    }),
  );
  if (environment.USER !== undefined) checkLoginName(environment.USER);
  return environment;
}
