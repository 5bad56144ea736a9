/**
 * The inside of the sandbox: the module of the Worker that runs one command.
 *
 * @module
 */

import { replaceExits } from "../net/internal.ts";
import type { Answer, Call, RunOrder } from "./sandbox/broker_calls.ts";
import { COMMANDS } from "./commands/index.ts";
import { runOrder } from "./run.ts";
import { SandboxBroker } from "./sandbox/sandbox_broker.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<RunOrder | Answer>) => void;
  postMessage(call: Call): void;
};

replaceExits((call, status) => {
  if (call === "close()") console.error("netwright: the command closed its sandbox");
  scope.postMessage({ call: "ended", status: call === "close()" ? 1 : status & 255 });
});

const broker = new SandboxBroker((call) => scope.postMessage(call));

scope.onmessage = async ({ data }) => {
  if ("answer" in data) return broker.take(data);
  const status = await runOrder(data, broker, COMMANDS);
  scope.postMessage({ call: "ended", status });
};
