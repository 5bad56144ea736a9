/**
 * `netwright mail forward`: forwards a message to other recipients (7.2 of the book's list).
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import {
  answeredCapabilities,
  type AnsweredPlan,
  DRAFT_OPTIONS,
  planAnswered,
  requireRecipients,
} from "../../mail/options.ts";

/** The message, and the form in which it is forwarded. */
export interface ForwardPlan extends AnsweredPlan {
  /** The form. */
  readonly as: "attachment" | "text" | "resent" | undefined;
}

/** The command. */
export const command: Command<ForwardPlan> = {
  name: "mail forward",
  summary: "write a message that forwards another one",
  operands: "[FILE]",
  count: { min: 0, max: 1 },
  examples: [
    "mail forward letter.eml --from ann@a.b --to bob@c.d < text > new.eml",
    "mail forward --as resent --from a@a.b --to bob@c.d < letter.eml",
  ],
  details:
    "FILE is the message, and --body the comment; without FILE standard input is the message. It is sent\n" +
    "as attachment: untouched; as text: in the text, its files beside it; as resent: the message\n" +
    "itself, with Resent-From and Resent-To before it.",
  options: {
    ...DRAFT_OPTIONS,
    body: { value: "TEXT", help: "the comment (default: standard input if FILE is given)" },
    as: { value: "FORM", choices: ["attachment", "text", "resent"], help: "(default attachment)" },
  },
  plan(args) {
    requireRecipients(args);
    if (args.value("as") === "resent") {
      const unused = Object.keys(DRAFT_OPTIONS).filter((name) => args.has(name))
        .find((name) => name !== "from" && name !== "to");
      if (unused !== undefined) {
        throw new UsageError(`--${unused} would change the message, and --as resent keeps it`);
      }
    }
    return { ...planAnswered(args), as: args.value("as") as ForwardPlan["as"] };
  },
  capabilities: answeredCapabilities,
};
