/**
 * `netwright http text`: a page as text (9.4 of the book's list).
 *
 * @module
 */

import type { Capabilities } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { PAGE_OPTIONS, type PagePlan, planPage } from "../../http/page_options.ts";

/** The page, and how it is written. */
export interface TextPlan {
  /** The page. */
  readonly page: PagePlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** Columns. */
  readonly width: number;
  /** Whether the addresses of links are left out. */
  readonly withoutLinks: boolean;
}

/** The command. */
export const command: Command<TextPlan> = {
  name: "http text",
  summary: "print a page as readable text",
  operands: "URL",
  count: { min: 1, max: 1 },
  examples: ["http text https://example.org/", "http text https://example.org/ --no-links"],
  options: {
    width: { value: "COLUMNS", help: "longest line (default 72)" },
    "no-links": { help: "leave the addresses of links out" },
    ...PAGE_OPTIONS,
  },
  async plan(args, host) {
    const { page, needs } = await planPage(args, host);
    return {
      page,
      needs,
      width: args.integer("width", { min: 20, max: 1000, fallback: 72 }),
      withoutLinks: args.has("no-links"),
    };
  },
  capabilities: ({ needs }) => needs,
};
