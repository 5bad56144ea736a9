/**
 * `netwright service`: services by name and port (3.2 of the book's list).
 *
 * @module
 */

import { findPorts, loadPorts, mergePorts, parseServices } from "../../../reference/mod.ts";
import type { Command } from "../../command/command.ts";
import { Table } from "../../terminal/table.ts";
import { tellMissing } from "./_output.ts";

const SERVICES_FILE = "/etc/services";

/** The command. */
export const command: Command = {
  name: "service",
  summary: "look up services by name or port number",
  operands: "NAME|PORT…",
  count: { min: 1 },
  examples: ["service daytime 25", "service --transport udp 53"],
  details:
    "Knows IANA's registry and the host's own /etc/services. Prints NAME, PORT/TRANSPORT and\n" +
    "description with tabs between. ref ports WORD searches descriptions too.",
  options: {
    transport: { value: "NAME", choices: ["tcp", "udp", "sctp", "dccp"], help: "only those of" },
  },
  capabilities: () => ({ read: [SERVICES_FILE] }),
  async run(args, context) {
    const own = parseServices(await context.host.readText(SERVICES_FILE) ?? "");
    const entries = mergePorts(await loadPorts(), own);
    const table = new Table(context.stdout, { headings: ["NAME", "PORT", "DESCRIPTION"] });
    let status = 0;
    for (const wanted of args.operands) {
      const found = findPorts(entries, wanted, args.value("transport"));
      if (found.length === 0) status = await tellMissing("service", wanted, context);
      for (const { name, port, transports, description } of found) {
        if (args.has("json")) await context.stdout.json({ name, port, transports, description });
        else await table.row(name, `${port}/${transports.join(",")}`, description);
      }
    }
    await table.end();
    return status;
  },
};
