/**
 * A launcher beside a Worker that computes for ever: run as a program of its own, which is then sent signals.
 *
 * @module
 */

import { NO_BROKER } from "../../src/cli/command/broker.ts";
import { superviseWorker } from "../../src/cli/sandbox/launch.ts";
import { LauncherBroker } from "../../src/cli/sandbox/launcher_broker.ts";

// As the sandbox does, it takes the signals over before it is busy.
const source = `
  for (const signal of ["SIGINT", "SIGTERM"]) Deno.addSignalListener(signal, () => {});
  onmessage = () => { postMessage({ call: "signals" }); console.log("busy"); while (true); };
`;
const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
const worker = new Worker(url, { type: "module" });
using broker = new LauncherBroker(NO_BROKER);
Deno.exit(
  await superviseWorker(
    worker,
    {
      command: "",
      plan: undefined,
      flags: { json: false, quiet: false, verbose: false },
      needs: {},
    },
    broker,
  ),
);
