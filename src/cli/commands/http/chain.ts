/**
 * `netwright http chain`: where redirects lead (9.1 of the book's list).
 *
 * @module
 */

import type { Command } from "../../command/command.ts";
import { PAGE_OPTIONS, type PagePlan, planPage } from "../../http/page_options.ts";
import type { Capabilities } from "../../../net/mod.ts";

/** The resource. */
export interface ChainPlan {
  /** The resource. */
  readonly page: PagePlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** The method of the first request. */
  readonly method: "GET" | "HEAD";
}

/** The command. */
export const command: Command<ChainPlan> = {
  name: "http chain",
  summary: "show where redirects lead",
  operands: "URL",
  count: { min: 1, max: 1 },
  examples: ["http chain http://example.org/", "http chain http://a.b/ --allow-host '*' --json"],
  details: "Prints status, time and URL of each response. Exit status 1: the last one is an error.",
  options: { head: { help: "ask by HEAD instead of GET" }, ...PAGE_OPTIONS },
  async plan(args, host) {
    const { page, needs } = await planPage(args, host);
    return { page, needs, method: args.has("head") ? "HEAD" : "GET" };
  },
  capabilities: ({ needs }) => needs,
};
