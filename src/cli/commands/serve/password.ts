/**
 * `netwright password`: what a file of users holds in place of a password.
 *
 * @module
 */

import { readToEnd, UsageError } from "../../../net/mod.ts";
import { hashPassword } from "../../../stores/mod.ts";
import type { Command } from "../../command/command.ts";
import { askSecret } from "../../terminal/prompts.ts";
import { processTerminal } from "../../terminal/terminal.ts";

/** Longest password, in bytes. */
const MAX_BYTES = 1024;

/** The command. */
export const command: Command = {
  name: "password",
  summary: "hash a password for a server's file of users",
  operands: "",
  count: { min: 0, max: 0 },
  examples: ["password", "password < secret.txt"],
  details:
    "Asks for it at a terminal, else reads the first line of standard input. In the file of users\n" +
    "stands, for each of them, NAME: HASH.",
  capabilities: () => ({}),
  async run(_args, context) {
    const password = context.stdin.isTerminal
      ? (await askSecret(processTerminal, "Password:")).reveal()
      : new TextDecoder().decode(await readToEnd(context.stdin, { maxBytes: MAX_BYTES }))
        .split(/\r?\n/, 1)[0]!;
    if (password === "") throw new UsageError("the password is empty");
    await context.stdout.line(await hashPassword(password));
  },
};
