/**
 * The environment of a running command.
 *
 * @module
 */

import type { Capabilities, Network, Reader } from "../../net/mod.ts";
import type { Arguments } from "./arguments.ts";
import type { CommandBroker } from "./broker.ts";
import type { Command } from "./command.ts";
import type { Host } from "./host.ts";
import { InterruptedError, onInterrupt } from "../terminal/interrupt.ts";
import type { Output } from "../terminal/output.ts";

/** The implementation of a command. Each file of `actions/` exports one as `action`. */
export interface Action<Plan = unknown> {
  /**
   * Does it.
   * @param plan The parsed command line.
   * @returns The exit status; nothing means 0.
   */
  run(plan: Plan, context: Context): Promise<number | void>;
}

/** A command as the table of all commands knows it, before a module of it is loaded. */
export interface CommandEntry {
  /** As in {@link Command}. */
  readonly name: string;
  /** As in {@link Command}. */
  readonly summary: string;
  /** The folder of its module: the family that it is listed with. */
  readonly family: string;
  /** Loads the part for the launcher. */
  readonly load: () => Promise<Command>;
  /** Loads the implementation. */
  readonly loadAction: () => Promise<Action>;
}

/** How a command is to write, whatever it does. */
export interface OutputFlags {
  /** Whether results are JSON, one object a line. */
  readonly json: boolean;
  /** Whether there is neither progress nor a remark. */
  readonly quiet: boolean;
  /** Whether there is more detail, and stack traces of failures. */
  readonly verbose: boolean;
}

/**
 * Reads the flags that all commands have.
 *
 * @param args The command line.
 * @returns The flags.
 */
export function outputFlags(args: Arguments): OutputFlags {
  return { json: args.has("json"), quiet: args.has("quiet"), verbose: args.has("verbose") };
}

/** The world as one command sees it; a test or the tour builds its own. */
export interface Context extends OutputFlags {
  /** The network inside the command's capabilities. */
  readonly network: Network;
  /** Facts of this host. */
  readonly host: Host;
  /** The capabilities of the command. */
  readonly capabilities: Capabilities;
  /** Starts workers, such as the Workers of a server model. */
  readonly broker: CommandBroker;
  /** Standard input. */
  readonly stdin: Reader & { readonly isTerminal: boolean };
  /** The result and nothing else. */
  readonly stdout: Output;
  /** Progress, remarks, prompts. */
  readonly stderr: Output;
  /** Aborts with {@link InterruptedError} on INT and TERM; reading it takes these signals over. */
  readonly signal: AbortSignal;
  /** All commands. */
  readonly commands: readonly CommandEntry[];
  /** Runs another command, as the tour does; resolves to its exit status. */
  runCommand(words: readonly string[], context: Context): Promise<number>;
}

/** Time for a command to end before a message explains how to hurry it, in milliseconds. */
const PATIENCE_MS = 1000;

/** The parts of a context that differ from the process's own. */
export type ContextParts = Omit<Context, "signal">;

/**
 * Makes the context of this process, whose signals are taken over only when the command asks.
 *
 * @param parts All but the signal.
 * @returns The context, and what gives the signals back.
 */
export function processContext(parts: ContextParts): Context & Disposable {
  let controller: AbortController | undefined;
  let release: (() => void) | undefined;
  let patience: ReturnType<typeof setTimeout> | undefined;
  const warn = (): void => {
    // A closed standard error takes no warnings.
    parts.stderr.line("netwright: stopping; a second signal ends it at once").catch(() => {});
  };
  return {
    ...parts,
    get signal(): AbortSignal {
      if (controller === undefined) {
        const made = controller = new AbortController();
        release = onInterrupt((signal) => {
          patience = setTimeout(warn, PATIENCE_MS);
          made.abort(new InterruptedError(signal));
        });
      }
      return controller.signal;
    },
    [Symbol.dispose]() {
      clearTimeout(patience);
      release?.();
    },
  };
}
