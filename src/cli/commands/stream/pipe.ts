/**
 * `netwright pipe`: programs and sockets as one pipeline (2.1 of the book's list).
 *
 * @module
 */

import { parseTarget, type Target } from "../../../net/internal.ts";
import { UsageError } from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import { CONNECT_TIMEOUT_OPTION, STREAM_OPTIONS } from "../../command/common_options.ts";
import { type ConnectionPlan, planConnections } from "../../connect/connecting.ts";

/** The role of the program. */
export type Mode = "both" | "send" | "receive" | "listen";

/** The server and the program. */
export interface PipePlan extends ConnectionPlan {
  /** The server, or where to listen. */
  readonly target: Target;
  /** The role of the program. */
  readonly mode: Mode;
  /** The program. */
  readonly program: string;
  /** Its arguments. */
  readonly programArgs: readonly string[];
}

/** The command. */
export const command: Command<PipePlan> = {
  name: "pipe",
  summary: "run a program with a socket as its input and output",
  operands: "TARGET",
  count: { min: 1, max: 1 },
  examples: [
    "pipe chess.example.org:5000 -- gnuchess",
    "pipe --send 127.0.0.1:9000 -- tar c docs",
    "pipe --listen 127.0.0.1:0 -- wc -l",
  ],
  details: "The program reads the server's output, and its own output goes to the server.\n" +
    "It runs with all your rights (permission run: help sandbox).",
  rest: "PROGRAM [ARG…]",
  options: {
    send: { help: "only send; print the server's output" },
    receive: { help: "only receive; print the program's output" },
    listen: { help: "listen, and run the program for each client" },
    ...STREAM_OPTIONS,
    ...CONNECT_TIMEOUT_OPTION,
  },
  async plan(args, host) {
    const { target, mode, program } = targetOf(args);
    const { connection, needs } = await planConnections(args, host, [target.endpoint]);
    return {
      target,
      mode,
      program,
      programArgs: args.rest.slice(1),
      connection,
      needs: { ...needs, run: [program] },
    };
  },
  capabilities: ({ needs }) => needs,
};

function targetOf(args: Arguments): Pick<PipePlan, "target" | "mode" | "program"> {
  const [program] = args.rest;
  if (program === undefined || program === "") {
    throw new UsageError("write the program after --, as in: pipe HOST:PORT -- sort");
  }
  const modes = (["send", "receive", "listen"] as const).filter((mode) => args.has(mode));
  if (modes.length > 1) throw new UsageError(`--${modes[0]} and --${modes[1]} exclude each other`);
  const mode = modes[0] ?? "both";
  const options = mode === "listen" ? { defaultHost: "127.0.0.1" } : {};
  return { target: parseTarget(args.operands[0] ?? "", options), mode, program };
}
