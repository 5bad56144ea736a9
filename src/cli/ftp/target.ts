/**
 * The common part of all `ftp` commands before they connect: URLs, options, and capabilities.
 *
 * @module
 */

import { parseTarget, type Target, union } from "../../net/internal.ts";
import {
  type Capabilities,
  type HostEndpoint,
  NetwrightError,
  parseIp,
  UsageError,
} from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { Host } from "../command/host.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import {
  connectionCapabilities,
  type ConnectionOptions,
  connectionOptions,
} from "../connect/connecting.ts";
import {
  credentialCapabilities,
  type CredentialPlan,
  planCredentials,
} from "../login/credential_options.ts";
import { ACCOUNT_OPTIONS } from "../login/options.ts";

/** All `ftp` commands have these. */
export const FTP_OPTIONS: OptionSpecs = {
  ...ACCOUNT_OPTIONS,
  active: { rare: true, help: "let the server connect for data" },
  encoding: { value: "NAME", choices: ["utf-8", "latin1"], rare: true, help: "of file names" },
};

/** How servers are talked to. */
export interface FtpOptions {
  /** How connections are made. */
  readonly connection: ConnectionOptions;
  /** Who logs in. */
  readonly credentials: CredentialPlan;
  /** Whether the server connects for data. */
  readonly active: boolean;
  /** Encoding of file names. */
  readonly encoding: "utf-8" | "latin1" | undefined;
}

/**
 * Reads how servers are talked to.
 *
 * @param args The command line.
 * @returns How.
 * @throws {UsageError} If an option makes no sense.
 */
export function ftpOptions(args: Arguments): FtpOptions {
  return {
    connection: connectionOptions(args),
    credentials: planCredentials(args),
    active: args.has("active"),
    encoding: args.value("encoding") as FtpOptions["encoding"],
  };
}

/** A URL of FTP. */
export interface FtpTarget extends Target {
  readonly endpoint: HostEndpoint;
  /** The path, decoded: from the folder where one lands, or absolute after two slashes. */
  readonly path: string;
}

/** Whether an operand is a URL of FTP, and no file or bare host. */
export function isFtpUrl(text: string): boolean {
  return /^ftp(?:s|\+tls)?:\/\//i.test(text);
}

/**
 * Reads a URL: `ftp://`, `ftps://` (TLS at once), `ftp+tls://`, or a bare host.
 *
 * @param text The URL.
 * @returns The target.
 * @throws {UsageError} If it is none.
 */
export function parseFtpUrl(text: string): FtpTarget {
  const target = parseTarget(text, { schemes: ["ftp", "ftps", "ftp+tls"], defaultPort: 21 });
  const { endpoint } = target;
  if (endpoint.transport !== "tcp" || "path" in endpoint) {
    throw new UsageError("FTP needs a host: its data connections go there");
  }
  try {
    return { ...target, endpoint, path: decodeURIComponent(target.path) };
  } catch {
    throw new UsageError("the path of the URL is badly encoded");
  }
}

/**
 * Determines the capabilities for sessions with servers: all of their ports, for data connections change; also by
 * address, for those connect to the address of the session, and a name may have several.
 *
 * @param args The command line.
 * @param host Looks names up.
 * @param targets The servers.
 * @returns The capabilities.
 */
export async function ftpCapabilities(
  args: Arguments,
  host: Host,
  targets: readonly FtpTarget[],
): Promise<Capabilities> {
  const control = await connectionCapabilities(args, host, targets.map(({ endpoint }) => endpoint));
  const net = (Array.isArray(control.net) ? control.net : []).map((pattern: string) =>
    pattern.replace(/:\d+$/, "")
  );
  // With --ipv4 or --ipv6 they are among them already.
  const names = args.has("ipv4") || args.has("ipv6") ? [] : targets
    .map(({ endpoint: { hostname } }) => hostname)
    .filter((hostname) => parseIp(hostname) === undefined);
  for (const name of new Set(names)) net.push(...await addressesOf(name, host));
  if (args.has("active")) net.push("0.0.0.0:0");
  return union(
    { ...control, net },
    ...targets.map((target) => credentialCapabilities(planCredentials(args), target)),
  );
}

/** The addresses of a name, as patterns; none if it is not found, which connecting reports better. */
async function addressesOf(hostname: string, host: Host): Promise<string[]> {
  try {
    const addresses = await host.lookUp(hostname);
    return addresses.map((address) => address.includes(":") ? `[${address}]` : address);
  } catch (error) {
    if (error instanceof NetwrightError) return [];
    throw error;
  }
}

/** What operands name. */
export interface FtpNames {
  /**
   * Reads an operand that names something on a server.
   * @throws {UsageError} If it names nothing.
   */
  remote(operand: string): FtpTarget;
  /** Reads an operand that is a path on the server that another operand names. */
  remotePath(operand: string): string;
  /**
   * Reads an operand that names a local file.
   * @returns Its path as the process sees it.
   * @throws {UsageError} If it names nothing that may be used.
   */
  local(operand: string): string;
}

/** URLs, and paths as the process sees them. */
export const BY_URL: FtpNames = {
  remote: parseFtpUrl,
  remotePath: (operand) => operand,
  local: (operand) => operand,
};
