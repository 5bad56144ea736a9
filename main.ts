/**
 * The executable: arguments in, exit status out.
 *
 * @module
 */

import { runtimeWarning, versionLine } from "./src/cli/version.ts";

// A sandbox that ends without a word leaves nothing that could end this process.
addEventListener("beforeunload", () => {
  Deno.stderr.writeSync(new TextEncoder().encode("netwright: the sandbox ended without a word\n"));
  Deno.exitCode = 1;
});

// Not awaited here: then the runtime would say so itself, in lines of its own.
run().then((status) => Deno.exit(status));

/**
 * Names the first modules of Workers, which are started by their addresses, and is never called: so the runtime fetches
 * them together with all others when the program is installed from a registry.
 */
export function workerModules(): Promise<unknown>[] {
  return [import("./src/cli/worker.ts"), import("./src/cli/workers/worker_thread.ts")];
}

async function run(): Promise<number> {
  const [first, ...rest] = Deno.args;
  if (first === "--worker" && rest.length === 0) {
    const { workerProcess } = await import("./src/cli/workers/worker_process.ts");
    return await workerProcess();
  }
  if (first === "--version" && rest.length === 0 && printVersion()) return 0;
  const { main } = await import("./src/cli/main.ts");
  return await main(Deno.args);
}

/** Prints the version without loading anything else, for scripts ask that most often; false if it cannot be written. */
function printVersion(): boolean {
  try {
    console.log([versionLine(), runtimeWarning() ?? []].flat().join("\n"));
    return true;
  } catch {
    // The usual way reports the reason.
    return false;
  }
}
