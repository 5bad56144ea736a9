/**
 * `netwright ref`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { Table } from "../../terminal/table.ts";
import { tellMissing } from "./_output.ts";
import { tableOf } from "../../commands/ref/ref.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    const [table = "", word = ""] = args.operands;
    const rows = await tableOf(table)(word);
    if (rows.length === 0) return await tellMissing("ref", word, context);
    const headings = Object.keys(rows[0]!).map((field) => field.toUpperCase());
    const shown = new Table(context.stdout, { headings });
    for (const row of rows) {
      if (context.json) await context.stdout.json(row);
      else await shown.row(...Object.values(row).map(String));
    }
    await shown.end();
  },
});
