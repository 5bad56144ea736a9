/**
 * `netwright http delete`: deletes a resource (9.1 of the book's list).
 *
 * @module
 */

import type { Command } from "../../command/command.ts";
import type { RequestPlan } from "../../http/plans.ts";
import { requestCommand } from "../../http/request_command.ts";

/** The command. */
export const command: Command<RequestPlan> = requestCommand({
  method: "delete",
  summary: "delete a resource",
  examples: ["http delete https://api.example.org/notes/7"],
});
