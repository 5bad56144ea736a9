/**
 * The outside of a Worker of a server model.
 *
 * @module
 */

import { type Connection, escapeControls, LimitError } from "../../net/mod.ts";
import type { ClosingReason } from "../../services/mod.ts";
import type { Broker, SharedSocket } from "./broker.ts";
import { workerCapabilities, type WorkerOrder } from "./worker_order.ts";
import { checkReport, type WorkerReport } from "./worker_report.ts";
import { relay } from "./message_port_connection.ts";
import type { WorkerWord } from "./serve_in_worker.ts";

/** Descriptors of a Worker with a connection. */
const DESCRIPTORS_EACH = 10;
/** Descriptors that are left to the rest of the process. */
const DESCRIPTORS_KEPT = 30;
/** A limit that is enough for a server with a few Workers. */
const MINIMUM_DESCRIPTORS = 256;

/**
 * Works out how many Workers there can be: when descriptors run out while one starts, the runtime ends the
 * whole process.
 *
 * @param broker Counts the descriptors.
 * @returns How many Workers, and how many further connections each may have.
 * @throws {LimitError} If not even one is possible.
 */
export async function workersPossible(
  broker: Broker,
): Promise<{ readonly workers: number; connectionsEach(workers: number): number }> {
  const free = await broker.descriptorsLeft() - DESCRIPTORS_KEPT;
  if (free < DESCRIPTORS_EACH) {
    throw new LimitError("too few file descriptors are left for a Worker", {
      operation: "serve",
      hint: `raise the limit: ulimit -n ${MINIMUM_DESCRIPTORS} or more`,
      limit: Math.max(0, free),
    });
  }
  return {
    workers: Math.floor(free / DESCRIPTORS_EACH),
    connectionsEach: (workers) =>
      Math.max(1, Math.floor((free - workers * DESCRIPTORS_EACH) / workers)),
  };
}

/** The arguments for starting a Worker. */
export interface WorkerStart {
  /** Who starts it. */
  readonly broker: Broker;
  /** Its order. */
  readonly order: WorkerOrder;
  /** A listening socket that it accepts from. */
  readonly socket?: SharedSocket | undefined;
  /** A connection that is passed on to it. */
  readonly connection?: Connection | undefined;
  /** Called for each of its reports. */
  readonly onReport: (report: WorkerReport) => void;
  /** Called when the connection that is passed on fails. */
  readonly onLost?: (error: unknown) => void;
}

/** A Worker that serves. */
export interface ServingWorker {
  /** Resolves when it serves no more, to how: empty if that is in order. */
  readonly ended: Promise<string>;
  /** Makes it accept no more. */
  retire(): void;
  /** Asks it to say goodbye to its clients, and to end then. */
  end(reason: ClosingReason): void;
  /** Ends it at once. */
  kill(): void;
}

/**
 * Starts a Worker that serves.
 *
 * @param start With what.
 * @returns The running Worker.
 * @throws As {@link Broker.start} does.
 */
export async function startWorker(start: WorkerStart): Promise<ServingWorker> {
  const { broker, order, socket, connection, onReport, onLost } = start;
  const capabilities = await workerCapabilities(order);
  const worker = await broker.start("service", capabilities, socket);
  const { port } = worker;
  const ended = Promise.withResolvers<string>();
  const end = (how: string): void => {
    worker[Symbol.dispose]();
    ended.resolve(how);
  };
  worker.failed.then((text) => end(`by ${text}`));
  // Messages of a Worker are as hostile as its clients.
  port.onmessage = ({ data }) => {
    if (typeof data !== "object" || data === null) return;
    if ("over" in data) end(escapeControls(String(data.over), { maxLength: 500 }));
    else if ("report" in data) {
      const report = checkReport(data.report);
      if (report !== undefined) onReport(report);
    } else if (connection !== undefined) {
      void relay(data, connection, port).then((error) => {
        if (error !== undefined) onLost?.(error);
      });
    }
  };
  port.postMessage({ order });
  return {
    ended: ended.promise,
    retire: () => port.postMessage({ retire: true } satisfies WorkerWord),
    end: (reason) => port.postMessage({ end: reason } satisfies WorkerWord),
    kill: () => end("by order"),
  };
}
