/**
 * `netwright http headers`: what a server sets, explained (9.1 of the book's list).
 *
 * @module
 */

import type { Capabilities } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { PAGE_OPTIONS, type PagePlan, planPage } from "../../http/page_options.ts";

/** The resource. */
export interface HeadersPlan {
  /** The resource. */
  readonly page: PagePlan;
  /** What that needs. */
  readonly needs: Capabilities;
}

/** The command. */
export const command: Command<HeadersPlan> = {
  name: "http headers",
  summary: "explain the header fields and the certificate of a site",
  operands: "URL",
  count: { min: 1, max: 1 },
  examples: ["http headers https://example.org/"],
  details:
    "Prints the meaning of each field, the protection of visitors and its gaps, cookies, and the end of\n" +
    "the certificate.",
  options: PAGE_OPTIONS,
  async plan(args, host) {
    return await planPage(args, host);
  },
  capabilities: ({ needs }) => needs,
};
