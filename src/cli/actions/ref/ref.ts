/**
 * `netwright ref`, inside the sandbox.
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
import type { Action } from "../../command/context.ts";
import type { RefPlan } from "../../commands/ref/ref.ts";
import { Table } from "../../terminal/table.ts";
import { reportMissing } from "./_output.ts";

/** One line of any table, its fields named. */
type Row = Readonly<Record<string, string | number | readonly string[]>>;

const TABLES: Readonly<Record<RefPlan["table"], (word: string) => Promise<Row[]> | Row[]>> = {
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

/** The command, in the sandbox. */
export const action: Action<RefPlan> = {
  async run({ table, word }, context) {
    const rows = await TABLES[table](word);
    if (rows.length === 0) return await reportMissing("ref", word, context);
    const headings = Object.keys(rows[0]!).map((field) => field.toUpperCase());
    const shown = new Table(context.stdout, { headings });
    for (const row of rows) {
      if (context.json) await context.stdout.json(row);
      else await shown.row(...Object.values(row).map(String));
    }
    await shown.end();
  },
};

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

function matches(row: Row, word: string): boolean {
  const text = word.toLowerCase();
  return Object.values(row).some((value) =>
    typeof value === "number" ? String(value) === text : String(value).toLowerCase().includes(text)
  );
}
