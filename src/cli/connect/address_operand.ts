/**
 * A host as an operand, for commands that need its address and no port.
 *
 * @module
 */

import { isIp, parseEndpoint, parseIp, UsageError, withoutZone } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import type { Context } from "../command/context.ts";

/** Which kind of address is wanted. */
export const FAMILY_OPTIONS: OptionSpecs = {
  ipv4: { short: "4", help: "use IPv4" },
  ipv6: { short: "6", help: "use IPv6" },
};

/**
 * Reads the first operand as a host without a port.
 *
 * @param args The command line.
 * @returns A name or an address.
 * @throws {UsageError} If it is none.
 */
export function hostOperand(args: Arguments): string {
  const [text = ""] = args.operands;
  const bare = text.replace(/^\[(.*)\]$/, "$1");
  if (isIp(withoutZone(bare))) return bare;
  if (/[:/]/.test(text)) throw new UsageError(`${JSON.stringify(text)} is no host`);
  const endpoint = parseEndpoint(text, { defaultPort: 1 });
  return "path" in endpoint ? "" : endpoint.hostname;
}

/**
 * Finds the address of the first operand.
 *
 * @param args The command line.
 * @param context Where the command runs.
 * @returns The address, of the kind that was asked for.
 * @throws {UsageError} If the operand is an address of the other kind.
 * @throws {ConnectError} If there is none.
 */
export async function addressOf(args: Arguments, context: Context): Promise<string> {
  const host = hostOperand(args);
  const family = args.has("ipv4") ? 4 : args.has("ipv6") ? 6 : undefined;
  const version = parseIp(withoutZone(host))?.version;
  if (version !== undefined && family !== undefined && version !== family) {
    throw new UsageError(`${host} is no IPv${family} address`);
  }
  return version !== undefined ? host : (await context.host.lookUp(host, family))[0]!;
}
