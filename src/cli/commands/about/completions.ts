/**
 * `netwright completions`: prints the completion script for a shell.
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import { COMPLETION_SCRIPTS } from "../../command/completion_scripts.ts";

const SHELLS = Object.keys(COMPLETION_SCRIPTS);

/** The shell whose script is printed. */
export interface CompletionsPlan {
  /** The script of a shell; undefined for suggestions. */
  readonly script: string | undefined;
  /** The words that are to be completed. */
  readonly words: readonly string[];
}

/** The command. */
export const command: Command<CompletionsPlan> = {
  name: "completions",
  summary: "print a completion script for bash, zsh or fish",
  operands: SHELLS.join("|"),
  count: { min: 1, max: 1 },
  choices: () => SHELLS,
  examples: [
    "completions bash > /etc/bash_completion.d/netwright",
    "completions zsh > ~/.zfunc/_netwright",
    "completions fish > ~/.config/fish/completions/netwright.fish",
  ],
  details:
    'For one session of bash or zsh: eval "$(netwright completions bash)". The script asks the program at\n' +
    "each Tab by `completions suggest -- WORD…`: one line per word, a tab, its meaning; and the line\n" +
    ":files or :hosts where the shell is to add its own.",
  rest: "",
  plan: ({ operands: [shell], rest }) => ({ script: scriptOf(shell), words: rest }),
  capabilities: () => ({}),
};

/** Gives the script; nothing for `suggest`. */
function scriptOf(shell = ""): string | undefined {
  if (shell === "suggest") return undefined;
  if (Object.hasOwn(COMPLETION_SCRIPTS, shell)) {
    return COMPLETION_SCRIPTS[shell as keyof typeof COMPLETION_SCRIPTS];
  }
  throw new UsageError(`there are completions for ${SHELLS.join(", ")}`);
}
