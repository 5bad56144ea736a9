/**
 * `netwright pipe`, inside the sandbox.
 *
 * @module
 */

import type { Mode } from "../../commands/stream/pipe.ts";
import { dialOptionsOf } from "../../connect/connecting.ts";
import type { PipePlan } from "../../commands/stream/pipe.ts";
import { closeQuietly, toFileError } from "../../../net/internal.ts";
import {
  type Connection,
  Deadline,
  dial,
  formatEndpoint,
  NetwrightError,
  toNetwrightError,
  writeAll,
} from "../../../net/mod.ts";
import { serveMultiplex } from "../../../servers/mod.ts";
import { clientNetwork } from "../../connect/network.ts";
import type { Action, Context } from "../../command/context.ts";
import { Receiving } from "../../connect/receiving.ts";
import { ServerLog } from "../../logging/server_log.ts";

/** The command, in the sandbox. */
export const action: Action<PipePlan> = {
  async run(plan, context) {
    const { target, mode, program, programArgs, connection: options } = plan;
    if (mode === "listen") return await listen(plan, context);
    const network = await clientNetwork(
      options,
      context,
      { tls: options.tls || target.tls === "implicit" },
    );
    using connection = await dial(target.endpoint, { network, ...dialOptionsOf(options) });
    const child = start(program, programArgs, mode);
    const peer = formatEndpoint(target.endpoint);
    const { timeoutMs = 60_000 } = options;
    // A program whose server fails must not go on without it.
    using _child = { [Symbol.dispose]: () => endQuietly(child) };
    if (mode === "send") {
      const receiving = new Receiving(connection, peer, (piece) => context.stdout.peerBytes(piece));
      await copyUp(child.stdout, connection, peer);
      await receiving.untilSilent(timeoutMs);
    } else if (mode === "receive") {
      await connection.closeWrite();
      // A program that has enough ends it too.
      await Promise.race([
        copyIn(connection, child, peer).untilSilent(timeoutMs),
        child.status,
      ]);
    } else await converse(connection, child, peer, timeoutMs);
    const status = await child.status;
    if (!status.success) throw failure(status, program);
  },
};

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
      throw toFileError(error, { operation: "start", peer: program });
    }
    throw new NetwrightError("no such program", {
      operation: "start",
      peer: program,
      cause: error,
    });
  }
}

/** Ends a program that may have ended itself. */
function endQuietly(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGTERM");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

function failure(status: Deno.CommandStatus, program: string): NetwrightError {
  return new NetwrightError(
    status.signal === null ? `it ended with status ${status.code}` : `${status.signal} ended it`,
    { operation: "pipe", peer: program },
  );
}

/** How long a server may go on talking to a program that has ended, in milliseconds. */
const LINGER_MS = 2000;

/**
 * Both directions at once, until the server has said all, or the program has ended and its output is sent:
 * then the server has no reader, yet closing at once could discard data that it has not read.
 */
async function converse(
  connection: Connection,
  child: Deno.ChildProcess,
  peer: string,
  idleTimeoutMs: number,
): Promise<{ received: number; sent: number }> {
  const receiving = copyIn(connection, child, peer);
  const sending = copyUp(child.stdout, connection, peer, () => receiving.touch());
  // A client that goes while the program still writes takes the program's output with it.
  sending.catch(() => closeQuietly(connection));
  const gone = (async (): Promise<"gone"> => {
    await Promise.all([child.status, sending]);
    return "gone";
  })();
  gone.catch(() => {});
  if (await Promise.race([receiving.untilSilent(idleTimeoutMs), gone]) !== "gone") {
    return { received: receiving.bytes, sent: await sending };
  }
  using deadline = new Deadline({ timeoutMs: LINGER_MS });
  // Its end has no effect: there is no reader left.
  await deadline.wait(receiving.ended, () => closeQuietly(connection)).catch(() => {});
  return { received: receiving.bytes, sent: await sending };
}

/** Copies the server's output to the program, as long as that reads. */
function copyIn(connection: Connection, child: Deno.ChildProcess, peer: string): Receiving {
  const writer = child.stdin.getWriter();
  let reads = true;
  const receiving = new Receiving(connection, peer, async (piece) => {
    if (!reads) return;
    try {
      await writer.write(piece);
    } catch (error) {
      // A program may stop reading when it has enough, as `head` does.
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      reads = false;
    }
  });
  // The program learns of the end, whatever it was; it may be gone itself.
  receiving.ended.catch(() => {}).then(() => writer.close()).catch(() => {});
  return receiving;
}

/** Copies the program's output to the server, then ends our direction. */
async function copyUp(
  stdout: ReadableStream<Uint8Array>,
  connection: Connection,
  peer: string,
  onPiece: () => void = () => {},
): Promise<number> {
  let bytes = 0;
  try {
    for await (const piece of stdout) {
      await writeAll(connection, piece);
      bytes += piece.length;
      onPiece();
    }
    await connection.closeWrite();
  } catch (error) {
    throw toNetwrightError(error, { operation: "write", peer });
  }
  return bytes;
}

async function listen(
  { target, program, programArgs, connection: options }: PipePlan,
  context: Context,
): Promise<void> {
  await using log = await ServerLog.open(context);
  const server = serveMultiplex({
    name: program,
    async handle(connection, { signal }) {
      const child = start(program, programArgs, "listen");
      const end = (): void => child.kill("SIGTERM");
      signal.addEventListener("abort", end, { once: true });
      try {
        const peer = formatEndpoint(connection.remoteAddr);
        await converse(connection, child, peer, Infinity);
        const status = await child.status;
        if (!status.success) throw failure(status, program);
      } finally {
        signal.removeEventListener("abort", end);
      }
    },
  }, {
    network: context.network,
    endpoint: target.endpoint,
    log: log.event,
    signal: context.signal,
    idleTimeoutMs: options.timeoutMs,
  });
  await context.stdout.line(`listening on ${formatEndpoint(server.endpoint)}`);
  await server.finished;
}
