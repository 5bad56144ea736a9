/**
 * `netwright http post`: data to a resource (9.2 of the book's list).
 *
 * @module
 */

import type { Command } from "../../command/command.ts";
import type { RequestPlan } from "../../http/plans.ts";
import { requestCommand } from "../../http/request_command.ts";

/** The command. */
export const command: Command<RequestPlan> = requestCommand({
  method: "post",
  summary: "send data or a form to a resource",
  examples: [
    'http post https://a.b/notes --json-body \'{"text":"hello"}\'',
    "http post https://a.b/upload -F title=Report -F file=@report.pdf",
  ],
  options: {
    method: { value: "METHOD", short: "X", rare: true, help: "another method, such as PATCH" },
  },
});
