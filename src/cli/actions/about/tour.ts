/**
 * `netwright tour`, inside the sandbox.
 *
 * @module
 */

import type { TourPlan } from "../../commands/about/tour.ts";
import {
  chooseRows,
  type CommandResult,
  runRow,
  type TourResult,
  type TourRow,
} from "../../../programs/tour/mod.ts";
import { captureOutput } from "../../terminal/capture.ts";
import type { Action, Context } from "../../command/context.ts";
import type { Output } from "../../terminal/output.ts";

/** The command, in the sandbox. */
export const action: Action<TourPlan> = {
  async run({ ids, isList }, context) {
    const rows = await Promise.all(chooseRows(ids).map((entry) => entry.load()));
    if (isList) return await list(rows, context);
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
      if (context.json) await context.stdout.json(result);
      else await context.stdout.line(formatResult(result, width, context.stdout));
    }
    if (!context.json) {
      await context.stdout.line(`${rows.length - failed} of ${rows.length} rows passed`);
    }
    return failed === 0 ? 0 : 1;
  },
};

async function list(rows: readonly TourRow[], context: Context): Promise<void> {
  const width = Math.max(...rows.map(({ program }) => program.length));
  for (const { id, program, checked } of rows) {
    if (context.json) await context.stdout.json({ id, program, checked });
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
