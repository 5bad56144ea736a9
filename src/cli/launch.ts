/**
 * The launcher beside one sandboxed command: starts it, answers its calls, takes its exit status.
 *
 * @module
 */

import {
  type Capabilities,
  CapabilityError,
  LimitError,
  NetwrightError,
  toWorkerPermissions,
  UsageError,
} from "../net/mod.ts";
import type { Broker, Member } from "../servers/mod.ts";
import { type Answer, type Call, parseCall, type RunOrder } from "./broker_calls.ts";
import { describeFailure } from "./failure.ts";
import { LauncherBroker } from "./launcher_broker.ts";
import { runHere } from "./run.ts";

/**
 * Runs a command line in a Worker that has these permissions and no more.
 *
 * @param words The command line.
 * @param needs What the Worker may do.
 * @returns The exit status that the Worker reported.
 */
export async function runInWorker(words: readonly string[], needs: Capabilities): Promise<number> {
  const permissions = toWorkerPermissions(needs);
  const url = new URL("./worker.ts", import.meta.url);
  // The type lacks the permissions unless the unstable option is on, which deno.json does.
  const worker = new Worker(url, { type: "module", deno: { permissions } } as WorkerOptions);
  using broker = new LauncherBroker(needs);
  return await superviseWorker(worker, { words, needs }, broker);
}

/**
 * Runs a command line in this process, which has no more permissions than the command needs.
 *
 * @param words The command line.
 * @param capabilities What the command may do.
 * @returns The exit status.
 */
export async function runInPlace(
  words: readonly string[],
  capabilities: Capabilities,
): Promise<number> {
  using broker = new LauncherBroker(capabilities);
  return await runHere(words, capabilities, broker);
}

/**
 * Answers a Worker's calls until it says that it has ended, and ends it.
 *
 * @param worker A Worker whose first module is the sandbox's, or a test's.
 * @param order Its first message.
 * @param broker Starts what it asks for.
 * @returns The exit status that it reported.
 * @throws {Error} If the Worker failed instead.
 */
export async function superviseWorker(
  worker: Worker,
  order: RunOrder,
  broker: Broker,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const members = new Map<number, Member>();
  worker.onmessage = ({ data }) => {
    const call = parseCall(data);
    if (call === undefined) return refuse(worker, data);
    if (call.call === "ended") resolve(call.status);
    else if (call.call === "start") void start(worker, call, members, broker);
    else {
      members.get(call.id)?.[Symbol.dispose]();
      members.delete(call.id);
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
    worker.terminate();
    for (const member of members.values()) member[Symbol.dispose]();
  }
}

async function start(
  worker: Worker,
  { id, module, capabilities }: Call & { call: "start" },
  members: Map<number, Member>,
  broker: Broker,
): Promise<void> {
  try {
    if (members.has(id)) throw new UsageError(`the number ${id} is taken`);
    const member = await broker.start(module, capabilities);
    members.set(id, member);
    const { port } = member;
    worker.postMessage({ answer: "started", id, port } satisfies Answer, [port]);
    member.failed.then((text) =>
      worker.postMessage({ answer: "failed", id, text } satisfies Answer)
    );
  } catch (error) {
    worker.postMessage(refusal(id, error));
  }
}

/** Answers a malformed call if it can be told which it was. */
function refuse(worker: Worker, data: unknown): void {
  const id = (data as { id?: unknown } | null)?.id;
  if (typeof id === "number") {
    worker.postMessage(refusal(id, new UsageError("the call is malformed")));
  }
}

function refusal(id: number, error: unknown): Answer {
  const common = { answer: "refused", id, detail: "" } as const;
  const reason = error instanceof NetwrightError ? error.reason : describeFailure(error);
  if (error instanceof CapabilityError) {
    return { ...common, kind: "capability", reason, detail: error.flag };
  }
  if (error instanceof LimitError) {
    return { ...common, kind: "limit", reason, detail: String(error.limit) };
  }
  return { ...common, kind: error instanceof UsageError ? "usage" : "other", reason };
}
