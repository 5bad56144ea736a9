/**
 * Prints the flag that lets tasks run where JSR is out of reach; nothing where it is within.
 *
 * Used by every task: `deno run -A $(deno run -A --no-config scripts/offline/import_map.ts) main.ts`.
 *
 * @module
 */

/** Longest time for the attempt, in milliseconds. */
const ATTEMPT_MS = 3000;

async function reachesJsr(): Promise<boolean> {
  try {
    // deno-lint-ignore no-import-prefix -- without a configuration there is no map to name it by
    await import("jsr:@std/assert@^1");
    return true;
  } catch {
    return false;
  }
}

const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), ATTEMPT_MS));
if (!await Promise.race([reachesJsr(), late])) {
  console.log("--import-map=scripts/offline/import_map.json");
}
Deno.exit(0);
