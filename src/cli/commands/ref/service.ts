/**
 * `netwright service`: services by name and port (3.2 of the book's list).
 *
 * @module
 */

import type { Command } from "../../command/command.ts";

export const SERVICES_FILE = "/etc/services";

/** The services to look up. */
export interface ServicePlan {
  /** Names and ports. */
  readonly requested: readonly string[];
  /** The transport; all if absent. */
  readonly transport: string | undefined;
}

/** The command. */
export const command: Command<ServicePlan> = {
  name: "service",
  summary: "look up services by name or port",
  operands: "NAME|PORT…",
  count: { min: 1 },
  examples: ["service daytime 25", "service --transport udp 53"],
  details:
    "Knows IANA's registry and the host's own /etc/services. Prints NAME, PORT/TRANSPORT and\n" +
    "description with tabs between. ref ports WORD searches descriptions too.",
  options: {
    transport: { value: "NAME", choices: ["tcp", "udp", "sctp", "dccp"], help: "only those of" },
  },
  plan: (args) => ({ requested: args.operands, transport: args.value("transport") }),
  capabilities: () => ({ read: [SERVICES_FILE] }),
};
