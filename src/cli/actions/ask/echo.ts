/**
 * `netwright echo`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { type Endpoint, formatEndpoint, LineReader, UsageError } from "../../../net/mod.ts";
import { connectEcho, type EchoClient } from "../../../protocols/echo/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import { connectionOptions, waits } from "../../connect/connecting.ts";
import { clientNetwork, pinDatagrams } from "../../connect/network.ts";
import type { Context } from "../../command/context.ts";
import { Progress } from "../../terminal/progress.ts";
import { endpointOf } from "../../commands/ask/echo.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    if (args.has("fast") && !args.has("udp")) {
      throw new UsageError("--fast is for datagrams: --udp");
    }
    const network = args.has("fast")
      ? await clientNetwork(connectionOptions(args), {
        ...context,
        network: (await fast()).fastDatagrams(context.network, { refusals: true }),
      })
      : await clientNetwork(connectionOptions(args), context);
    const endpoint = await pinDatagrams(connectionOptions(args), context, endpointOf(args));
    const timing = args.has("count") || args.has("size");
    const times: number[] = [];
    using client = await connectEcho(network, endpoint, {
      ...waits(args),
      tries: args.integer("tries", { min: 1, max: 100, fallback: undefined }),
    });
    const total = timing ? args.integer("count", { min: 1, fallback: 1 }) : undefined;
    using progress = new Progress(context, { label: "echo", unit: "messages", total });
    for await (const message of messages(args, context)) {
      const { message: back, roundTripMs } = await client.echo(message);
      times.push(roundTripMs);
      progress.add(1);
      if (context.json) {
        // Random bytes say nothing.
        const text = args.has("size") ? undefined : withoutEnd(back);
        await context.stdout.json({ message: text, bytes: back.length, roundTripMs });
      } else if (timing) {
        await context.stdout.line(`${back.length} bytes in ${roundTripMs.toFixed(3)} ms`);
      } else {
        await context.stdout.peerLine(withoutEnd(back));
      }
    }
    if (!context.quiet) await tellTotals(client, times, endpoint, context);
  },
});

function withoutEnd(line: Uint8Array): string {
  return new TextDecoder().decode(line).replace(/\r?\n$/, "");
}

async function* messages(args: Arguments, context: Context): AsyncGenerator<Uint8Array> {
  const count = args.integer("count", { min: 1, max: 1_000_000_000, fallback: 1 });
  const size = args.integer("size", { min: 1, max: 16_777_216, fallback: 64 });
  const text = args.value("message");
  if (text !== undefined && args.has("size")) {
    throw new UsageError("--message and --size exclude each other");
  }
  if (text === undefined && !args.has("count") && !args.has("size")) {
    const maxLine = args.integer("max-line", { min: 1, fallback: 64 * 1024 * 1024 });
    const reader = new LineReader(context.stdin, { maxLineBytes: maxLine });
    for await (const line of reader.lines()) yield new TextEncoder().encode(`${line}\r\n`);
    return;
  }
  for (let number = 0; number < count; number++) {
    yield text === undefined ? randomBytes(size) : new TextEncoder().encode(`${text}\r\n`);
  }
}

function randomBytes(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  // The generator gives at most 65,536 bytes at once.
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

async function tellTotals(
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
  const told = Object.entries(oddities).filter(([, count]) => count > 0)
    .map(([what, count]) => `, ${count} ${what}`).join("");
  await context.stderr.line(
    `${requests} requests in ${sent} datagrams, ${received} datagrams came back${told}`,
  );
}

/** Loaded when it is asked for only: it brings the system's own calls with it. */
const fast = () => import("../../serving/fast_network.ts");
