/**
 * `netwright netmask`: what a netmask makes of addresses (3.4 of the book's list).
 *
 * @module
 */

import {
  formatIp,
  type IpAddress,
  Netmask,
  networksOfRange,
  parseIp,
  UsageError,
} from "../../net/mod.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";

/** The command. */
export const command: Command = {
  name: "netmask",
  summary: "show network, broadcast and host part of addresses",
  operands: "MASK ADDRESS… | FIRST-LAST…",
  count: { min: 1 },
  examples: [
    "netmask /20 192.0.2.77",
    "netmask 255.255.255.0 10.1.2.3 10.1.3.4",
    "netmask 10.0.0.3-10.0.0.9",
  ],
  details:
    "MASK is /20, 20, 255.255.240.0, or a network such as 10.0.0.0/8: then it is also told whether\n" +
    "each address is inside. FIRST-LAST prints the networks that make up a range.",
  capabilities: () => ({}),
  async run(args, context) {
    const [first = "", ...rest] = args.operands;
    if (first.includes("-")) {
      for (const text of args.operands) await tellRange(text, args.has("json"), context);
      return;
    }
    if (rest.length === 0) throw new UsageError("an ADDRESS is missing");
    const slash = first.indexOf("/");
    const base = slash > 0 ? address(first.slice(0, slash)) : undefined;
    const maskText = slash > 0 ? first.slice(slash) : first;
    for (const text of rest) {
      const ip = address(text);
      const mask = Netmask.parse(maskText, ip.version);
      await tell(ip, mask, base, args.has("json"), context);
    }
  },
};

function address(text: string): IpAddress {
  const ip = parseIp(text);
  if (ip === undefined) throw new UsageError(`${JSON.stringify(text)} is no IP address`);
  return ip;
}

async function tell(
  ip: IpAddress,
  mask: Netmask,
  base: IpAddress | undefined,
  json: boolean,
  context: Context,
): Promise<void> {
  const [first, last] = mask.hosts(ip);
  const facts = {
    address: formatIp(ip),
    mask: mask.toString(),
    prefix: mask.length,
    network: formatIp(mask.network(ip)),
    last: formatIp(mask.last(ip)),
    ...(ip.version === 4 &&
      { broadcast: formatIp(mask.last(ip)), wildcard: formatIp(mask.wildcard) }),
    hostPart: formatIp(mask.hostPart(ip)),
    firstHost: formatIp(first),
    lastHost: formatIp(last),
    addresses: mask.size.toString(),
    ...(base !== undefined && {
      inside: base.version === ip.version && mask.sameNetwork(base, ip),
    }),
  };
  if (json) return await context.stdout.json(facts);
  for (const [name, value] of Object.entries(facts)) {
    const label = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    await context.stdout.line(`${label.padEnd(11)} ${value}`);
  }
  await context.stdout.line();
}

async function tellRange(text: string, json: boolean, context: Context): Promise<void> {
  const [first = "", last = "", ...more] = text.split("-");
  if (more.length > 0) throw new UsageError(`${JSON.stringify(text)} is no range FIRST-LAST`);
  const [from, to] = [address(first), address(last)];
  if (from.version !== to.version || from.value > to.value) {
    throw new UsageError(`the range ${JSON.stringify(text)} ends before it begins`);
  }
  const networks = [...networksOfRange(from, to)]
    .map(([network, mask]) => `${formatIp(network)}/${mask.length}`);
  if (json) return await context.stdout.json({ range: text, networks });
  for (const network of networks) await context.stdout.line(network);
}
