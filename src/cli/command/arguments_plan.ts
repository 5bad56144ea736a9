/**
 * Plans that are the command line itself, for commands that read their options while they run.
 *
 * @module
 */

import type { Capabilities } from "../../net/mod.ts";
import { Arguments, type ArgumentsData } from "./arguments.ts";
import { type BrokerManifest, NO_BROKER } from "./broker.ts";
import type { Command } from "./command.ts";
import type { Action, Context } from "./context.ts";
import type { Host } from "./host.ts";

/** A command line, and what it needs. */
export interface ArgumentsPlan {
  /** The command line. */
  readonly args: ArgumentsData;
  /** What it needs. */
  readonly needs: Capabilities;
  /** What it may ask the launcher for. */
  readonly manifest: BrokerManifest;
}

/** A command that works out what it needs of the command line. */
export interface ArgumentsCommand
  extends Omit<Command, "plan" | "capabilities" | "brokered" | "specialize"> {
  /** As in {@link Command}. */
  specialize?(words: readonly string[]): Promise<Command<ArgumentsPlan>>;
  /** Works out which hosts, files and programs the command needs. */
  capabilities(args: Arguments, host: Host): Capabilities | Promise<Capabilities>;
  /** Works out what the command may ask its launcher for. */
  brokered?(args: Arguments, host: Host): BrokerManifest | Promise<BrokerManifest>;
}

/**
 * Makes a command whose plan is the command line.
 *
 * @param command What it is.
 * @returns The command.
 */
export function commandByArguments(command: ArgumentsCommand): Command<ArgumentsPlan> {
  return {
    ...command,
    plan: async (args, host) => ({
      args: args.data,
      needs: await command.capabilities(args, host),
      manifest: await command.brokered?.(args, host) ?? NO_BROKER,
    }),
    capabilities: ({ needs }) => needs,
    brokered: ({ manifest }) => manifest,
  };
}

/**
 * Makes what such a command does.
 *
 * @param action Does it.
 * @returns The action.
 */
export function actionByArguments(
  action: { run(args: Arguments, context: Context): Promise<number | void> },
): Action<ArgumentsPlan> {
  return { run: async ({ args }, context) => await action.run(Arguments.from(args), context) };
}
