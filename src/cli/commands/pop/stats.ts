/**
 * `netwright pop stats`: how full mailboxes are (8.1 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import type { Capabilities } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import type { LoginPlan } from "../../login/options.ts";
import { planPop, POP_OPTIONS } from "../../pop/options.ts";

/** The mailboxes. */
export interface StatsPlan {
  /** Each. */
  readonly servers: readonly LoginPlan[];
  /** What that needs. */
  readonly needs: Capabilities;
}

/** The command. */
export const command: Command<StatsPlan> = {
  name: "pop stats",
  summary: "count the messages of POP3 mailboxes",
  operands: "URL…",
  count: { min: 1, max: Infinity },
  examples: ["pop stats pop3s://ann@mail.example.org"],
  details:
    "Prints each mailbox with its messages and their bytes. TLS: pop3s:// from the first byte;\n" +
    "else STLS, without which no password is sent to another host.",
  options: POP_OPTIONS,
  async plan(args, host) {
    const plans = [];
    for (const url of args.operands) plans.push(await planPop(args, host, url));
    return {
      servers: plans.map(({ server }) => server),
      needs: plans.map(({ needs }) => needs).reduce((one, other) => union(one, other)),
    };
  },
  capabilities: ({ needs }) => needs,
};
