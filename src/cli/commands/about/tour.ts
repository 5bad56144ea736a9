/**
 * `netwright tour`: every program, run for real on this machine.
 *
 * @module
 */

import { union } from "../../../net/mod.ts";
import { LIBC_PATHS } from "../../../os/mod.ts";
import {
  chooseRows,
  type CommandResult,
  runRow,
  tourCapabilities,
  type TourResult,
  type TourRow,
} from "../../../programs/tour/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import { captureOutput } from "../../terminal/capture.ts";
import type { Command } from "../../command/command.ts";
import { NO_BROKER } from "../../command/broker.ts";
import type { Context } from "../../command/context.ts";
import { MEMBER_CAPABILITIES } from "../../sandbox/launcher_broker.ts";
import type { Output } from "../../terminal/output.ts";

/** The command. */
export const command: Command = {
  name: "tour",
  summary: "run every program for real here, and tell what worked",
  operands: "[ID…]",
  count: { min: 0 },
  examples: ["tour", "tour 3.3 4.1", "tour --list"],
  details:
    "Starts our servers on free loopback ports and runs our clients against them. An ID chooses a row,\n" +
    "its beginning a chapter. Some rows need --allow-run (programs behind a socket) or --allow-ffi (the\n" +
    "system's own calls); choose others to do without.",
  options: { list: { help: "list the rows and run none" } },
  async capabilities(args) {
    const rows = await load(args);
    if (args.has("list")) return {};
    const members = rows.some(({ startsMembers }) => startsMembers) ? MEMBER_CAPABILITIES : {};
    return union(tourCapabilities(rows), members);
  },
  async brokered(args) {
    if (args.has("list")) return NO_BROKER;
    const services = (await load(args)).flatMap(({ serves = [] }) => serves);
    if (services.length === 0) return NO_BROKER;
    return { launcher: { ffi: LIBC_PATHS }, workers: {}, listen: ["127.0.0.1:0"], services };
  },
  async run(args, context) {
    const rows = await load(args);
    if (args.has("list")) return await list(rows, args, context);
    const width = Math.max(...rows.map(({ program }) => program.length));
    let failed = 0;
    for (const row of rows) {
      const result = await runRow(row, {
        network: context.network,
        capabilities: context.capabilities,
        broker: context.broker,
        command: (words, stdin, signal) => runCaptured(words, stdin, signal, context),
      });
      if (!result.passed) failed++;
      if (args.has("json")) await context.stdout.json(result);
      else await context.stdout.line(formatResult(result, width, context.stdout));
    }
    if (!args.has("json")) {
      await context.stdout.line(`${rows.length - failed} of ${rows.length} rows passed`);
    }
    return failed === 0 ? 0 : 1;
  },
};

async function load(args: Arguments): Promise<TourRow[]> {
  return await Promise.all(chooseRows(args.operands).map((entry) => entry.load()));
}

async function list(rows: readonly TourRow[], args: Arguments, context: Context): Promise<void> {
  const width = Math.max(...rows.map(({ program }) => program.length));
  for (const { id, program, checked } of rows) {
    if (args.has("json")) await context.stdout.json({ id, program, checked });
    else await context.stdout.line(`${id.padEnd(5)} ${program.padEnd(width)}  ${checked}`);
  }
}

function formatResult(
  { id, program, checked, ms, passed, remark }: TourResult,
  width: number,
  output: Output,
): string {
  const time = `${ms.toFixed(0)} ms`.padStart(8);
  const verdict = passed ? output.paint("good", "pass") : output.paint("bad", "FAIL");
  const line = `${id.padEnd(5)} ${program.padEnd(width)} ${time}  ${verdict}`;
  return `${line}  ${checked}${remark === undefined ? "" : ` (${remark})`}`;
}

async function runCaptured(
  words: readonly string[],
  stdin: string,
  signal: AbortSignal,
  context: Context,
): Promise<CommandResult> {
  const stdout = captureOutput();
  const stderr = captureOutput();
  let input = new TextEncoder().encode(stdin);
  const status = await context.runCommand(words, {
    ...context,
    signal,
    stdout: stdout.output,
    stderr: stderr.output,
    stdin: {
      isTerminal: false,
      read(p): Promise<number | null> {
        if (input.length === 0) return Promise.resolve(null);
        const count = Math.min(p.length, input.length);
        p.set(input.subarray(0, count));
        input = input.subarray(count);
        return Promise.resolve(count);
      },
    },
  });
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}
