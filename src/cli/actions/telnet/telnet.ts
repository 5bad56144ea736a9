/**
 * `netwright telnet`, inside the sandbox.
 *
 * @module
 */

import { CrlfEncoder } from "../../../net/internal.ts";
import { formatEndpoint, writeAll } from "../../../net/mod.ts";
import { type Charset, charsetOf } from "../../../programs/dialogue/internal.ts";
import type { TelnetClient } from "../../../protocols/telnet/mod.ts";
import type { Action, Context } from "../../command/context.ts";
import type { TelnetSessionPlan } from "../../commands/telnet/telnet.ts";
import { Receiving, unlessLate } from "../../connect/receiving.ts";
import { connectTelnet } from "../../telnet/connect.ts";
import { runSession } from "../../telnet/session.ts";
import { SessionLog } from "../../telnet/session_log.ts";
import { processTerminal, type Terminal } from "../../terminal/terminal.ts";
import { wireTranscript } from "../../terminal/wire.ts";

/** How long a silence ends the output once all input was sent, in milliseconds. */
const SILENCE_MS = 5000;

/** The command, in the sandbox. */
export const action: Action<TelnetSessionPlan> = {
  async run(plan, context) {
    const { target, connection, charset, escape } = plan;
    const { stdin, stdout, stderr, quiet, signal } = context;
    const peer = formatEndpoint(target.endpoint);
    const isForPerson = stdin.isTerminal && stdout.isTerminal;
    // Standard error may be a file, such as with --wire.
    const terminal: Terminal = Object.create(processTerminal, {
      isTerminal: { value: isForPerson },
      write: { value: (text: string) => stdout.text(text) },
    });
    const text = charsetOf(charset);
    using log = new SessionLog(plan.log);
    using client = await connectTelnet(plan, context, {
      terminalType: Deno.env.get("TERM") ?? "dumb",
      windowSize: isForPerson ? { columns: terminal.columns, rows: terminal.rows } : undefined,
      acceptsEcho: isForPerson,
      transcript: connection.wire ? wireTranscript(stderr) : undefined,
    });
    if (!isForPerson) return await sendAll(client, plan, context, { charset: text, log });
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
  { charset, log }: { readonly charset: Charset; readonly log: SessionLog },
): Promise<void> {
  const stop = (): void => client.close();
  signal.addEventListener("abort", stop, { once: true });
  const encoder = new TextEncoder();
  const receiving = new Receiving(client, formatEndpoint(target.endpoint), async (piece) => {
    const text = charset.decode(piece);
    log.add(text);
    await stdout.peerBytes(charset.isUtf8 ? piece : encoder.encode(text));
  });
  const sending = (async () => {
    const lines = new CrlfEncoder();
    const decoder = new TextDecoder();
    const buffer = new Uint8Array(32_768);
    for (let count; (count = await stdin.read(buffer)) !== null;) {
      const bytes = lines.encode(buffer.subarray(0, count));
      const isUnchanged = charset.isUtf8;
      await writeAll(
        client,
        isUnchanged ? bytes : charset.encode(decoder.decode(bytes, { stream: true })),
      );
      receiving.touch();
    }
  })();
  try {
    const first = await Promise.race([
      sending.then(() => "sent" as const, () => "failed" as const),
      receiving.ended.then(() => "received" as const),
    ]);
    // A connection that breaks may still have output in it, which comes first.
    if (first === "failed") await receiving.untilSilent(SILENCE_MS).catch(() => {});
    if (first === "failed") await sending;
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
