/**
 * `netwright mime unpack`: the parts of a message as files (7.3 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { UsageError } from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import { inputCapabilities, type InputPlan, MBOX_OPTION, planInput } from "../../mail/options.ts";

/** Which parts are written, and where. */
export interface UnpackPlan extends InputPlan {
  /** The folder; undefined for standard output. */
  readonly folder: string | undefined;
  /** The parts that were named; all if there are none. */
  readonly parts: readonly string[];
  /** Whether an attached message is one file. */
  readonly wholeMessages: boolean;
  /** Whether only parts that are attached or have a name are written. */
  readonly attachments: boolean;
}

/** The command. */
export const command: Command<UnpackPlan> = {
  name: "mime unpack",
  summary: "extract the parts and attachments of a message",
  operands: "[FILE] --to DIR",
  count: { min: 0, max: 1 },
  examples: [
    "mime unpack letter.eml --to letter",
    "mime unpack --part 1.2 --to - < letter.eml > photo.jpg",
  ],
  details:
    "Files get the names in the message, made safe; a part without a name is part-PATH. Existing files\n" +
    "stay: a new one gets a number. The folder is created if it is missing; with --mbox it gets a folder\n" +
    "for each message: 1, 2, …",
  options: {
    to: { value: "DIR", help: "the folder; - is standard output, for one --part" },
    part: { value: "PATH", many: true, help: "only this part, as `mime tree` counts them" },
    "whole-messages": { help: "write an attached message as one file, not its parts" },
    attachments: { help: "only parts that are attached or have a name" },
    ...MBOX_OPTION,
  },
  plan: (args) => ({
    ...planInput(args),
    folder: folderOf(args),
    parts: args.values("part"),
    wholeMessages: args.has("whole-messages"),
    attachments: args.has("attachments"),
  }),
  capabilities({ file, folder }) {
    // A file that is renamed is read where it was.
    const files = folder === undefined ? {} : { read: [folder], write: [folder] };
    return union(inputCapabilities(file), files);
  },
};

/** The folder; undefined for standard output. */
function folderOf(args: Arguments): string | undefined {
  const to = args.value("to");
  if (to === undefined) throw new UsageError("--to DIR is missing");
  if (to !== "-") return to.replace(/(?<=.)\/+$/, "");
  const [part, ...more] = args.values("part");
  if (part === undefined || more.length > 0) {
    throw new UsageError("--to - requires exactly one --part");
  }
  if (args.has("mbox") && !part.includes(":")) {
    throw new UsageError("--to - requires a part of one message, such as --part 3:1.2");
  }
  return undefined;
}
