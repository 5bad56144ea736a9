/**
 * The inside of the sandbox: the module of the Worker that runs one command.
 *
 * @module
 */

import type { Answer, Call, RunOrder } from "./broker_calls.ts";
import { runHere } from "./run.ts";
import { SandboxBroker } from "./sandbox_broker.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<RunOrder | Answer>) => void;
  postMessage(call: Call): void;
};

const broker = new SandboxBroker((call) => scope.postMessage(call));

scope.onmessage = async ({ data }) => {
  if ("answer" in data) return broker.take(data);
  const status = await runHere(data.words, data.needs, broker);
  scope.postMessage({ call: "ended", status });
};
