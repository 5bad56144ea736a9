/**
 * A load that is made by another thread, so that the generator takes no time from the measured server.
 *
 * @module
 */

import { patternsFor } from "../../net/internal.ts";
import { NetwrightError, systemNetwork } from "../../net/mod.ts";
import type { Broker } from "../../servers/mod.ts";
import { type LoadCounts, type LoadPlan, runLoad } from "./load.ts";

/** The result of the Worker. */
type LoadWord = { readonly counts: LoadCounts } | { readonly failure: string };

/**
 * Makes a load in a Worker.
 *
 * @param broker Starts it.
 * @param plan The load.
 * @param signal Ends it early, in order.
 * @returns What happened.
 * @throws {NetwrightError} If the Worker failed.
 */
export async function runLoadInWorker(
  broker: Broker,
  plan: LoadPlan,
  signal?: AbortSignal,
): Promise<LoadCounts> {
  using worker = await broker.start("load", { net: patternsFor(plan.endpoint) });
  const { port, failed } = worker;
  const word = Promise.withResolvers<LoadWord>();
  port.onmessage = ({ data }) => word.resolve(data);
  failed.then((failure) => word.resolve({ failure }));
  const stop = (): void => port.postMessage("stop");
  signal?.addEventListener("abort", stop, { once: true });
  port.postMessage(plan);
  if (signal?.aborted) stop();
  try {
    const reported = await word.promise;
    if ("counts" in reported) return reported.counts;
    throw new NetwrightError(reported.failure, { operation: "make a load" });
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/**
 * The inside of such a Worker.
 * @param port The other end belongs to its starter.
 */
export function makeLoad(port: MessagePort): void {
  const controller = new AbortController();
  port.onmessage = async ({ data }: MessageEvent<LoadPlan | "stop">) => {
    if (data === "stop") return controller.abort();
    const network = systemNetwork({ net: patternsFor(data.endpoint) });
    const word: LoadWord = await runLoad(network, data, controller.signal)
      .then((counts) => ({ counts }), (error) => ({ failure: String(error) }));
    port.postMessage(word);
  };
}
