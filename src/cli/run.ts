/**
 * Runs a command in this process or Worker, inside its capabilities.
 *
 * @module
 */

import { missing, toFlag } from "../net/internal.ts";
import { type Capabilities, CapabilityError, systemNetwork } from "../net/mod.ts";
import { parseArguments } from "./command/arguments.ts";
import type { CommandBroker } from "./command/broker.ts";
import {
  type Action,
  type CommandEntry,
  type Context,
  type ContextParts,
  type OutputFlags,
  outputFlags,
  processContext,
} from "./command/context.ts";
import { findCommand } from "./command/find_command.ts";
import { systemHost } from "./command/host.ts";
import type { RunOrder } from "./sandbox/broker_calls.ts";
import { EXIT, printError } from "./terminal/failure.ts";
import { Output } from "./terminal/output.ts";

/**
 * Gives the standard streams and the network of this process.
 *
 * @param capabilities The capabilities of the command.
 * @param broker Starts workers for it.
 * @param commands All commands.
 * @param flags How it writes.
 * @returns All of a context but its signal.
 */
export function processParts(
  capabilities: Capabilities,
  broker: CommandBroker,
  commands: readonly CommandEntry[],
  flags: OutputFlags,
): ContextParts {
  return {
    ...flags,
    broker,
    commands,
    network: systemNetwork(capabilities),
    host: systemHost,
    capabilities,
    stdin: {
      read: (p) => Deno.stdin.read(p),
      get isTerminal() {
        return Deno.stdin.isTerminal();
      },
    },
    stdout: new Output(Deno.stdout, Deno.stdout.isTerminal()),
    stderr: new Output(Deno.stderr, Deno.stderr.isTerminal()),
    runCommand: runInside,
  };
}

/**
 * Runs a command that the launcher has found and parsed, with this process's streams and signals.
 *
 * @param order The command, its plan, and its capabilities.
 * @param broker Starts workers for it.
 * @param commands All commands.
 * @returns The exit status; failures are reported on standard error.
 */
export async function runOrder(
  { command, plan, flags, needs }: RunOrder,
  broker: CommandBroker,
  commands: readonly CommandEntry[],
): Promise<number> {
  using context = processContext(processParts(needs, broker, commands, flags));
  try {
    const entry = commands.find(({ name }) => name === command);
    if (entry === undefined) throw new Error(`unknown command ${command}`);
    return await runAction(await entry.loadAction(), plan, context);
  } catch (error) {
    return await printError(error, command, context.stderr, context.verbose);
  }
}

/**
 * Runs a command inside another one, with a network limited to the capabilities of its plan.
 *
 * @param words The command line.
 * @param context The world as the outer command sees it.
 * @returns The exit status; failures are reported on the context's standard error.
 */
async function runInside(words: readonly string[], context: Context): Promise<number> {
  let name = "";
  try {
    const found = await findCommand(context.commands, words);
    if (found === undefined) return EXIT.usage;
    name = found.command.name;
    const args = parseArguments(found.words, found.command);
    const plan = await found.command.plan(args, context.host);
    const capabilities = found.command.capabilities(plan);
    const lacking = missing(context.capabilities, capabilities);
    if (lacking !== undefined) {
      const flag = toFlag(lacking);
      throw new CapabilityError(`this command needs ${flag}, which the outer one lacks`, { flag });
    }
    const inner = {
      ...context,
      ...outputFlags(args),
      capabilities,
      network: systemNetwork(capabilities),
    };
    return await runAction(await found.entry.loadAction(), plan, inner);
  } catch (error) {
    return await printError(error, name, context.stderr);
  }
}

async function runAction(action: Action, plan: unknown, context: Context): Promise<number> {
  const status = await action.run(plan, context);
  await context.stdout.flush();
  await context.stderr.flush();
  return status ?? EXIT.done;
}
