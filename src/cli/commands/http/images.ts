/**
 * `netwright http images`: the pictures of a page (9.4 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { PAGE_OPTIONS, type PagePlan, planPage } from "../../http/page_options.ts";

/** The page, and where its pictures go. */
export interface ImagesPlan {
  /** The page. */
  readonly page: PagePlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** The folder; pictures are listed if absent. */
  readonly folder: string | undefined;
  /** Whether all sizes of a picture are meant, not only the largest. */
  readonly allSizes: boolean;
  /** Downloads at once. */
  readonly parallel: number;
}

/** The command. */
export const command: Command<ImagesPlan> = {
  name: "http images",
  summary: "download the pictures of a page",
  operands: "URL",
  count: { min: 1, max: 1 },
  examples: [
    "http images https://example.org/ --to pictures/",
    "http images https://example.org/ --to . --allow-host cdn.example.org",
  ],
  details:
    "Without --to they are listed. A picture that is there already is downloaded again only if it has\n" +
    "changed. Exit status 4: some could not be had, such as those of hosts that are not allowed.",
  options: {
    to: { value: "DIR", help: "the folder to write them to" },
    "all-sizes": { help: "all sizes of a picture, not only the largest" },
    parallel: { value: "N", short: "P", help: "downloads at once (default 6)" },
    ...PAGE_OPTIONS,
  },
  async plan(args, host) {
    const { page, needs } = await planPage(args, host);
    const folder = args.value("to");
    if (folder === "") throw new UsageError("--to requires the name of a folder");
    return {
      page,
      needs: folder === undefined ? needs : union(needs, { read: [folder], write: [folder] }),
      folder,
      allSizes: args.has("all-sizes"),
      parallel: args.integer("parallel", { min: 1, max: 64, fallback: 6 }),
    };
  },
  capabilities: ({ needs }) => needs,
};
