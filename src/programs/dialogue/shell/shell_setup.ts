/**
 * Shells of UNIX: a unique prompt with the exit status, no echo, no pages.
 *
 * @module
 */

import type { UniquePrompt } from "./prompt.ts";

/** How a kind of shell is set up. */
export interface ShellSetup extends UniquePrompt {
  /** The command. */
  readonly command: string;
  /** Matches the last line of a session, with the exit status; undefined if the shell prints none. */
  readonly end?: RegExp;
  /** Prints the exit status, where the prompt does not. */
  readonly status?: { readonly command: string; readonly pattern: RegExp };
  /** Matches what the shell adds to output that does not end its line. */
  readonly filler?: RegExp;
}

/**
 * Returns the setup for shells of POSIX and zsh.
 *
 * @param id A text that is unique.
 */
export function posixSetup(id: string): ShellSetup {
  const zsh = "unsetopt zle prompt_sp; precmd_functions=(); RPS1=";
  return {
    command: ` stty -echo 2>/dev/null; [ -n "\${ZSH_VERSION-}" ] && eval '${zsh}'; ` +
      `trap 'echo "nw-${id} end $?"' EXIT; PAGER=cat; SYSTEMD_PAGER=; ` +
      // Without a word about a terminal that can do little.
      `LESS="-d \${LESS-}"; export PAGER SYSTEMD_PAGER LESS; ` +
      // zsh expands %?, the others $?; neither expands both.
      `PROMPT_COMMAND= PS2= PS1='nw-${id} $? %? '; export PS1`,
    prompt: new RegExp(`nw-${id} (?:(\\d{1,3}) %\\?|\\$\\? (\\d{1,3})) $`),
    end: new RegExp(`nw-${id} end (\\d{1,3})\\s*$`),
  };
}

/**
 * Finds the setup for another shell by its answer to the first one.
 *
 * @param answer What it printed.
 * @param id A text that is unique.
 * @returns The setup; undefined if the shell is not known.
 */
export function otherSetup(answer: string, id: string): ShellSetup | undefined {
  if (/\bfish\b/.test(answer)) {
    return {
      command:
        ` stty -echo; set -x PAGER cat; function fish_greeting; end; function fish_mode_prompt; end; ` +
        `function fish_right_prompt; end; function nw_end --on-event fish_exit; echo nw-${id} end $status; end; ` +
        `function fish_prompt; printf 'nw-${id} %s ' $status; end`,
      prompt: new RegExp(`nw-${id} (\\d{1,3}) $`),
      end: new RegExp(`nw-${id} end (\\d{1,3})\\s*$`),
      filler: /[\u23ce\u00b6] *\n?$/,
    };
  }
  if (/command not found|variable syntax|undefined variable|missing|badly placed/i.test(answer)) {
    return {
      // tcsh expands %?, csh does not.
      command: ` stty -echo; setenv PAGER cat; unset edit; set prompt="nw-${id} %? "`,
      prompt: new RegExp(`nw-${id} (?:(\\d{1,3})|%\\?) $`),
      status: {
        command: `echo nw-${id} is $status`,
        pattern: new RegExp(`nw-${id} is (\\d{1,3})`),
      },
    };
  }
  return undefined;
}
