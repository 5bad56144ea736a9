/**
 * `netwright http get`: a resource of the Web (5.3, 9.1 of the book's list).
 *
 * @module
 */

import type { Command } from "../../command/command.ts";
import type { RequestPlan } from "../../http/plans.ts";
import { requestCommand } from "../../http/request_command.ts";

/** The command. */
export const command: Command<RequestPlan> = requestCommand({
  method: "get",
  summary: "print or save a resource of the Web",
  examples: [
    "http get https://example.org/",
    "http get -O --continue https://example.org/pub/image.iso",
  ],
  details: "Redirects are followed. Exit status 1: the response is an error; its body is printed.",
  options: {
    continue: { short: "c", help: "resume a file, if it is still the same resource" },
    range: { value: "A-B", rare: true, help: "only these bytes, such as 0-99 or -10" },
    "limit-rate": { value: "SIZE", rare: true, help: "maximum bytes a second, such as 2M" },
  },
});
