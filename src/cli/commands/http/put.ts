/**
 * `netwright http put`: a file to a resource (9.2 of the book's list).
 *
 * @module
 */

import type { Command } from "../../command/command.ts";
import type { RequestPlan } from "../../http/plans.ts";
import { requestCommand } from "../../http/request_command.ts";

/** The command. */
export const command: Command<RequestPlan> = requestCommand({
  method: "put",
  summary: "upload a file to a resource",
  examples: [
    "http put https://dav.example.org/notes.txt notes.txt",
    "tar c docs | netwright http put https://dav.example.org/docs.tar -",
  ],
  details: "FILE is streamed; - is standard input.",
});
