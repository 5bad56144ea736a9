/**
 * Options of commands that speak POP3, and their capabilities.
 *
 * @module
 */

import { type Capabilities, UsageError } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { Host } from "../command/host.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import { LOGIN_OPTIONS, type LoginPlan, planLogin } from "../login/options.ts";

/** All `pop` commands have these. */
export const POP_OPTIONS: OptionSpecs = {
  ...LOGIN_OPTIONS,
  starttls: { rare: true, help: "STLS, or do not log in" },
  auth: { value: "MECHANISM", rare: true, help: "log in by this: APOP, USER, PLAIN …" },
};

/**
 * Plans to open a mailbox.
 *
 * @param args The command line.
 * @param host Looks names up.
 * @param url The server: `pop3://`, `pop3s://` (TLS at once), or a bare host.
 * @returns The plan, and its capabilities.
 * @throws {UsageError} If the URL or an option makes no sense.
 */
export async function planPop(
  args: Arguments,
  host: Host,
  url: string,
): Promise<{ readonly server: LoginPlan; readonly needs: Capabilities }> {
  const schemes = ["pop3", "pop3s", "pop", "pops"];
  const plan = await planLogin(args, host, url, { schemes, defaultPort: 110 });
  if (plan.server.target.path === "") return plan;
  throw new UsageError("a POP3 URL has no path: name messages as operands");
}

/**
 * Reads operands that name messages: numbers from 1, and ranges such as `3-7`.
 *
 * @param operands The operands.
 * @returns The ranges; none for all messages.
 * @throws {UsageError} If one is malformed.
 */
export function parseRanges(operands: readonly string[]): readonly (readonly [number, number])[] {
  return operands.map((text) => {
    const [, first, last = first] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text) ?? [];
    if (first === undefined || Number(first) < 1 || Number(last) < Number(first)) {
      throw new UsageError(`${JSON.stringify(text)} is not a message number, such as 3 or 3-7`);
    }
    return [Number(first), Number(last)];
  });
}

/**
 * Checks whether a message is in one of the ranges.
 *
 * @param ranges The ranges; all messages if there are none.
 * @param number The message.
 * @returns Whether it is.
 */
export function isInRanges(
  ranges: readonly (readonly [number, number])[],
  number: number,
): boolean {
  return ranges.length === 0 ||
    ranges.some(([first, last]) => number >= first && number <= last);
}
