/**
 * The launcher: determines the permissions of a command and runs it with exactly those.
 *
 * @module
 */

import { ALL_CAPABILITIES, permissionRequests, toFlags, union } from "../net/internal.ts";
import { escapeControls, NetwrightError, UnsupportedError, UsageError } from "../net/mod.ts";
import { COMMON_OPTIONS } from "./command/common_options.ts";
import { parseArguments } from "./command/arguments.ts";
import { type BrokerManifest, NO_BROKER } from "./command/broker.ts";
import { COMMANDS } from "./commands/index.ts";
import { EXIT, printError } from "./terminal/failure.ts";
import { outputFlags } from "./command/context.ts";
import { familyOf, findCommand } from "./command/find_command.ts";
import { systemHost } from "./command/host.ts";
import { Output } from "./terminal/output.ts";
import { runOrder } from "./run.ts";
import type { RunOrder } from "./sandbox/broker_calls.ts";
import { forWorkers, runInWorker, SANDBOX_CAPABILITIES } from "./sandbox/launch.ts";
import { LauncherBroker } from "./sandbox/launcher_broker.ts";
import { mainCommand, requireUnstable } from "./sandbox/main_module.ts";
import { withRealPaths } from "./sandbox/real_paths.ts";
import { describePermissions, holdsMore, requireHeld, revokeAll } from "./sandbox/permissions.ts";
import { runtimeWarning, versionLine } from "./version.ts";

/**
 * Runs a command line.
 *
 * @param words The command line without the program's name.
 * @returns The exit status: 0 done, 1 failed, 2 usage, 3 permission refused, 128 and more a signal.
 */
export async function main(words: readonly string[]): Promise<number> {
  const stdout = new Output(Deno.stdout, Deno.stdout.isTerminal());
  const stderr = new Output(Deno.stderr, Deno.stderr.isTerminal());
  let name = "";
  let verbose = false;
  try {
    refuseBrokenRuntime();
    // The runtime replaces bytes that are not UTF-8: another file would be meant than the user named.
    if (words.some((word) => word.includes("\ufffd"))) {
      throw new UsageError("an argument is not UTF-8");
    }
    const family = words.includes("--help") || words.includes("-h")
      ? familyOf(COMMANDS, words)
      : undefined;
    if (family !== undefined) {
      const { familyHelp } = await import("./help/list.ts");
      await stdout.line(familyHelp(family, COMMANDS));
      return EXIT.done;
    }
    const found = await findCommand(COMMANDS, words);
    if (found === undefined) return await withoutCommand(words, stdout, stderr);
    const { command } = found;
    name = command.name;
    const args = parseArguments(found.words, command);
    verbose = args.has("verbose");
    if (args.has("help")) {
      const { commandHelp } = await import("./help/command_help.ts");
      await stdout.line(commandHelp(command));
      return EXIT.done;
    }
    const plan = await command.plan(args, systemHost);
    const own = withRealPaths(command.capabilities(plan));
    const declared = command.brokered?.(plan) ?? NO_BROKER;
    const manifest = { ...declared, workers: withRealPaths(declared.workers) };
    const needs = union(own, manifest.launcher, manifest.workers);
    if (args.has("permissions")) {
      const plain = words.filter((word) => word !== "--permissions");
      if (args.has("json")) {
        await stdout.json({ ...needs, flags: [...mainCommand().flags, ...toFlags(needs)] });
      } else {
        for (const line of describePermissions(needs, plain)) await stdout.line(line);
        const warning = runtimeWarning();
        if (warning !== undefined) await stderr.line(`netwright: ${warning}`);
      }
      return EXIT.done;
    }
    // Only servers have the option.
    if (args.has("unit")) {
      const { formatUnit } = await import("./daemon/unit_file.ts");
      await stdout.text(formatUnit(words.filter((word) => word !== "--unit"), manifest, own));
      return EXIT.done;
    }
    requireHeld(needs);
    using duties = await begin(manifest, words);
    if (typeof duties.status === "number") return duties.status;
    const order = { command: found.entry.name, plan, flags: outputFlags(args) };
    const free = args.has("no-sandbox");
    if (!free && holdsMore(needs)) {
      if (permissionRequests(needs).length > 0) {
        requireUnstable("the sandbox");
        requireHeld(SANDBOX_CAPABILITIES);
        return await runInWorker({ ...order, needs: own }, manifest);
      }
      // Giving everything up needs no Worker, whose start takes longer than such a command.
      revokeAll();
    }
    return await runInPlace({ ...order, needs: free ? ALL_CAPABILITIES : own }, manifest);
  } catch (error) {
    const known = error instanceof NetwrightError;
    return await printError(error, name, stderr, verbose || !known);
  }
}

/** Begins the duties of a daemon; the status is that of a process in the background, if one was started. */
async function begin(
  { duties }: BrokerManifest,
  words: readonly string[],
): Promise<Disposable & { readonly status?: number }> {
  if (duties === undefined) return { [Symbol.dispose]: () => {} };
  const { beginDuties, isInBackground, startInBackground } = await import("./sandbox/daemon.ts");
  if (!duties.isDaemon || isInBackground()) return beginDuties(duties);
  const { flags, main } = mainCommand();
  const program = Deno.build.standalone ? [] : ["run", "--quiet", "--allow-all", ...flags, main];
  const status = await startInBackground([Deno.execPath(), ...program, ...words]);
  return { status, [Symbol.dispose]: () => {} };
}

/** Runs a command in this process, which has no more permissions than the command needs. */
async function runInPlace(order: RunOrder, manifest: BrokerManifest): Promise<number> {
  using broker = new LauncherBroker(forWorkers(manifest, order.needs));
  return await runOrder(order, broker, COMMANDS);
}

/** On 2.8 the pending read of a connection that is closed hangs for ever, so no wait there would end. */
function refuseBrokenRuntime(): void {
  if (!Deno.version.deno.startsWith("2.8.")) return;
  throw new UnsupportedError(`Deno ${Deno.version.deno} cannot run netwright`, {
    hint: "its reads do not end when a connection is closed; use 2.6, 2.7 or 2.9",
  });
}

async function withoutCommand(
  words: readonly string[],
  stdout: Output,
  stderr: Output,
): Promise<number> {
  if (words.includes("--version") || words.includes("-V")) {
    await stdout.line(versionLine());
    const warning = runtimeWarning();
    if (warning !== undefined) await stdout.line(warning);
    return EXIT.done;
  }
  const asked = words.includes("--help") || words.includes("-h");
  const other = words.find((word) => !["--help", "-h"].includes(word));
  if (other !== undefined) {
    const isKnown = Object.keys(COMMON_OPTIONS).some((name) => other === `--${name}`) ||
      ["-q", "-v"].includes(other);
    const what = isKnown ? "a command is missing" : `unknown option ${JSON.stringify(other)}`;
    await stderr.line(`netwright: ${escapeControls(what)}; netwright --help lists commands`);
    return EXIT.usage;
  }
  const { generalHelp } = await import("./help/list.ts");
  await (asked ? stdout : stderr).line(generalHelp(COMMANDS));
  return asked ? EXIT.done : EXIT.usage;
}
