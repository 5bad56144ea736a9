/**
 * `netwright ref`: the tables of the book's appendices B and C.
 *
 * @module
 */

import { Netmask, parseIp } from "../../../net/mod.ts";
import {
  findMulticast,
  findSystemErrors,
  listProtocols,
  loadPorts,
  type MulticastEntry,
} from "../../../reference/mod.ts";
import { commandByArguments } from "../../command/arguments_plan.ts";
import { unknownName } from "../../command/nearest.ts";

/** One line of any table, its fields named. */
type Row = Readonly<Record<string, string | number | readonly string[]>>;

const TABLES: Readonly<Record<string, (word: string) => Promise<Row[]> | Row[]>> = {
  errors: (word) => findSystemErrors(word).map((entry) => ({ ...entry })),
  ports: async (word) =>
    (await loadPorts()).map(({ name, port, transports, description }) => ({
      name,
      port,
      transports,
      description,
    })).filter((row) => matches(row, word)),
  protocols: (word) =>
    listProtocols().map((row) => ({ ...row })).filter((row) => matches(row, word)),
  multicast: (word) =>
    (parseIp(word) === undefined ? findMulticast(word) : groupsOf(word)).map((row) => ({ ...row })),
};

/** The command. */
export const command = commandByArguments({
  name: "ref",
  summary: "search errors, ports, protocols, multicast groups",
  operands: `${Object.keys(TABLES).join("|")} [WORD]`,
  count: { min: 1, max: 2 },
  choices: () => Object.keys(TABLES),
  examples: ["ref errors ECONNREFUSED", "ref ports mail", "ref multicast mdns"],
  details:
    "A WORD is a name, a number, or a part of a description; for a multicast address the blocks that\n" +
    "contain it are listed. Fields have tabs between them.",
  capabilities(args) {
    tableOf(args.operands[0] ?? "");
    return {};
  },
});

/** The groups and blocks that an address lies in, the smallest first. */
function groupsOf(text: string): MulticastEntry[] {
  const ip = parseIp(text)!;
  const found = findMulticast().flatMap((entry) => {
    // The scope of an IPv6 group is the fourth digit, which may be any.
    const group = entry.group.replace(/^ff0x/i, text.slice(0, 4));
    const [first = "", last] = group.split("-");
    const [base = "", bits] = first.split("/");
    const from = parseIp(base);
    if (from?.version !== ip.version) return [];
    if (bits !== undefined) {
      const mask = new Netmask(Number(bits), ip.version);
      return mask.sameNetwork(from, ip) ? [{ entry, size: mask.size }] : [];
    }
    const to = parseIp(last ?? base);
    const isInside = to !== undefined && ip.value >= from.value && ip.value <= to.value;
    return isInside ? [{ entry, size: to.value - from.value + 1n }] : [];
  });
  return found.sort((a, b) => a.size < b.size ? -1 : a.size > b.size ? 1 : 0)
    .map(({ entry }) => entry);
}

export function tableOf(name: string): (word: string) => Promise<Row[]> | Row[] {
  const table = Object.hasOwn(TABLES, name) ? TABLES[name] : undefined;
  if (table !== undefined) return table;
  throw unknownName("table", name, Object.keys(TABLES));
}

function matches(row: Row, word: string): boolean {
  const text = word.toLowerCase();
  return Object.values(row).some((value) =>
    typeof value === "number" ? String(value) === text : String(value).toLowerCase().includes(text)
  );
}
