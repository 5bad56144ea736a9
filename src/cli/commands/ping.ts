/**
 * `netwright ping`: ICMP echo (3.5 of the book's list).
 *
 * @module
 */

import { isIp, NetwrightError } from "../../net/mod.ts";
import { LIBC_PATHS } from "../../os/mod.ts";
import { Pinger } from "../../protocols/icmp/mod.ts";
import { addressOf, FAMILY_OPTIONS, hostOperand } from "../address_operand.ts";
import type { Command } from "../command.ts";
import { describeFailure } from "../failure.ts";

/** The command. */
export const command: Command = {
  name: "ping",
  summary: "ask a host for ICMP echoes",
  operands: "HOST",
  count: { min: 1, max: 1 },
  examples: ["ping 127.0.0.1 --count 3"],
  details:
    "Needs --allow-ffi for the C library, because the runtime has no ICMP sockets. The system must\n" +
    "let this user send ICMP: by the sysctl net.ipv4.ping_group_range, or CAP_NET_RAW. Control-C ends it with\n" +
    "the statistics; the status is 1 if nothing came back.",
  options: {
    count: { short: "c", value: "N", help: "how many requests (default 4)" },
    interval: { value: "SECONDS", help: "time between them (default 1)" },
    size: { short: "s", value: "BYTES", help: "data in each (default 56)" },
    timeout: { value: "SECONDS", help: "longest wait for a reply (default 1)" },
    ...FAMILY_OPTIONS,
  },
  capabilities(args) {
    const host = hostOperand(args);
    return { ...(isIp(host) ? {} : { net: [host] }), ffi: LIBC_PATHS };
  },
  async run(args, context) {
    const host = hostOperand(args);
    const count = args.integer("count", { min: 1, max: 1_000_000, fallback: 4 });
    const size = args.integer("size", { min: 0, max: 65_000, fallback: 56 });
    const intervalMs = args.milliseconds("interval", 1000);
    const timeoutMs = args.milliseconds("timeout", 1000);
    const address = await addressOf(args, context);
    const times: number[] = [];
    let sent = 0;
    using pinger = new Pinger(address);
    const { signal } = context;
    while (sent < count && !signal.aborted) {
      sent++;
      const next = performance.now() + intervalMs;
      try {
        const reply = await pinger.ping({ size, timeoutMs, signal });
        times.push(reply.roundTripMs);
        if (args.has("json")) await context.stdout.json({ host, address, ...reply });
        else if (!args.has("quiet")) {
          const hops = reply.ttl === undefined ? "" : ` ttl ${reply.ttl}`;
          await context.stdout.line(
            `${reply.bytes} bytes from ${reply.from}: seq ${reply.sequence}${hops} ` +
              `time ${reply.roundTripMs.toFixed(3)} ms`,
          );
        }
      } catch (error) {
        // A reply that was not waited for to the end is not a lost one.
        if (signal.aborted) {
          sent--;
          break;
        }
        if (!(error instanceof NetwrightError)) throw error;
        if (args.has("json")) {
          await context.stdout.json({ host, address, sequence: sent, error: error.reason });
        } else await context.stderr.line(describeFailure(error));
      }
      if (sent < count) await pause(next - performance.now(), signal);
    }
    const { minMs, averageMs, maxMs, deviationMs } = statistics(times);
    const received = times.length;
    if (args.has("json")) {
      const all = { sent, received, minMs, averageMs, maxMs, deviationMs };
      await context.stdout.json({ host, address, ...all });
    } else {
      const lost = sent === 0 ? 0 : (sent - received) / sent * 100;
      const shown = [minMs, averageMs, maxMs, deviationMs].map((ms) => ms?.toFixed(3)).join("/");
      const range = received === 0 ? "" : `, min/avg/max/dev ${shown} ms`;
      await context.stdout.line(
        `${host}: ${received} of ${sent} came back, ${lost.toFixed(0)}% lost${range}`,
      );
    }
    return times.length > 0 ? 0 : 1;
  },
};

/** Round trips at their least, average and most, and how far they lie from the average; nothing of nothing. */
function statistics(
  times: readonly number[],
): Partial<Record<"minMs" | "averageMs" | "maxMs" | "deviationMs", number>> {
  if (times.length === 0) return {};
  let [minMs, maxMs, sum, squares] = [Infinity, 0, 0, 0];
  for (const ms of times) {
    minMs = Math.min(minMs, ms);
    maxMs = Math.max(maxMs, ms);
    sum += ms;
    squares += ms * ms;
  }
  const averageMs = sum / times.length;
  const deviationMs = Math.sqrt(Math.max(0, squares / times.length - averageMs ** 2));
  return { minMs, averageMs, maxMs, deviationMs };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}
