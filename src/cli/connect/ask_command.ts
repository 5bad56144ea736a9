/**
 * Commands that ask hosts, such as for the time.
 *
 * @module
 */

import type { Endpoint } from "../../net/mod.ts";
import type { Arguments } from "../command/arguments.ts";
import type { Command } from "../command/command.ts";
import { STREAM_OPTIONS, UDP_OPTION } from "../command/common_options.ts";
import { type ConnectionPlan, endpointsOf, planConnections } from "./connecting.ts";

/** The hosts, and the options of the connection. */
export interface AskPlan extends ConnectionPlan {
  /** The hosts, in order. */
  readonly endpoints: readonly Endpoint[];
}

/** The parts that differ between commands that query hosts. */
export type AskSyntax =
  & Pick<Command, "name" | "summary" | "operands" | "count" | "examples">
  & Partial<Pick<Command, "details" | "options">>
  & {
    /** The protocol's port. */
    readonly port: number;
  };

/**
 * Makes a command that asks hosts over TCP or UDP.
 *
 * @param syntax The parts of this command.
 * @returns The command.
 */
export function askCommand({ port, ...syntax }: AskSyntax): Command<AskPlan>;
/**
 * Makes a command that asks hosts over TCP or UDP, and reads further options.
 *
 * @param syntax The parts of this command.
 * @param read Reads the options that are its own.
 * @returns The command.
 */
export function askCommand<Own>(
  syntax: AskSyntax,
  read: (args: Arguments) => Own,
): Command<AskPlan & Own>;
export function askCommand<Own>(
  { port, ...syntax }: AskSyntax,
  read?: (args: Arguments) => Own,
): Command<AskPlan & Own> {
  return {
    ...syntax,
    options: { ...syntax.options, ...UDP_OPTION, ...STREAM_OPTIONS },
    async plan(args, host) {
      const endpoints = endpointsOf(args, port);
      const own = read?.(args) as Own;
      return { ...await planConnections(args, host, endpoints), endpoints, ...own };
    },
    capabilities: ({ needs }) => needs,
  };
}
