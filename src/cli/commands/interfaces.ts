/**
 * `netwright interfaces`: the network interfaces of this host (3.5 of the book's list).
 *
 * @module
 */

import { kindOfIp, parseIp } from "../../net/mod.ts";
import type { Command } from "../command.ts";
import { tellLine } from "../failure.ts";
import { Table } from "../table.ts";

/** The command. */
export const command: Command = {
  name: "interfaces",
  summary: "list this host's network interfaces with their addresses",
  operands: "[NAME…]",
  count: { min: 0 },
  examples: ["interfaces", "interfaces lo --json"],
  capabilities: () => ({ sys: ["networkInterfaces"] }),
  async run(args, context) {
    const wanted = args.operands;
    const found = context.host.interfaces().filter(({ name }) =>
      wanted.length === 0 || wanted.includes(name)
    );
    const table = new Table(context.stdout, {
      headings: ["NAME", "FAMILY", "ADDRESS", "MAC", "KIND"],
    });
    for (const { name, address, cidr, netmask, mac, family } of found) {
      const ip = parseIp(address);
      const kind = ip === undefined ? "unknown" : kindOfIp(ip);
      if (args.has("json")) {
        await context.stdout.json({ name, family, address, netmask, cidr, mac, kind });
      } else await table.row(name, family, cidr ?? address, mac, kind);
    }
    await table.end();
    const missing = wanted.filter((name) => !found.some((entry) => entry.name === name));
    for (const name of missing) {
      await tellLine(`${JSON.stringify(name)} is not there`, "interfaces", context.stderr);
    }
    return missing.length > 0 ? 1 : 0;
  },
};
