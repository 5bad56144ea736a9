/**
 * The inside of the sandbox: the module of the Worker that runs one command.
 *
 * @module
 */

import type { Answer, Call, RunOrder } from "./sandbox/broker_calls.ts";
import { COMMANDS } from "./commands/index.ts";
import { runOrder } from "./run.ts";
import { SandboxBroker } from "./sandbox/sandbox_broker.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<RunOrder | Answer>) => void;
  postMessage(call: Call): void;
};

// In a Worker these end only the Worker, and the launcher would wait for it for ever.
const end = (status: number = 0): never => {
  scope.postMessage({ call: "ended", status: status & 255 });
  throw new Error("the command has ended");
};
Object.defineProperty(Deno, "exit", { value: end });
Object.defineProperty(globalThis, "close", {
  value: () => {
    console.error("netwright: the command closed its sandbox");
    end(1);
  },
});

const broker = new SandboxBroker((call) => scope.postMessage(call));

scope.onmessage = async ({ data }) => {
  if ("answer" in data) return broker.take(data);
  const status = await runOrder(data, broker, COMMANDS);
  scope.postMessage({ call: "ended", status });
};
