/**
 * `netwright protocol`: Internet protocols by name and number (3.2 of the book's list).
 *
 * @module
 */

import { findProtocol } from "../../../reference/mod.ts";
import type { Command } from "../../command/command.ts";
import { Table } from "../../terminal/table.ts";
import { tellMissing } from "./_output.ts";

/** The command. */
export const command: Command = {
  name: "protocol",
  summary: "look up Internet protocols by name or number",
  operands: "NAME|NUMBER…",
  count: { min: 1 },
  examples: ["protocol tcp 17"],
  capabilities: () => ({}),
  async run(args, context) {
    const table = new Table(context.stdout, { headings: ["NAME", "NUMBER", "MEANING"] });
    let status = 0;
    for (const wanted of args.operands) {
      const found = findProtocol(wanted);
      if (found === undefined) status = await tellMissing("protocol", wanted, context);
      else if (args.has("json")) await context.stdout.json(found);
      else await table.row(found.name, found.number, found.meaning);
    }
    await table.end();
    return status;
  },
};
