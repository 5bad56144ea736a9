/**
 * The launcher beside one sandboxed command: starts it, answers its calls, takes its exit status.
 *
 * @module
 */

import { toWorkerPermissions, union } from "../../net/internal.ts";
import type { Capabilities } from "../../net/mod.ts";
import type { CommandBroker } from "../command/broker.ts";
import type { RunOrder } from "./broker_calls.ts";
import { CallServer } from "./call_server.ts";
import { onInterrupt } from "../terminal/interrupt.ts";
import type { BrokerManifest } from "../command/broker.ts";
import { LauncherBroker } from "./launcher_broker.ts";

/** The first module of the sandbox; named once, for the bundler looks for it. */
const SANDBOX_MODULE = new URL("../worker.ts", import.meta.url);

/** What starting a sandbox needs: the runtime checks that its first module may be read. */
export const SANDBOX_CAPABILITIES: Capabilities =
  Deno.build.standalone || SANDBOX_MODULE.protocol !== "file:"
    ? {}
    : { read: [decodeURIComponent(SANDBOX_MODULE.pathname)] };

/**
 * Runs a command in a Worker that has the permissions that it needs and no more.
 *
 * @param order The command and its capabilities.
 * @param manifest The requests that it may make of the launcher.
 * @returns The exit status that the Worker reported.
 */
export async function runInWorker(order: RunOrder, manifest: BrokerManifest): Promise<number> {
  const permissions = toWorkerPermissions(order.needs);
  // The type lacks the permissions unless the unstable option is on, which deno.json does.
  const worker = new Worker(
    SANDBOX_MODULE,
    { type: "module", deno: { permissions } } as WorkerOptions,
  );
  using broker = new LauncherBroker(forWorkers(manifest, order.needs));
  return await superviseWorker(worker, order, broker);
}

/**
 * Adds the permissions of the command to those that workers may have.
 *
 * @param manifest The declarations of the command.
 * @param own Permissions of the command. Its `ffi` is left out: no worker may ask for it.
 * @returns The manifest that the broker enforces.
 */
export function forWorkers(
  manifest: BrokerManifest,
  { ffi: _, ...own }: Capabilities,
): BrokerManifest {
  return { ...manifest, workers: union(manifest.workers, own) };
}

/**
 * Answers a Worker's calls until it says that it has ended, and ends it.
 *
 * @param worker A Worker whose first module is the sandbox's, or a test's.
 * @param order Its first message.
 * @param broker Executes its calls.
 * @returns The exit status that it reported.
 * @throws {Error} If the Worker failed instead.
 */
export async function superviseWorker(
  worker: Worker,
  order: RunOrder,
  broker: CommandBroker,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  // The command gets the same signals; a command in an endless loop cannot handle them.
  let timer: ReturnType<typeof setTimeout> | undefined;
  let release: (() => void) | undefined;
  const onSignals = (): void => {
    release ??= onInterrupt(() => {}, (status) => {
      timer ??= setTimeout(() => resolve(status), SECOND_SIGNAL_MS);
    });
  };
  using calls = new CallServer(broker, (answer, transfer = []) => {
    worker.postMessage(answer, transfer);
  }, onSignals);
  worker.onmessage = ({ data }) => {
    try {
      const status = calls.take(data);
      if (status !== undefined) resolve(status);
    } catch (error) {
      // Later messages are ignored.
      worker.onmessage = null;
      worker.terminate();
      reject(error);
    }
  };
  worker.onerror = (event) => {
    event.preventDefault();
    reject(event.error ?? new Error(event.message));
  };
  worker.postMessage(order);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    release?.();
    worker.terminate();
  }
}

/** Time in milliseconds that a command has to end by itself after the second signal. */
const SECOND_SIGNAL_MS = 500;
