/**
 * `netwright echo`, inside the sandbox.
 *
 * @module
 */

import { type Endpoint, formatEndpoint, LineReader } from "../../../net/mod.ts";
import { connectEcho, type EchoClient } from "../../../protocols/echo/mod.ts";
import { timeoutOptionsOf } from "../../connect/connecting.ts";
import { clientNetwork, pinDatagrams } from "../../connect/network.ts";
import type { Action, Context } from "../../command/context.ts";
import { Progress } from "../../terminal/progress.ts";
import type { EchoMessages, EchoPlan } from "../../commands/ask/echo.ts";

/** The command, in the sandbox. */
export const action: Action<EchoPlan> = {
  async run(plan, context) {
    const { connection, messages, isTimed, tries } = plan;
    const network = await clientNetwork(
      connection,
      plan.fast
        ? {
          ...context,
          network: (await fast()).fastDatagrams(context.network, { refusals: true }),
        }
        : context,
    );
    const endpoint = await pinDatagrams(connection, context, plan.endpoint);
    const times: number[] = [];
    using client = await connectEcho(endpoint, { network, ...timeoutOptionsOf(connection), tries });
    const total = isTimed && messages.kind !== "lines" ? messages.count : undefined;
    using progress = new Progress(context, { label: "echo", unit: "messages", total });
    for await (const message of messagesOf(messages, context)) {
      const { message: back, roundTripMs } = await client.echo(message);
      times.push(roundTripMs);
      progress.add(1);
      if (context.json) {
        // Random bytes say nothing.
        const text = messages.kind === "random" ? undefined : withoutEnd(back);
        await context.stdout.json({ message: text, bytes: back.length, roundTripMs });
      } else if (isTimed) {
        await context.stdout.line(`${back.length} bytes in ${roundTripMs.toFixed(3)} ms`);
      } else {
        await context.stdout.peerLine(withoutEnd(back));
      }
    }
    if (!context.quiet) await printTotals(client, times, endpoint, context);
  },
};

function withoutEnd(line: Uint8Array): string {
  return new TextDecoder().decode(line).replace(/\r?\n$/, "");
}

async function* messagesOf(
  messages: EchoMessages,
  context: Context,
): AsyncGenerator<Uint8Array> {
  if (messages.kind === "lines") {
    const reader = new LineReader(context.stdin, { maxLineBytes: messages.maxLineBytes });
    for await (const line of reader.lines()) yield new TextEncoder().encode(`${line}\r\n`);
    return;
  }
  for (let number = 0; number < messages.count; number++) {
    yield messages.kind === "random"
      ? randomBytes(messages.bytes)
      : new TextEncoder().encode(`${messages.text}\r\n`);
  }
}

function randomBytes(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  // The generator gives at most 65,536 bytes at once.
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

async function printTotals(
  client: EchoClient,
  times: readonly number[],
  endpoint: Endpoint,
  context: Context,
): Promise<void> {
  const sorted = times.toSorted((a, b) => a - b);
  const [min = 0, median = 0, max = 0] = [0, sorted.length >> 1, sorted.length - 1]
    .map((index) => sorted[index] ?? 0);
  const range = [min, median, max].map((ms) => ms.toFixed(3)).join("/");
  await context.stderr.line(
    `${formatEndpoint(endpoint)}: ${client.sent} bytes sent, ${client.received} received` +
      (times.length > 0 ? `, round trip min/median/max ${range} ms` : ""),
  );
  const { statistics } = client;
  if (statistics === undefined) return;
  const { requests, sent, resent, received, duplicates, late, damaged, reordered } = statistics;
  const oddities = { "sent again": resent, "came twice": duplicates, late, damaged, reordered };
  const reported = Object.entries(oddities).filter(([, count]) => count > 0)
    .map(([what, count]) => `, ${count} ${what}`).join("");
  await context.stderr.line(
    `${requests} requests in ${sent} datagrams, ${received} datagrams came back${reported}`,
  );
}

/** Loaded when it is asked for only: it brings the system's own calls with it. */
const fast = () => import("../../serving/fast_network.ts");
