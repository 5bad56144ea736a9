/**
 * `netwright password`: prints the hash of a password for a file of users.
 *
 * @module
 */

import type { Command } from "../../command/command.ts";

/** The command. */
export const command: Command<Record<string, never>> = {
  name: "password",
  summary: "hash a password for a server's user file",
  operands: "",
  count: { min: 0, max: 0 },
  examples: [
    "password < secret.txt",
    'password | sed "s/^/ann: /" >> users.yaml',
  ],
  details:
    "Asks for the password at a terminal, else reads the first line of standard input. The file that\n" +
    "--users of a server names has one line per user: NAME: HASH.",
  plan: () => ({}),
  capabilities: () => ({}),
};
