/**
 * `netwright ping`: ICMP echo (3.5 of the book's list).
 *
 * @module
 */

import { isIp, NetwrightError, TimeoutError } from "../../net/mod.ts";
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
    "let this user send ICMP: by the sysctl net.ipv4.ping_group_range, or CAP_NET_RAW.",
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
    using pinger = new Pinger(address);
    const { signal } = context;
    for (let sent = 1; sent <= count && !signal.aborted; sent++) {
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
        if (signal.aborted) break;
        if (!(error instanceof NetwrightError)) throw error;
        if (args.has("json")) {
          await context.stdout.json({ host, address, sequence: sent, error: error.reason });
        } else await context.stderr.line(describeFailure(error));
        if (!(error instanceof TimeoutError) && times.length === 0) return 1;
      }
      if (sent < count) await pause(next - performance.now(), signal);
    }
    if (!args.has("json")) {
      const range = times.length === 0
        ? ""
        : `, min/avg/max ${
          [Math.min(...times), times.reduce((a, b) => a + b) / times.length, Math.max(...times)]
            .map((ms) => ms.toFixed(3)).join("/")
        } ms`;
      await context.stdout.line(`${host}: ${times.length} of ${count} came back${range}`);
    }
    return times.length > 0 ? 0 : 1;
  },
};

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}
