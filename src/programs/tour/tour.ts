/**
 * The tour: every program of the box, run for real against servers of the box.
 *
 * @module
 */

import { union } from "../../net/internal.ts";
import {
  type Capabilities,
  Deadline,
  escapeControls,
  formatEndpoint,
  type Network,
  parseEndpoint,
  UsageError,
} from "../../net/mod.ts";
import { type Broker, serveDatagrams, serveMultiplex, type Server } from "../../servers/mod.ts";
import { datagramService, streamService } from "../../services/mod.ts";
import type { CommandResult, TourContext, TourEntry, TourRow } from "./core/row.ts";
import { ROWS } from "./rows/index.ts";

/** Longest time for one row, in milliseconds. */
const ROW_TIMEOUT_MS = 20_000;

/** What all rows need: this host's own addresses, and a socket to ask from in datagrams. */
const LOOPBACK: Capabilities = { net: ["127.0.0.1", "[::1]", "localhost", "0.0.0.0:0", "[::]:0"] };

/** The environment of the tour. */
export interface TourWorld {
  /** A network of loopback addresses. */
  readonly network: Network;
  /** The capabilities of the tour. */
  readonly capabilities: Capabilities;
  /** Starts workers. */
  readonly broker: Broker;
  /** Runs a command of this program. */
  command(words: readonly string[], stdin: string, signal: AbortSignal): Promise<CommandResult>;
}

/** How a row ended. */
export interface TourResult {
  /** The id of the program in the book's list. */
  readonly id: string;
  /** The program's name. */
  readonly program: string;
  /** The check. */
  readonly checked: string;
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** Whether the check succeeded. */
  readonly passed: boolean;
  /** Why not, or a remark; cleaned. */
  readonly remark?: string;
}

/**
 * Chooses rows.
 *
 * @param ids Ids, whole or their beginnings: `3` chooses `3.1` and `3.2`. None chooses all.
 * @returns The rows, none of them loaded.
 * @throws {UsageError} If an id fits none.
 */
export function chooseRows(ids: readonly string[]): readonly TourEntry[] {
  const fits = (id: string, requested: string): boolean =>
    id === requested || id.startsWith(`${requested}.`);
  for (const requested of ids) {
    if (!ROWS.some(({ id }) => fits(id, requested))) {
      throw new UsageError(
        `no row of the tour has the id ${JSON.stringify(requested)}; see --list`,
      );
    }
  }
  return ids.length === 0
    ? ROWS
    : ROWS.filter(({ id }) => ids.some((requested) => fits(id, requested)));
}

/**
 * Works out what rows need.
 *
 * @param rows The rows, loaded.
 * @returns The loopback network, and what each row needs beyond it.
 */
export function tourCapabilities(rows: readonly TourRow[]): Capabilities {
  return union(LOOPBACK, ...rows.map(({ needs = {} }) => needs));
}

/**
 * Runs one row; its servers end with it.
 *
 * @param row Which.
 * @param world A network of loopback addresses, what starts workers, and what runs a command of this
 *   program; that gets the row's own signal.
 * @returns How it ended; a failure is a result, not an error.
 */
export async function runRow(
  row: TourRow,
  world: TourWorld,
): Promise<TourResult> {
  const { id, program, checked } = row;
  await using servers = new AsyncDisposableStack();
  using deadline = new Deadline(
    { timeoutMs: ROW_TIMEOUT_MS },
    { operation: `run the row ${id} ${program}` },
  );
  const start = performance.now();
  try {
    const running = row.run(contextOf(world, servers, deadline.signal));
    const remark = await deadline.wait(running, () => {});
    const ms = elapsedMs(start);
    return { id, program, checked, ms, passed: true, ...(remark && { remark }) };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const remark = escapeControls(text, { maxLength: 500 });
    return { id, program, checked, ms: elapsedMs(start), passed: false, remark };
  }
}

/** Milliseconds since then, to the microsecond. */
function elapsedMs(start: number): number {
  return Math.round((performance.now() - start) * 1000) / 1000;
}

function contextOf(
  { network, capabilities, broker, command }: TourWorld,
  servers: AsyncDisposableStack,
  signal: AbortSignal,
): TourContext {
  const endpoint = (udp: boolean): ReturnType<typeof parseEndpoint> =>
    parseEndpoint("127.0.0.1:0", { transport: udp ? "udp" : "tcp" });
  const keep = (server: Server): string => {
    servers.use(server);
    return formatEndpoint(server.endpoint);
  };
  return {
    network,
    capabilities,
    broker,
    signal,
    command: (words, stdin = "") => command(words, stdin, signal),
    async serve(name, { udp = false, service: options = {} } = {}): Promise<string> {
      const common = { network, endpoint: endpoint(udp) };
      return keep(
        udp
          ? serveDatagrams(await datagramService(name, options), common)
          : serveMultiplex(await streamService(name, options), common),
      );
    },
    serveStream(handle): Promise<string> {
      const service = { name: "tour", handle };
      return Promise.resolve(keep(serveMultiplex(service, { network, endpoint: endpoint(false) })));
    },
  };
}
