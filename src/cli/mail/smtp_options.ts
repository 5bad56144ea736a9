/**
 * Options of commands that speak SMTP, and their capabilities.
 *
 * @module
 */

import { type Capabilities, UsageError } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { Host } from "../command/host.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import { TOKEN_OPTIONS } from "../login/credential_options.ts";
import {
  LOGIN_OPTIONS,
  type LoginPlan,
  planLogin,
  type TlsChoice,
  tlsChoice,
} from "../login/options.ts";

/** All `smtp` commands have these. */
export const SMTP_CLIENT_OPTIONS: OptionSpecs = {
  ...LOGIN_OPTIONS,
  starttls: {
    value: "require",
    optionalValue: true,
    choices: ["require"],
    help: "STARTTLS, or send nothing",
  },
  chunking: { rare: true, help: "send texts by BDAT where the server takes it" },
  name: { value: "HOST", rare: true, help: "our host name in EHLO" },
};

/** How mail servers are talked to. */
export interface SmtpOptions extends TlsChoice {
  /** Whether texts are sent by BDAT. */
  readonly chunking: boolean;
  /** Our host name in EHLO. */
  readonly name: string | undefined;
}

/** A mail server, and how it is talked to. */
export interface SmtpServerPlan extends SmtpOptions, LoginPlan {}

/**
 * Reads how mail servers are talked to.
 *
 * @param args The command line.
 * @returns How.
 * @throws {UsageError} If an option makes no sense.
 */
export function smtpOptions(args: Arguments): SmtpOptions {
  return { ...tlsChoice(args), chunking: args.has("chunking"), name: args.value("name") };
}

/**
 * Plans to talk to a server.
 *
 * @param args The command line.
 * @param host Looks names up.
 * @param url The server: `smtp://`, `smtps://` (TLS at once), `submission://` (port 587), `lmtp://`, or a bare host.
 * @returns The plan, and its capabilities.
 * @throws {UsageError} If the URL or an option makes no sense.
 */
export async function planSmtp(
  args: Arguments,
  host: Host,
  url: string,
): Promise<{ readonly server: SmtpServerPlan; readonly needs: Capabilities }> {
  const schemes = ["smtp", "smtps", "submission", "lmtp"];
  const { server, needs } = await planLogin(args, host, url, { schemes, defaultPort: 25 });
  return { server: { ...smtpOptions(args), ...server }, needs };
}

/**
 * Reads the port of `--mx`.
 *
 * @param args The command line.
 * @returns The port.
 * @throws {UsageError} If it is none, or a log-in was asked for.
 */
export function mxPort(args: Arguments): number {
  const port = Number(args.value("mx") || 25);
  if (!(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new UsageError("--mx takes a port");
  }
  for (const name of ["user", "password-file", "netrc", "auth", ...Object.keys(TOKEN_OPTIONS)]) {
    if (args.has(name)) throw new UsageError(`--${name} is for one server, not for --mx`);
  }
  return port;
}
