/**
 * `netwright bench load`: measures the load that a server can bear (15.4 of the book's list).
 *
 * @module
 */

import { patternsFor } from "../../../net/internal.ts";
import { type Endpoint, escapeControls, parseEndpoint, UsageError } from "../../../net/mod.ts";
import type { ExchangePlan, LoadPlan } from "../../../programs/bench/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import { NO_BROKER } from "../../command/broker.ts";
import { CONNECTION_OPTIONS, STREAM_OPTIONS } from "../../command/common_options.ts";
import { type ConnectionPlan, planConnections } from "../../connect/connecting.ts";
import { WORKER_CAPABILITIES } from "../../sandbox/start_worker.ts";

/** The target and the load. */
export interface BenchLoadPlan extends ConnectionPlan {
  /** The target as typed. */
  readonly written: string;
  /** The server. */
  readonly endpoint: Endpoint;
  /** Whether connections are inside TLS. */
  readonly tls: boolean;
  /** The load of each thread. */
  readonly parts: readonly LoadPlan[];
}

/** The command. */
export const command: Command<BenchLoadPlan> = {
  name: "bench load",
  summary: "load-test a server and measure its response times",
  operands: "TARGET",
  count: { min: 1, max: 1 },
  examples: [
    "bench load http://127.0.0.1:8080/ --connections 50 --duration 5",
    "bench load echo://127.0.0.1:7 --requests 10000 --size 1024",
    "bench load https://127.0.0.1:8443/ --ca ca.pem --rate 500",
  ],
  details:
    "Use it only on servers of your own. With --rate a round trip counts from its scheduled start, so\n" +
    "that a stall is not hidden. The exit status is 1 if anything went wrong.",
  options: {
    connections: { value: "N", short: "c", help: "connections at once (default 10)" },
    duration: { value: "SECONDS", short: "d", help: "how long (default 10, or until --requests)" },
    requests: { value: "N", short: "n", help: "end after so many round trips" },
    rate: { value: "N", help: "send N requests a second instead of as many as possible" },
    "no-keep-alive": { help: "a connection for each request" },
    size: { value: "BYTES", help: "of an echo message (default 64)" },
    threads: { value: "N", help: "threads that send requests (default 1)" },
    timeout: CONNECTION_OPTIONS.timeout!,
    ca: STREAM_OPTIONS.ca!,
  },
  async plan(args, host) {
    const { endpoint, exchange, tls } = targetOf(args);
    const parts = plans(args, endpoint, exchange);
    const { connection, needs } = await planConnections(args, host, [endpoint]);
    return { written: args.operands[0] ?? "", endpoint, tls, parts, connection, needs };
  },
  capabilities: ({ needs }) => needs,
  brokered({ parts, endpoint }) {
    if (parts.length === 1) return NO_BROKER;
    const workers = { net: patternsFor(endpoint) };
    return { launcher: WORKER_CAPABILITIES, workers, listen: [], services: [] };
  },
};

interface Target {
  readonly endpoint: Endpoint;
  readonly exchange: ExchangePlan;
  readonly tls: boolean;
}

/** Parses `http://host:port/path` and the like; a URL without a scheme is HTTP. */
function targetOf(args: Arguments): Target {
  const [text = ""] = args.operands;
  const [, written = "http", rest = ""] = /^(?:([a-z][a-z\d+.-]*):\/\/)?(.*)$/is.exec(text)!;
  const scheme = written.toLowerCase();
  if (scheme === "echo") {
    if (args.has("no-keep-alive")) throw new UsageError("--no-keep-alive is for http");
    const bytes = args.integer("size", { min: 1, max: 16_777_216, fallback: 64 });
    const endpoint = parseEndpoint(rest.replace(/\/$/, ""), { defaultPort: 7 });
    return { endpoint, exchange: { kind: "echo", bytes }, tls: false };
  }
  if (scheme !== "http" && scheme !== "https") {
    throw new UsageError(
      `a target is http://…, https://… or echo://…, not ${escapeControls(scheme)}://`,
    );
  }
  if (args.has("size")) throw new UsageError("--size is for echo");
  const url = URL.parse(`${scheme}://${rest}`);
  if (url === null) throw new UsageError(`"${escapeControls(text)}" is not a URL`);
  if (url.username !== "" || url.password !== "") {
    throw new UsageError("a target has neither user name nor password here");
  }
  const tls = scheme === "https";
  const endpoint = parseEndpoint(url.host, { defaultPort: tls ? 443 : 80 });
  return {
    endpoint,
    exchange: {
      kind: "http",
      host: url.host,
      target: url.pathname + url.search,
      keepAlive: !args.has("no-keep-alive"),
    },
    tls,
  };
}

function threadsOf(args: Arguments): number {
  const threads = args.integer("threads", { min: 1, max: 64, fallback: 1 });
  if (threads > 1 && targetOf(args).tls) {
    throw new UsageError("only one thread can ask over https");
  }
  return threads;
}

/** One plan for each thread. */
function plans(args: Arguments, endpoint: Endpoint, exchange: ExchangePlan): LoadPlan[] {
  const threads = threadsOf(args);
  const connections = args.integer("connections", { min: threads, max: 100_000, fallback: 10 });
  const requests = args.integer("requests", {
    min: threads,
    max: 1_000_000_000,
    fallback: undefined,
  });
  const rate = args.integer("rate", { min: 1, max: 10_000_000, fallback: undefined });
  const timed = requests === undefined || args.has("duration");
  return Array.from({ length: threads }, (_, i) => {
    const share = (count: number): number => Math.floor((count + i) / threads);
    return {
      endpoint,
      exchange,
      connections: share(connections),
      requests: requests === undefined ? undefined : share(requests),
      durationMs: timed ? args.milliseconds("duration", 10_000) : undefined,
      rate: rate === undefined ? undefined : rate / threads,
      timeoutMs: args.milliseconds("timeout", 30_000),
    };
  });
}
