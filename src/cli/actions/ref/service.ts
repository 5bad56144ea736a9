/**
 * `netwright service`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import { SERVICES_FILE } from "../../commands/ref/service.ts";
import type { ServicePlan } from "../../commands/ref/service.ts";
import { mergePorts, parseServices } from "../../../reference/internal.ts";
import { findPorts, loadPorts } from "../../../reference/mod.ts";
import { statusOfSome } from "../../connect/in_turn.ts";
import { Table } from "../../terminal/table.ts";
import { reportMissing } from "./_output.ts";

/** The command, in the sandbox. */
export const action: Action<ServicePlan> = {
  async run({ requested: words, transport }, context) {
    const own = parseServices(await context.host.readText(SERVICES_FILE) ?? "");
    const entries = mergePorts(await loadPorts(), own);
    const table = new Table(context.stdout, { headings: ["NAME", "PORT", "DESCRIPTION"] });
    let missing = 0;
    for (const requested of words) {
      const found = findPorts(entries, requested, transport);
      if (found.length === 0) missing += await reportMissing("service", requested, context);
      for (const { name, port, transports, description } of found) {
        if (context.json) await context.stdout.json({ name, port, transports, description });
        else await table.row(name, `${port}/${transports.join(",")}`, description);
      }
    }
    await table.end();
    return statusOfSome(missing, words.length);
  },
};
