/**
 * The inside of a process of a server model.
 *
 * @module
 */

import type { Listener } from "../../net/mod.ts";
import { openSocketCalls, SharedListener, SystemStream } from "../../os/internal.ts";
import { parseOrder, type WorkerOrder } from "../workers/worker_order.ts";
import { formatReport } from "../workers/worker_report.ts";
import { listenForWorker, runWorker } from "../workers/run_worker.ts";
import { SingleConnectionListener } from "../workers/single_connection_listener.ts";
import { WORKER_VARIABLE } from "./worker_variable.ts";

/**
 * Milliseconds in which a worker with one connection at a time waits in place: a change of threads takes
 * longer than most answers, and until then there is nothing else to do but to notice a time-out.
 */
const SPIN_MS = 25;

/** How often a worker looks whether its launcher lives, in milliseconds. */
const LAUNCHER_MS = 1000;

/**
 * Reads what this process is to serve.
 *
 * @returns The order; undefined if there is none.
 */
export function readOrder(): WorkerOrder | undefined {
  const text = Deno.env.get(WORKER_VARIABLE);
  return text === undefined ? undefined : parseOrder(JSON.parse(text));
}

/** Ends this process when its launcher has died, because nothing else would stop or count it. */
export function endWithStarter(): void {
  const launcher = Deno.ppid;
  Deno.unrefTimer(setInterval(() => Deno.ppid !== launcher && Deno.exit(1), LAUNCHER_MS));
}

/** Most characters of reports that wait for the end of a turn. */
const MAX_WAITING = 16_384;

/** Standard error is the way to its launcher. What many conversations report in one turn goes together. */
class Reports {
  readonly #atOnce: boolean;
  #text = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param atOnce Whether a turn may take long, because it waits for the one client that there is. */
  constructor(atOnce: boolean) {
    this.#atOnce = atOnce;
  }

  add(line: string): void {
    this.#text += line;
    if (this.#atOnce || this.#text.length > MAX_WAITING) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), 0);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const bytes = new TextEncoder().encode(this.#text);
    this.#text = "";
    for (let done = 0; done < bytes.length;) done += Deno.stderr.writeSync(bytes.subarray(done));
  }
}

/**
 * Serves until there is nothing left to serve.
 *
 * @param order What.
 * @param dropPermissions Gives up permissions before the first byte.
 */
export async function serveAsProcess(
  order: WorkerOrder,
  dropPermissions: () => void,
): Promise<void> {
  const { source } = order;
  if (source.kind !== "own") openSocketCalls();
  dropPermissions();
  // These write files without a permission.
  for (const storage of ["localStorage", "sessionStorage", "caches"]) {
    Reflect.deleteProperty(globalThis, storage);
  }
  const reports = new Reports(order.connections === 1 || source.kind === "connection");
  const channel = {
    report: (reported: Parameters<typeof formatReport>[0]) => reports.add(formatReport(reported)),
    retired: source.kind === "connection" ? new Promise<void>(() => {}) : inputEnded(),
    ending: new Promise<"shutdown">((resolve) =>
      Deno.addSignalListener("SIGTERM", () => resolve("shutdown"))
    ),
  };
  try {
    const once = source.kind === "connection" ? { ...order, retireAfter: 1 } : order;
    await runWorker(once, () => listenerOf(order), channel);
  } finally {
    reports.flush();
  }
}

/** Where its connections come from. */
function listenerOf(order: WorkerOrder): Listener {
  const { source } = order;
  const spinMs = order.connections === 1 ? SPIN_MS : 0;
  switch (source.kind) {
    case "connection":
      return new SingleConnectionListener(
        new SystemStream(0, source.local, source.remote, SPIN_MS),
      );
    case "shared":
      return new SharedListener(source.descriptor!, { spinMs });
    case "own":
      return listenForWorker(source);
    case "relayed":
      throw new Error("a process is passed no connections");
  }
}

/** Its launcher closes the other end to retire it, and the system does when the launcher has died. */
async function inputEnded(): Promise<void> {
  while (await Deno.stdin.read(new Uint8Array(64)) !== null);
}
