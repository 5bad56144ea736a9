/**
 * `netwright service`: services by name and port (3.2 of the book's list).
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";

export const SERVICES_FILE = "/etc/services";

/** The command. */
export const command = commandByArguments({
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
});
