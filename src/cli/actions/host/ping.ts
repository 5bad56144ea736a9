/**
 * `netwright ping`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { PingPlan } from "../../commands/host/ping.ts";
import { Pinger, type PingEvent } from "../../../protocols/icmp/mod.ts";
import { addressOf } from "../../connect/address_operand.ts";

/** The command, in the sandbox. */
export const action: Action<PingPlan> = {
  async run(plan, context) {
    const { host } = plan;
    const address = await addressOf(plan, context);
    const counts = new Counts();
    using pinger = new Pinger(address);
    for await (const event of pinger.pings({ ...plan, signal: context.signal })) {
      counts.add(event);
      if (context.json) {
        if (event.kind !== "sent") await context.stdout.json({ host, address, ...rounded(event) });
      } else if (event.kind === "timeout") {
        await context.stderr.line(`${address}: seq ${event.sequence}: no reply in time`);
      } else if (event.kind !== "sent" && !context.quiet) {
        await context.stdout.line(describe(event, address));
      }
    }
    if (context.json) await context.stdout.json({ host, address, ...counts.report() });
    else await context.stdout.line(`${host}: ${counts.describe()}`);
    return counts.received > 0 ? 0 : 1;
  },
};

function rounded(event: PingEvent): PingEvent {
  return event.kind === "reply"
    ? { ...event, roundTripMs: inMicroseconds(event.roundTripMs) }
    : event;
}

function inMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function describe(
  event: Exclude<PingEvent, { kind: "sent" | "timeout" }>,
  address: string,
): string {
  const { sequence } = event;
  if (event.kind === "error") {
    return `from ${event.from ?? "this host"}: seq ${sequence}: ${event.reason}`;
  }
  const { bytes, from, ttl, roundTripMs, duplicate, late, changedAt } = event;
  const remarks = [
    ...duplicate ? ["a duplicate"] : [],
    ...late ? ["late"] : [],
    ...changedAt === undefined ? [] : [`the data are changed from byte ${changedAt} on`],
    // A broadcast or multicast is answered by others.
    ...from === address ? [] : [`asked was ${address}`],
  ];
  return `${bytes} bytes from ${from}: seq ${sequence}${ttl === undefined ? "" : ` ttl ${ttl}`} ` +
    `time ${roundTripMs.toFixed(3)} ms${remarks.length === 0 ? "" : ` (${remarks.join(", ")})`}`;
}

/** Counts the results of all requests. */
class Counts {
  readonly #times: number[] = [];
  #sent = 0;
  #duplicates = 0;
  #changed = 0;
  #errors = 0;

  /** How many requests were answered. */
  get received(): number {
    return this.#times.length;
  }

  add(event: PingEvent): void {
    if (event.kind === "sent") this.#sent++;
    else if (event.kind === "error") this.#errors++;
    else if (event.kind === "reply") {
      if (event.changedAt !== undefined) this.#changed++;
      if (event.duplicate) this.#duplicates++;
      else this.#times.push(event.roundTripMs);
    }
  }

  report(): Record<string, number | undefined> {
    const { minMs, averageMs, maxMs, deviationMs } = statistics(this.#times);
    return {
      ...{ sent: this.#sent, received: this.received, duplicates: this.#duplicates },
      ...{ changed: this.#changed, errors: this.#errors },
      ...{ minMs, averageMs, maxMs, deviationMs },
    };
  }

  describe(): string {
    const { received } = this;
    const { minMs, averageMs, maxMs, deviationMs } = statistics(this.#times);
    const lost = this.#sent === 0 ? 0 : (this.#sent - received) / this.#sent * 100;
    const times = [minMs, averageMs, maxMs, deviationMs].map((ms) => ms?.toFixed(3)).join("/");
    return [
      `${received} of ${this.#sent} came back`,
      `${lost.toFixed(0)}% lost`,
      ...this.#duplicates === 0 ? [] : [plural(this.#duplicates, "duplicate")],
      ...this.#changed === 0 ? [] : [`${this.#changed} changed`],
      ...this.#errors === 0 ? [] : [plural(this.#errors, "error")],
      ...received === 0 ? [] : [`min/avg/max/dev ${times} ms`],
    ].join(", ");
  }
}

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
  return {
    minMs: inMicroseconds(minMs),
    averageMs: inMicroseconds(averageMs),
    maxMs: inMicroseconds(maxMs),
    deviationMs: inMicroseconds(deviationMs),
  };
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
