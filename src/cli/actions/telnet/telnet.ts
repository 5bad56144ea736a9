/**
 * `netwright telnet`, inside the sandbox.
 *
 * @module
 */

import { CrlfEncoder } from "../../../net/internal.ts";
import { formatEndpoint, writeAll } from "../../../net/mod.ts";
import type { TelnetClient } from "../../../protocols/telnet/mod.ts";
import type { Action, Context } from "../../command/context.ts";
import type { TelnetSessionPlan } from "../../commands/telnet/telnet.ts";
import { Receiving, unlessLate } from "../../connect/receiving.ts";
import { connectTelnet } from "../../telnet/connect.ts";
import { runSession } from "../../telnet/session.ts";
import { SessionLog } from "../../telnet/session_log.ts";
import { processTerminal } from "../../terminal/terminal.ts";
import { wireTranscript } from "../../terminal/wire.ts";

/** How long a silence ends the output once all input was sent, in milliseconds. */
const SILENCE_MS = 5000;

/** The command, in the sandbox. */
export const action: Action<TelnetSessionPlan> = {
  async run(plan, context) {
    const { target, connection, charset, escape } = plan;
    const { stdin, stdout, stderr, quiet, signal } = context;
    const peer = formatEndpoint(target.endpoint);
    const terminal = processTerminal;
    const isForPerson = stdin.isTerminal && terminal.isTerminal;
    using log = new SessionLog(plan.log);
    using client = await connectTelnet(plan, context, {
      terminalType: Deno.env.get("TERM") ?? "dumb",
      windowSize: isForPerson ? { columns: terminal.columns, rows: terminal.rows } : undefined,
      acceptsEcho: isForPerson,
      transcript: connection.wire ? wireTranscript(stderr) : undefined,
    });
    if (!isForPerson) return await sendAll(client, plan, context, log);
    const key = escape === undefined ? "" : `; ${keyName(escape)} opens the prompt`;
    if (!quiet) await stderr.line(`connected to ${peer}${key}`);
    const ended = await runSession({
      ...{ client, peer, terminal, stdout, charset, escape, log, signal },
    });
    if (!quiet) await stderr.line(`connection closed${ended === "server" ? ` by ${peer}` : ""}`);
  },
};

function keyName(key: string): string {
  return `^${String.fromCharCode(key.charCodeAt(0) | 0x40)}`;
}

/** Sends standard input as lines, and prints the output, until the server closes or is silent. */
async function sendAll(
  client: TelnetClient,
  { connection, target }: TelnetSessionPlan,
  { stdin, stdout, signal }: Context,
  log: SessionLog,
): Promise<void> {
  const stop = (): void => client.close();
  signal.addEventListener("abort", stop, { once: true });
  const decoder = new TextDecoder();
  const peer = formatEndpoint(target.endpoint);
  const receiving = new Receiving(client, peer, async (piece) => {
    log.add(decoder.decode(piece, { stream: true }));
    await stdout.peerBytes(piece);
  });
  const sending = (async () => {
    const lines = new CrlfEncoder();
    const buffer = new Uint8Array(32_768);
    for (let count; (count = await stdin.read(buffer)) !== null;) {
      await writeAll(client, lines.encode(buffer.subarray(0, count)));
      receiving.touch();
    }
  })();
  try {
    sending.catch(() => {});
    const first = await Promise.race([
      sending.then(() => "sent" as const),
      receiving.ended.then(() => "received" as const),
    ]);
    // Who closes a half of the connection ends the session on many servers: silence ends it here.
    if (first === "sent") {
      await receiving.untilSilent(connection.timeoutMs ?? SILENCE_MS).then(() => {}, unlessLate);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
