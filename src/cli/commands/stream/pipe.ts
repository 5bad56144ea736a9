/**
 * `netwright pipe`: programs and sockets as one pipeline (2.1 of the book's list).
 *
 * @module
 */

import { parseTarget, type Target, UsageError } from "../../../net/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import { commandByArguments } from "../../command/arguments_plan.ts";
import { STREAM_OPTIONS } from "../../command/common_options.ts";
import { connectionCapabilities } from "../../connect/connecting.ts";

/** The command. */
export const command = commandByArguments({
  name: "pipe",
  summary: "connect a program with a socket, or put it behind one",
  operands: "TARGET",
  count: { min: 1, max: 1 },
  examples: [
    "pipe chess.example.org:5000 -- gnuchess",
    "pipe --send 127.0.0.1:9000 -- tar c docs",
    "pipe --listen 127.0.0.1:0 -- wc -l",
  ],
  details: "The program reads what the server says, and what it writes goes to the server.\n" +
    "It runs with this user's rights, so the command needs --allow-run for it.",
  rest: "PROGRAM [ARG…]",
  options: {
    send: { help: "it only sends; the answer is printed" },
    receive: { help: "it only receives; its output is printed" },
    listen: { help: "listen, and run the program for each client" },
    ...STREAM_OPTIONS,
  },
  async capabilities(args, host) {
    const { target, program } = plan(args);
    const connection = await connectionCapabilities(args, host, [target.endpoint]);
    return { ...connection, run: [program] };
  },
});

export type Mode = "both" | "send" | "receive" | "listen";

interface Plan {
  readonly target: Target;
  readonly mode: Mode;
  readonly program: string;
}

export function plan(args: Arguments): Plan {
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
