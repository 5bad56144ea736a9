/**
 * `netwright pipe`: programs and sockets as one pipeline (2.1 of the book's list).
 *
 * @module
 */

import {
  closeQuietly,
  type Connection,
  dial,
  formatEndpoint,
  NetwrightError,
  parseTarget,
  type Target,
  toNetwrightError,
  UsageError,
  writeAll,
} from "../../net/mod.ts";
import { serveMultiplex } from "../../servers/mod.ts";
import type { Arguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { STREAM_OPTIONS } from "../common_options.ts";
import { clientNetwork, connectionCapabilities, waits } from "../connecting.ts";
import type { Context } from "../context.ts";
import { serverEvents } from "../server_log.ts";

/** The command. */
export const command: Command = {
  name: "pipe",
  summary: "connect a program with a socket, or put a program behind one",
  operands: "TARGET",
  count: { min: 1, max: 1 },
  examples: [
    "pipe example.org:7 -- sort",
    "pipe --send 127.0.0.1:9000 -- tar c docs",
    "pipe --listen 127.0.0.1:0 -- wc -l",
  ],
  details: "The program reads what the server says, and what it writes goes to the server.\n" +
    "It runs with this user's rights, so the command needs --allow-run for it.",
  rest: "PROGRAM [ARG…]",
  options: {
    send: { help: "the program only sends; the answer is printed" },
    receive: { help: "the program only receives; its output is printed" },
    listen: { help: "listen, and run the program for each client" },
    ...STREAM_OPTIONS,
  },
  async capabilities(args, host) {
    const { target, program } = plan(args);
    const connection = await connectionCapabilities(args, host, [target.endpoint]);
    return { ...connection, run: [program] };
  },
  async run(args, context) {
    const { target, mode, program } = plan(args);
    if (mode === "listen") return await listen(args, context);
    const network = await clientNetwork(
      args,
      context,
      args.has("tls") || target.tls === "implicit",
    );
    using connection = await dial(network, target.endpoint, waits(args));
    const child = start(program, args.rest.slice(1), mode);
    const peer = formatEndpoint(target.endpoint);
    const results = await Promise.allSettled([
      mode === "send" ? copyOut(connection, context) : copyIn(connection, child.stdin),
      mode === "receive" ? connection.closeWrite() : copyUp(child.stdout, connection),
    ]);
    const status = await child.status;
    for (const result of results) {
      if (result.status === "rejected") {
        throw toNetwrightError(result.reason, { operation: "pipe", peer });
      }
    }
    if (!status.success) throw failure(status, program);
  },
};

type Mode = "both" | "send" | "receive" | "listen";

interface Plan {
  readonly target: Target;
  readonly mode: Mode;
  readonly program: string;
}

function plan(args: Arguments): Plan {
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

function start(program: string, args: readonly string[], mode: Mode): Deno.ChildProcess {
  try {
    return new Deno.Command(program, {
      args: [...args],
      stdin: mode === "send" ? "inherit" : "piped",
      stdout: mode === "receive" ? "inherit" : "piped",
      stderr: "inherit",
    }).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) {
      throw toNetwrightError(error, { operation: "start", peer: program });
    }
    throw new NetwrightError("no such program", {
      operation: "start",
      peer: program,
      cause: error,
    });
  }
}

function failure(status: Deno.CommandStatus, program: string): NetwrightError {
  return new NetwrightError(
    status.signal === null ? `it ended with status ${status.code}` : `${status.signal} ended it`,
    { operation: "pipe", peer: program },
  );
}

async function copyOut(connection: Connection, context: Context): Promise<void> {
  const buffer = new Uint8Array(32_768);
  for (
    let count = await connection.read(buffer);
    count !== null;
    count = await connection.read(buffer)
  ) await context.stdout.peerBytes(buffer.slice(0, count));
}

/** What the server says goes to the program, until either ends. */
async function copyIn(
  connection: Connection,
  stdin: WritableStream<Uint8Array>,
): Promise<number> {
  const writer = stdin.getWriter();
  const buffer = new Uint8Array(32_768);
  let bytes = 0;
  try {
    for (
      let count = await connection.read(buffer);
      count !== null;
      count = await connection.read(buffer)
    ) {
      await writer.write(buffer.slice(0, count));
      bytes += count;
    }
    await writer.close();
  } catch (error) {
    // A program may stop reading when it has enough, as `head` does.
    if (error instanceof Deno.errors.BrokenPipe) return bytes;
    await writer.abort(error).catch(() => {});
    throw error;
  }
  return bytes;
}

/** What the program writes goes to the server, then our direction ends. */
async function copyUp(
  stdout: ReadableStream<Uint8Array>,
  connection: Connection,
): Promise<number> {
  let bytes = 0;
  for await (const piece of stdout) {
    await writeAll(connection, piece);
    bytes += piece.length;
  }
  await connection.closeWrite();
  return bytes;
}

async function listen(args: Arguments, context: Context): Promise<void> {
  const { target, program } = plan(args);
  const server = serveMultiplex({
    name: program,
    async handle(connection, { traffic, signal }) {
      const child = start(program, args.rest.slice(1), "listen");
      const end = (): void => child.kill("SIGTERM");
      signal.addEventListener("abort", end, { once: true });
      try {
        const up = copyUp(child.stdout, connection);
        // A client that goes while the program still writes takes the program's output with it.
        up.catch(() => closeQuietly(connection));
        traffic.received = await copyIn(connection, child.stdin);
        traffic.sent = await up;
        const status = await child.status;
        if (!status.success) throw failure(status, program);
      } finally {
        signal.removeEventListener("abort", end);
      }
    },
  }, {
    network: context.network,
    endpoint: target.endpoint,
    log: serverEvents(args, context),
    signal: context.signal,
    idleTimeoutMs: waits(args).timeoutMs,
  });
  await context.stdout.line(`listening on ${formatEndpoint(server.endpoint)}`);
  await server.finished;
}
