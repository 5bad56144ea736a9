/**
 * The inside of a Worker of a server model.
 *
 * @module
 */

import { type Listener, UsageError } from "../../net/mod.ts";
import type { ClosingReason } from "../../services/mod.ts";
import { reportError } from "../core/log.ts";
import { replaceExits } from "../../net/internal.ts";
import { parseOrder, type WorkerOrder } from "./worker_order.ts";
import type { WorkerReport } from "./worker_report.ts";
import { SingleConnectionListener } from "./single_connection_listener.ts";
import { MessagePortConnection } from "./message_port_connection.ts";
import { listenForWorker, runWorker, type WorkerChannel } from "./run_worker.ts";

/** Messages of a Worker to its starter, beside the requests of a relayed connection. */
export type WorkerMessage =
  | { readonly report: WorkerReport }
  /** It serves no more; empty if that is in order. */
  | { readonly over: string };

/** Messages of its starter to a Worker, beside the bytes of a relayed connection. */
export type WorkerWord =
  | { readonly order: WorkerOrder }
  | { readonly retire: true }
  /** It is to say goodbye to its clients, and to end then. */
  | { readonly end: ClosingReason };

/**
 * Executes the order of the first message on the port, until it retires.
 *
 * @param port The other end belongs to its starter.
 * @param shared Gives the listening socket that it was handed.
 * @param cleanUp Releases the resources of the thread; after that its starter ends it.
 */
export async function serveInWorker(
  port: MessagePort,
  shared: () => Listener,
  cleanUp: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const post = (message: WorkerMessage): void => port.postMessage(message);
  replaceExits((call) => post({ over: `by ${call}` }));
  try {
    await serveAsOrdered(port, shared, post);
    await cleanUp();
    post({ over: "" });
  } catch (error) {
    post({ over: `by ${reportError(error)}` });
  }
}

async function serveAsOrdered(
  port: MessagePort,
  shared: () => Listener,
  post: (message: WorkerMessage) => void,
): Promise<void> {
  const retired = Promise.withResolvers<void>();
  const ending = Promise.withResolvers<ClosingReason>();
  const ordered = Promise.withResolvers<WorkerOrder>();
  let connection: MessagePortConnection | undefined;
  port.onmessage = ({ data }) => {
    if ("order" in data) {
      const order = parseOrder(data.order);
      if (order !== undefined) ordered.resolve(order);
      else ordered.reject(new UsageError("the order is malformed"));
    } else if ("retire" in data) retired.resolve();
    else if ("end" in data) ending.resolve(data.end);
    else connection?.take(data);
  };
  const channel: WorkerChannel = {
    report: (report) => post({ report }),
    retired: retired.promise,
    ending: ending.promise,
  };
  const order = await ordered.promise;
  const { source } = order;
  switch (source.kind) {
    case "relayed": {
      const relayed = new MessagePortConnection(port, source);
      connection = relayed;
      await runWorker(
        { ...order, retireAfter: 1 },
        () => new SingleConnectionListener(relayed),
        channel,
      );
      break;
    }
    case "shared":
      await runWorker(order, shared, channel);
      break;
    case "own":
      await runWorker(order, () => listenForWorker(source), channel);
      break;
    case "connection":
      throw new UsageError("a Worker has no standard input of its own");
  }
}
