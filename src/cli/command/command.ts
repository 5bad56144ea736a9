/**
 * A command as the launcher knows it: its options, the plan that it makes of them, and what that needs. Each file of
 * `commands/` exports one as `command`; its implementation is in the file of the same name of `actions/`, which is loaded
 * inside the sandbox only.
 *
 * @module
 */

import type { Capabilities } from "../../net/mod.ts";
import type { Arguments } from "./arguments.ts";
import type { BrokerManifest } from "./broker.ts";
import type { Host } from "./host.ts";
import type { CommandSyntax } from "./option_spec.ts";

/**
 * A command of `netwright`.
 *
 * @typeParam Plan The parsed command line: data that is posted to the sandbox.
 */
export interface Command<Plan = unknown> extends CommandSyntax {
  /** One line for the list of commands. */
  readonly summary: string;
  /** Command lines that work, without `netwright`; the help begins with the first. */
  readonly examples: readonly string[];
  /** The words after `netwright help` for a form of it; its name if absent. */
  readonly helpName?: string;
  /** Lines of its help that are not wrapped, such as the values of its operand. */
  readonly list?: readonly string[];
  /** A few lines of further help: the output, the reason for `ffi` or `run`. */
  readonly details?: string;
  /** The text of `help COMMAND` beyond the one screen of `--help`: lines of at most 80 columns. */
  readonly manual?: string;
  /**
   * Returns the command for certain operands, such as with the options of a service.
   * @param words The command line, not parsed yet.
   */
  specialize?(words: readonly string[]): Promise<Command<Plan>>;
  /**
   * Lists the values of an operand, for completion.
   * @param commands All commands.
   * @param before The operands before it.
   */
  choices?(
    commands: readonly { readonly name: string }[],
    before: readonly string[],
  ): readonly string[];
  /**
   * Reads the command line, before any side effect.
   * @param args The command line.
   * @param host Looks names up, where addresses are needed.
   * @returns The plan.
   * @throws {UsageError} If it makes no sense.
   */
  plan(args: Arguments, host: Host): Plan | Promise<Plan>;
  /** Gives the hosts, files and programs that the plan needs. */
  capabilities(plan: Plan): Capabilities;
  /**
   * Returns the requests that the command may make of the launcher, for capabilities that no code of it holds that reads
   * from the network; absent if it needs nothing but Workers inside its capabilities.
   */
  brokered?(plan: Plan): BrokerManifest;
}
