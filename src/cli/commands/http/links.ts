/**
 * `netwright http links`: what a page refers to (9.4 of the book's list).
 *
 * @module
 */

import type { Capabilities } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { PAGE_OPTIONS, type PagePlan, planPage } from "../../http/page_options.ts";

/** The page, and which of its references. */
export interface LinksPlan {
  /** The page. */
  readonly page: PagePlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** The kinds; all if there are none. */
  readonly kinds: readonly string[];
  /** Only those on the same host, or only others. */
  readonly scope: "all" | "internal" | "external";
}

/** The command. */
export const command: Command<LinksPlan> = {
  name: "http links",
  summary: "list the references of a page",
  operands: "URL",
  count: { min: 1, max: 1 },
  examples: [
    "http links https://example.org/ --kind link",
    "http links https://example.org/ --external --json",
  ],
  details: "Prints kind, absolute URL and text; each URL of a kind once.",
  options: {
    kind: {
      value: "KIND",
      many: true,
      choices: [
        ...["link", "image", "script", "stylesheet", "frame", "media", "icon", "form"],
        ...["cite", "refresh", "other"],
      ],
      help: "only these",
    },
    internal: { help: "only URLs on the page's own host" },
    external: { help: "only URLs on other hosts" },
    ...PAGE_OPTIONS,
  },
  async plan(args, host) {
    const { page, needs } = await planPage(args, host);
    return {
      page,
      needs,
      kinds: args.values("kind"),
      scope: args.has("internal") ? "internal" : args.has("external") ? "external" : "all",
    };
  },
  capabilities: ({ needs }) => needs,
};
