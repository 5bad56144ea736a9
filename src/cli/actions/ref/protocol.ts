/**
 * `netwright protocol`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { ProtocolPlan } from "../../commands/ref/protocol.ts";
import { findProtocol } from "../../../reference/mod.ts";
import { statusOfSome } from "../../connect/in_turn.ts";
import { Table } from "../../terminal/table.ts";
import { reportMissing } from "./_output.ts";

/** The command, in the sandbox. */
export const action: Action<ProtocolPlan> = {
  async run({ requested: words }, context) {
    const table = new Table(context.stdout, { headings: ["NAME", "NUMBER", "MEANING"] });
    let missing = 0;
    for (const requested of words) {
      const found = findProtocol(requested);
      if (found === undefined) missing += await reportMissing("protocol", requested, context);
      else if (context.json) await context.stdout.json(found);
      else await table.row(found.name, found.number, found.meaning);
    }
    await table.end();
    return statusOfSome(missing, words.length);
  },
};
