/**
 * `netwright interfaces`: the network interfaces of this host (3.5 of the book's list).
 *
 * @module
 */

import { kindOfIp, parseIp } from "../../../net/mod.ts";
import { LIBC_PATHS, type Link, listLinks } from "../../../os/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import type { Context } from "../../command/context.ts";
import { tellLine } from "../../terminal/failure.ts";
import { Table } from "../../terminal/table.ts";

/** The command. */
export const command: Command = {
  name: "interfaces",
  summary: "list this host's network interfaces with their addresses",
  operands: "[NAME…]",
  count: { min: 0 },
  examples: ["interfaces", "interfaces lo --json", "interfaces --details"],
  details:
    "With --details also those without addresses, and flags, MTU, broadcast addresses and peers. That\n" +
    "needs --allow-ffi for the C library, because the runtime does not tell them.",
  options: { details: { short: "d", help: "all that the kernel knows of them" } },
  capabilities: (args) =>
    args.has("details") ? { ffi: LIBC_PATHS } : { sys: ["networkInterfaces"] },
  async run(args, context) {
    const names = args.has("details")
      ? await showDetails(args, context)
      : await showAddresses(args, context);
    const missing = args.operands.filter((name) => !names.includes(name));
    for (const name of missing) {
      await tellLine(`${JSON.stringify(name)} is not there`, "interfaces", context.stderr);
    }
    return missing.length > 0 ? 1 : 0;
  },
};

/** Shows what the runtime tells; gives the names that were shown. */
async function showAddresses(args: Arguments, { host, stdout }: Context): Promise<string[]> {
  const wanted = args.operands;
  const found = host.interfaces().filter(({ name }) =>
    wanted.length === 0 || wanted.includes(name)
  );
  const table = new Table(stdout, { headings: ["NAME", "FAMILY", "ADDRESS", "MAC", "KIND"] });
  for (const { name, address, cidr, netmask, mac, family } of found) {
    const kind = kindOf(address);
    if (args.has("json")) {
      await stdout.json({ name, family, address, netmask, cidr, mac, kind });
    } else await table.row(name, family, cidr ?? address, mac, kind);
  }
  await table.end();
  return found.map(({ name }) => name);
}

function kindOf(address: string): string {
  const ip = parseIp(address);
  return ip === undefined ? "unknown" : kindOfIp(ip);
}

/** Shows what the kernel tells; gives the names that were shown. */
async function showDetails(args: Arguments, { stdout }: Context): Promise<string[]> {
  const wanted = args.operands;
  const links = listLinks().filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const table = new Table(stdout, {
    headings: ["NAME", "STATE", "FLAGS", "MTU", "MAC", "ADDRESS", "BROADCAST OR PEER", "KIND"],
  });
  for (const link of links) {
    if (args.has("json")) await stdout.json(link);
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
