/**
 * The path to a host, by datagrams that may take only so many hops.
 *
 * @module
 */

import { checkOptions, type OptionRules, withoutZone } from "../../net/internal.ts";
import { ConnectError, parseIp, TimeoutError, type WaitOptions } from "../../net/mod.ts";
import { describeIcmpError } from "./errors.ts";
import { POLL, type SocketErrorReport, systemCallError, SystemSocket } from "../../os/internal.ts";

/** The first destination port; no service should use it. */
const FIRST_PORT = 33_434;

/** How {@link tracePath} asks. */
export interface TraceOptions {
  /** Most hops. @default {30} */
  readonly maxHops?: number | undefined;
  /** Datagrams for each hop. @default {3} */
  readonly probes?: number | undefined;
  /** Longest wait for each answer, in milliseconds. @default {1000} */
  readonly timeoutMs?: number | undefined;
  /** Aborting it ends the trace. */
  readonly signal?: AbortSignal | undefined;
}

const TRACE_RULES: OptionRules<TraceOptions> = {
  maxHops: "count",
  probes: "count",
  timeoutMs: "time",
  signal: "signal",
};

/** One answer, or none. */
export interface TraceProbe {
  /** The address of the answer; undefined if there was none. */
  readonly from: string | undefined;
  /** From sending to the answer, in milliseconds. */
  readonly roundTripMs: number | undefined;
  /** Why the path ends there: a refusal that is not the host's own. */
  readonly unreachable: string | undefined;
  /** The same as traceroute marks it, such as `!H`. */
  readonly mark?: string;
}

/** One step of the path. */
export interface TraceHop {
  /** Its number, from 1. */
  readonly hop: number;
  /** What each datagram brought. */
  readonly probes: readonly TraceProbe[];
  /** Whether it is the host itself. */
  readonly reached: boolean;
}

/**
 * Traces the path to a host with UDP datagrams, as any user may: the kernel hands over the ICMP answers
 * (IP_RECVERR).
 *
 * @param address An IP address.
 * @param options How many hops and datagrams, and how long to wait.
 * @returns The hops as they are found; the last is the host, unless it is never reached.
 * @throws {RangeError} If it is no IP address.
 * @throws {UnsupportedError} If this is not Linux.
 *
 * @example Count the hops
 * ```ts
 * import { tracePath } from "@netwright/netwright/icmp";
 * async function distance(address: string): Promise<number> {
 *   let hops = 0;
 *   for await (const { hop } of tracePath(address)) hops = hop;
 *   return hops;
 * }
 * ```
 */
export async function* tracePath(
  address: string,
  options: TraceOptions = {},
): AsyncGenerator<TraceHop> {
  checkOptions(options, TRACE_RULES);
  const ip = parseIp(withoutZone(address));
  if (ip === undefined) throw new RangeError(`${JSON.stringify(address)} is no IP address`);
  const { maxHops = 30, probes: count = 3, timeoutMs = 1000, signal } = options;
  for (let hop = 1; hop <= maxHops; hop++) {
    const probes = await Promise.all(
      Array.from({ length: count }, (_, index) => {
        const port = FIRST_PORT + (hop - 1) * count + index;
        return probe({ address, version: ip.version, hop, port }, { timeoutMs, signal });
      }),
    );
    const reached = probes.some(({ answered }) => answered === "host");
    yield { hop, probes: probes.map(({ answered: _, ...rest }) => rest), reached };
    if (reached || probes.some(({ unreachable }) => unreachable !== undefined)) return;
  }
}

interface ProbeTarget {
  readonly address: string;
  readonly version: 4 | 6;
  readonly hop: number;
  readonly port: number;
}

type ProbeResult = TraceProbe & { readonly answered: "host" | "hop" | undefined };

const SILENCE: ProbeResult = {
  from: undefined,
  roundTripMs: undefined,
  unreachable: undefined,
  answered: undefined,
};

async function probe(
  { address, version, hop, port }: ProbeTarget,
  { timeoutMs, signal }: WaitOptions & { readonly timeoutMs: number },
): Promise<ProbeResult> {
  using socket = new SystemSocket({ version, type: "datagram" });
  socket.reportErrors();
  socket.socketOptions.set("ttl", hop);
  const start = performance.now();
  try {
    await socket.connect({ hostname: address, port });
    socket.send(new Uint8Array(32));
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    return { ...SILENCE, unreachable: error.reason };
  }
  while (true) {
    const left = timeoutMs - (performance.now() - start);
    if (left <= 0) return SILENCE;
    let ready: number;
    try {
      ready = await socket.wait(POLL.in, { signal, timeoutMs: left });
    } catch (error) {
      if (error instanceof TimeoutError) return SILENCE;
      throw error;
    }
    const roundTripMs = performance.now() - start;
    const report = socket.receiveError();
    if (report !== undefined) return { ...judge(report, version, address), roundTripMs };
    // A service on that port answers: that is the host.
    if ((ready & POLL.in) !== 0) {
      return { from: address, roundTripMs, unreachable: undefined, answered: "host" };
    }
  }
}

/** "Time exceeded" is a hop on the way, "port unreachable" is the host; anything else ends the path. */
function judge(report: SocketErrorReport, version: 4 | 6, address: string): ProbeResult {
  const { type, code, offender, icmp, errno } = report;
  const [exceeded, unreachable, noPort] = version === 4 ? [11, 3, 3] : [3, 1, 4];
  const found = { from: offender, roundTripMs: undefined, unreachable: undefined };
  if (icmp && type === exceeded) return { ...found, answered: "hop" };
  if (icmp && type === unreachable && code === noPort) {
    return { ...found, from: offender ?? address, answered: "host" };
  }
  if (!icmp) {
    return {
      ...found,
      unreachable: systemCallError(errno, { operation: "trace" }).reason,
      answered: undefined,
    };
  }
  const { text, mark } = describeIcmpError(version, type, code);
  return { ...found, unreachable: text, mark, answered: "hop" };
}
