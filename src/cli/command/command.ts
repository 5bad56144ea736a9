/**
 * A command is data and two functions. Each file of `commands/` exports one as `command`.
 *
 * @module
 */

import type { Capabilities } from "../../net/mod.ts";
import type { Arguments } from "./arguments.ts";
import type { Context } from "./context.ts";
import type { BrokerManifest } from "./broker.ts";
import type { Host } from "./host.ts";
import type { OptionSpecs } from "./option_spec.ts";

/** What a user types after `netwright`. */
export interface Command {
  /** One word, or two for a member of a family: `ftp get`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** The operands, such as `HOST[:PORT]…`; empty if there are none. */
  readonly operands: string;
  /** How many operands it takes. */
  readonly count: { readonly min: number; readonly max?: number };
  /** Command lines that work, without `netwright`; the help begins with the first. */
  readonly examples: readonly string[];
  /** Options beyond the common ones. */
  readonly options?: OptionSpecs;
  /** Options that it would have in another form, as of another service, for the error that names them. */
  readonly inapplicable?: readonly string[];
  /** Lines of its help that are not wrapped, such as the values of its operand. */
  readonly list?: readonly string[];
  /** A few lines of further help: what it prints, why it needs `ffi` or `run`. */
  readonly details?: string;
  /** What `help COMMAND` tells beyond the one screen of `--help`: lines of at most 80 columns. */
  readonly manual?: string;
  /**
   * Gives the command as it is for certain operands, such as with the options of a service.
   * @param words The command line, not parsed yet.
   */
  specialize?(words: readonly string[]): Promise<Command>;
  /** What the first operand may be, where that can be listed; for completion. */
  choices?(): readonly string[] | Promise<readonly string[]>;
  /** How the usage calls what follows `--`, if that belongs to a program and is not parsed. */
  readonly rest?: string;
  /**
   * Works out from the arguments alone which hosts, files and programs the command needs.
   * @throws {UsageError} If the arguments make no sense.
   */
  capabilities(args: Arguments, host: Host): Capabilities | Promise<Capabilities>;
  /**
   * Works out what the command may ask its launcher for, which no code of it that reads from the network
   * holds; absent if it asks for nothing but Workers inside its capabilities.
   */
  brokered?(args: Arguments, host: Host): BrokerManifest | Promise<BrokerManifest>;
  /**
   * Does it.
   * @returns The exit status; nothing means 0.
   */
  run(args: Arguments, context: Context): Promise<number | void>;
}

/** A command as the table of all commands knows it, before its module is loaded. */
export interface CommandEntry {
  /** As in {@link Command}. */
  readonly name: string;
  /** As in {@link Command}. */
  readonly summary: string;
  /** Loads its module. */
  readonly load: () => Promise<Command>;
}
