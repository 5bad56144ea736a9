/**
 * Runs a command in this process or Worker, inside its capabilities.
 *
 * @module
 */

import { type Capabilities, CapabilityError, missing, systemNetwork, toFlag } from "../net/mod.ts";
import type { CommandBroker } from "./command/broker.ts";
import { type Arguments, parseArguments } from "./command/arguments.ts";
import type { Command } from "./command/command.ts";
import { type Context, type ContextParts, processContext } from "./command/context.ts";
import { EXIT, tellFailure } from "./terminal/failure.ts";
import { findCommand } from "./command/find_command.ts";
import { systemHost } from "./command/host.ts";
import { Output } from "./terminal/output.ts";

/**
 * Gives the standard streams and the network of this process.
 *
 * @param capabilities What the command may do.
 * @param broker Starts members for it.
 * @returns All of a context but its signal.
 */
export function processParts(capabilities: Capabilities, broker: CommandBroker): ContextParts {
  return {
    broker,
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
 * Finds, parses and runs a command with this process's streams and signals.
 *
 * @param words The command line.
 * @param capabilities What the command may do.
 * @param broker Starts members for it.
 * @returns The exit status; failures are told on standard error.
 */
export async function runHere(
  words: readonly string[],
  capabilities: Capabilities,
  broker: CommandBroker,
): Promise<number> {
  using context = processContext(processParts(capabilities, broker));
  return await runCommand(words, context);
}

/**
 * Finds, parses and runs a command.
 *
 * @param words The command line.
 * @param context The world as the command sees it.
 * @returns The exit status; failures are told on the context's standard error.
 */
export async function runCommand(words: readonly string[], context: Context): Promise<number> {
  let name = "";
  let args: Arguments | undefined;
  try {
    const found = await findCommand(words);
    if (found === undefined) return EXIT.usage;
    name = found.command.name;
    args = parseArguments(found.words, found.command);
    return await runParsed(found.command, args, context);
  } catch (error) {
    return await tellFailure(error, name, context.stderr, args?.has("verbose"));
  }
}

/**
 * Runs a command inside another one, with a network of no more than what it works out for itself.
 *
 * @param words The command line.
 * @param context The world as the outer command sees it.
 * @returns The exit status; failures are told on the context's standard error.
 */
async function runInside(words: readonly string[], context: Context): Promise<number> {
  let name = "";
  try {
    const found = await findCommand(words);
    if (found === undefined) return EXIT.usage;
    name = found.command.name;
    const args = parseArguments(found.words, found.command);
    const capabilities = await found.command.capabilities(args, context.host);
    const lacking = missing(context.capabilities, capabilities);
    if (lacking !== undefined) {
      const flag = toFlag(lacking);
      throw new CapabilityError(`this command needs ${flag}, which the outer one lacks`, { flag });
    }
    const inner = { ...context, capabilities, network: systemNetwork(capabilities) };
    return await runParsed(found.command, args, inner);
  } catch (error) {
    return await tellFailure(error, name, context.stderr);
  }
}

async function runParsed(command: Command, args: Arguments, context: Context): Promise<number> {
  const status = await command.run(args, context);
  await context.stdout.flush();
  await context.stderr.flush();
  return status ?? EXIT.done;
}
