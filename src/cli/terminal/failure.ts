/**
 * Reports failures: one line on standard error and an exit status.
 *
 * @module
 */

import { toFileError } from "../../net/internal.ts";
import { CapabilityError, escapeControls, NetwrightError, UsageError } from "../../net/mod.ts";
import { InterruptedError } from "./interrupt.ts";
import { type Output, OutputClosedError } from "./output.ts";

/** Exit statuses (DESIGN.md, "The command line"). */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  permission: 3,
  partly: 4,
  pipeClosed: 141,
} as const;

/**
 * Reports a failure.
 *
 * @param error The thrown value.
 * @param command The command's name; empty before there is one.
 * @param stderr Where the line goes.
 * @param verbose Whether the stack trace follows.
 * @returns The exit status.
 */
export async function printError(
  error: unknown,
  command: string,
  stderr: Output,
  verbose = false,
): Promise<number> {
  if (error instanceof OutputClosedError) return EXIT.pipeClosed;
  await printErrorLine(describeFailure(error), command, stderr);
  if (verbose && error instanceof Error && error.stack !== undefined) {
    await stderr.line(escapeControls(error.stack, { lines: true }));
    for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
      await stderr.line(
        escapeControls(`caused by ${cause.stack ?? cause.message}`, { lines: true }),
      );
    }
  }
  return statusOf(error);
}

/**
 * Reports one failure of several in a line, as {@link printError} does the only one.
 *
 * @param text What happened.
 * @param command The command's name; empty before there is one.
 * @param stderr Where the line goes.
 */
export async function printErrorLine(text: string, command: string, stderr: Output): Promise<void> {
  const prefix = command === "" ? "netwright:" : `netwright: ${command}:`;
  // The message may quote a peer; its author cleaned that, and this is the second check.
  await stderr.line(`${stderr.paint("bad", prefix)} ${escapeControls(text, { maxLength: 2000 })}`);
}

/**
 * Describes in one line the failure, its peer, and a remedy.
 *
 * @param error The thrown value.
 * @returns The line, without the name of the program.
 */
export function describeFailure(error: unknown): string {
  const known = fromSystem(error);
  if (known instanceof NetwrightError) {
    const { peer, reason, hint } = known;
    return (peer === undefined ? "" : `${peer}: `) + reason +
      (hint === undefined ? "" : ` (${hint})`);
  }
  if (error instanceof InterruptedError) return error.message;
  if (error instanceof Deno.errors.NotFound) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Converts a system error without a path, with the path from the runtime's message. */
function fromSystem(error: unknown): unknown {
  const text = error instanceof Error ? error.message : "";
  const path = /\(os error \d+\): \w+ '(.+?)'/.exec(text)?.[1];
  return toFileError(error, { peer: path });
}

function statusOf(thrown: unknown): number {
  const error = fromSystem(thrown);
  if (error instanceof InterruptedError) return error.status;
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof CapabilityError) return EXIT.permission;
  return EXIT.failed;
}
