/**
 * `netwright smtp verify`: checks a mail server and its recipients, step by step (7.1).
 *
 * @module
 */

import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { planSmtp, SMTP_CLIENT_OPTIONS, type SmtpServerPlan } from "../../mail/smtp_options.ts";

const { chunking: _, ...OPTIONS } = SMTP_CLIENT_OPTIONS;

/** The server and the addresses. */
export interface VerifyPlan {
  /** The server. */
  readonly server: SmtpServerPlan;
  /** What that needs. */
  readonly needs: Capabilities;
  /** Recipients. */
  readonly addresses: readonly string[];
  /** The sender in the envelope. */
  readonly from: string | undefined;
  /** The size of a message, in bytes. */
  readonly size: number | undefined;
  /** Whether it is asked by VRFY. */
  readonly vrfy: boolean;
}

/** The command. */
export const command: Command<VerifyPlan> = {
  name: "smtp verify",
  summary: "test a mail server, its extensions and recipients",
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
  async plan(args, host) {
    const [url = "", ...addresses] = args.operands;
    const size = args.bytes("size");
    const vrfy = args.has("vrfy");
    if (size !== undefined && vrfy) throw new UsageError("--size needs an envelope");
    if (size !== undefined && addresses.length === 0 && !args.has("from")) {
      throw new UsageError("--size needs an ADDRESS or --from");
    }
    return { ...await planSmtp(args, host, url), addresses, from: args.value("from"), size, vrfy };
  },
  capabilities: ({ needs }) => needs,
};
