/**
 * `netwright smtp verify`: what a mail server offers and whom it would take mail for, step by step (7.1).
 *
 * @module
 */

import type { Capabilities } from "../../../net/mod.ts";
import { commandByArguments } from "../../command/arguments_plan.ts";
import { parseSmtpUrl, SMTP_CLIENT_OPTIONS, smtpCapabilities } from "../../mail/smtp_options.ts";

const { chunking: _, ...OPTIONS } = SMTP_CLIENT_OPTIONS;

/** The command. */
export const command = commandByArguments({
  name: "smtp verify",
  summary: "what a mail server offers, and whom it takes mail for",
  operands: "URL [ADDRESS…]",
  count: { min: 1, max: Infinity },
  examples: [
    "smtp verify smtp://mx.example.org ann@example.org",
    "smtp verify submission://ann@mail.example.org --password-file f",
  ],
  details:
    "No mail is sent. Exit status 4: some addresses are refused, 1: all, or an earlier step.",
  options: {
    from: { value: "ADDRESS", help: "the sender in the envelope; none if absent (<>)" },
    size: { value: "BYTES", help: "ask for a message of this size" },
    vrfy: { help: "ask by VRFY instead of an envelope" },
    ...OPTIONS,
  },
  async capabilities(args, host): Promise<Capabilities> {
    const [url = ""] = args.operands;
    return await smtpCapabilities(args, host, parseSmtpUrl(url));
  },
});
