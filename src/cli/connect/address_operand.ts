/**
 * A host as an operand, for commands that need its address and no port.
 *
 * @module
 */

import { withoutZone } from "../../net/internal.ts";
import { type Capabilities, isIp, parseEndpoint, parseIp, UsageError } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import type { Context } from "../command/context.ts";

/** Which kind of address is wanted. */
export const FAMILY_OPTIONS: OptionSpecs = {
  ipv4: { short: "4", help: "use IPv4" },
  ipv6: { short: "6", help: "use IPv6" },
};

/** Reads the first operand as a host without a port. */
function hostOperand(args: Arguments): string {
  const [text = ""] = args.operands;
  const bare = text.replace(/^\[(.*)\]$/, "$1");
  if (isIp(withoutZone(bare))) return bare;
  if (/[:/]/.test(text)) throw new UsageError(`${JSON.stringify(text)} is not a host`);
  const endpoint = parseEndpoint(text, { defaultPort: 1 });
  return "path" in endpoint ? "" : endpoint.hostname;
}

/** A host, and the kind of address that is wanted of it. */
export interface HostOperand {
  /** A name or an address. */
  readonly host: string;
  /** The address family. */
  readonly family: 4 | 6 | undefined;
}

/**
 * Reads the first operand as a host, and which kind of address is wanted.
 *
 * @param args The command line.
 * @returns Both.
 * @throws {UsageError} If the operand is not a host, or an address of the other kind.
 */
export function planHost(args: Arguments): HostOperand {
  const host = hostOperand(args);
  const family = args.has("ipv4") ? 4 : args.has("ipv6") ? 6 : undefined;
  const version = parseIp(withoutZone(host))?.version;
  if (version !== undefined && family !== undefined && version !== family) {
    throw new UsageError(`${host} is no IPv${family} address`);
  }
  return { host, family };
}

/** What finding the address needs. */
export function hostCapabilities({ host }: HostOperand): Capabilities {
  return isIp(withoutZone(host)) ? {} : { net: [host] };
}

/**
 * Finds the address of a host.
 *
 * @param operand The host.
 * @param context Where the command runs.
 * @returns The address, of the kind that is wanted.
 * @throws {ConnectError} If there is none.
 */
export async function addressOf(
  { host, family }: HostOperand,
  context: Context,
): Promise<string> {
  return isIp(withoutZone(host)) ? host : (await context.host.lookUp(host, family))[0]!;
}
