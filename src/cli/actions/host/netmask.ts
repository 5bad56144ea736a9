/**
 * `netwright netmask`, inside the sandbox.
 *
 * @module
 */

import type { NetmaskPlan } from "../../commands/host/netmask.ts";
import {
  formatIp,
  type IpAddress,
  Netmask,
  networksOfRange,
  parseIp,
  UsageError,
} from "../../../net/mod.ts";
import type { Action, Context } from "../../command/context.ts";

/** The command, in the sandbox. */
export const action: Action<NetmaskPlan> = {
  async run({ operands }, context) {
    const [first = "", ...rest] = operands;
    if (first.includes("-")) {
      for (const text of operands) await printRange(text, context.json, context);
      return;
    }
    const slash = first.indexOf("/");
    if (rest.length === 0) {
      if (slash <= 0) throw new UsageError("a mask is missing, as in 10.0.0.1/24");
      const ip = address(first.slice(0, slash));
      const mask = Netmask.parse(maskText(first), ip.version);
      return await report(ip, mask, undefined, context.json, context);
    }
    const base = slash > 0 ? address(first.slice(0, slash)) : undefined;
    const text = maskText(first);
    for (const operand of rest) {
      const ip = address(operand);
      const mask = Netmask.parse(text, ip.version);
      await report(ip, mask, base, context.json, context);
    }
  },
};

/** The mask of a network, `192.0.2.0/24` or `192.0.2.0/255.255.255.0`, or the mask itself. */
function maskText(operand: string): string {
  const slash = operand.indexOf("/");
  if (slash < 0) return operand;
  return operand.slice(operand.includes(".", slash) ? slash + 1 : slash);
}

function address(text: string): IpAddress {
  const ip = parseIp(text);
  if (ip === undefined) throw new UsageError(`${JSON.stringify(text)} is no IP address`);
  return ip;
}

async function report(
  ip: IpAddress,
  mask: Netmask,
  base: IpAddress | undefined,
  json: boolean,
  context: Context,
): Promise<void> {
  const [first, last] = mask.hosts(ip);
  const facts = {
    address: formatIp(ip),
    mask: ip.version === 4
      ? formatIp({ version: 4, value: ~mask.wildcard.value & 0xffff_ffffn })
      : mask.toString(),
    prefix: mask.length,
    network: formatIp(mask.network(ip)),
    last: formatIp(mask.last(ip)),
    // A link of two, or of one, has none (RFC 3021).
    ...(ip.version === 4 && mask.length < 31 && { broadcast: formatIp(mask.last(ip)) }),
    ...(ip.version === 4 && { wildcard: formatIp(mask.wildcard) }),
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

async function printRange(text: string, json: boolean, context: Context): Promise<void> {
  const [first = "", last = "", ...more] = text.split("-");
  if (more.length > 0) throw new UsageError(`${JSON.stringify(text)} is not a range FIRST-LAST`);
  const [from, to] = [address(first), address(last)];
  if (from.version !== to.version || from.value > to.value) {
    throw new UsageError(`the range ${JSON.stringify(text)} ends before it begins`);
  }
  const networks = [...networksOfRange(from, to)]
    .map(([network, mask]) => `${formatIp(network)}/${mask.length}`);
  if (json) return await context.stdout.json({ range: text, networks });
  for (const network of networks) await context.stdout.line(network);
}
