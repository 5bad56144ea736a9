/**
 * `netwright interfaces`, inside the sandbox.
 *
 * @module
 */

import type { InterfacesPlan } from "../../commands/host/interfaces.ts";
import { ipScope, parseIp } from "../../../net/mod.ts";
import { type Link, listLinks } from "../../../os/internal.ts";
import type { Action, Context } from "../../command/context.ts";
import { printErrorLine } from "../../terminal/failure.ts";
import { Table } from "../../terminal/table.ts";

/** The command, in the sandbox. */
export const action: Action<InterfacesPlan> = {
  async run({ names: requested, details }, context) {
    const names = await (details ? showDetails : showAddresses)(requested, context);
    const missing = requested.filter((name) => !names.includes(name));
    for (const name of missing) {
      await printErrorLine(`${JSON.stringify(name)} is not there`, "interfaces", context.stderr);
    }
    return missing.length > 0 ? 1 : 0;
  },
};

/** Shows the runtime's list; returns the names that were shown. */
async function showAddresses(
  requested: readonly string[],
  { host, stdout, json }: Context,
): Promise<string[]> {
  const found = host.interfaces().filter(({ name }) =>
    requested.length === 0 || requested.includes(name)
  );
  const table = new Table(stdout, { headings: ["NAME", "FAMILY", "ADDRESS", "MAC", "KIND"] });
  for (const { name, address, cidr, netmask, mac, family } of found) {
    const kind = kindOf(address);
    if (json) {
      await stdout.json({ name, family, address, netmask, cidr, mac, kind });
    } else await table.row(name, family, cidr ?? address, mac, kind);
  }
  await table.end();
  return found.map(({ name }) => name);
}

function kindOf(address: string): string {
  const ip = parseIp(address);
  return ip === undefined ? "unknown" : ipScope(ip);
}

/** Shows the kernel's list; returns the names that were shown. */
async function showDetails(
  requested: readonly string[],
  { stdout, json }: Context,
): Promise<string[]> {
  const links = listLinks().filter(({ name }) =>
    requested.length === 0 || requested.includes(name)
  );
  const table = new Table(stdout, {
    headings: ["NAME", "STATE", "FLAGS", "MTU", "MAC", "ADDRESS", "BROADCAST OR PEER", "KIND"],
  });
  for (const link of links) {
    if (json) await stdout.json(link);
    else for (const row of rowsOf(link)) await table.row(...row);
  }
  await table.end();
  return links.map(({ name }) => name);
}

/** A row for each address, and one for an interface without any. */
function rowsOf({ name, state, flags, mtu, mac = "", kind = "", addresses }: Link): string[][] {
  const head = [name, state, flags.join(","), String(mtu), mac];
  if (addresses.length === 0) return [[...head, "", "", kind]];
  return addresses.map(({ address, prefixLength, broadcast, peer }) => [
    ...head,
    `${address}/${prefixLength}`,
    broadcast ?? peer ?? "",
    kindOf(address),
  ]);
}
