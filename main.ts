/**
 * The executable: arguments in, exit status out.
 *
 * @module
 */

import { runtimeWarning, versionLine } from "./src/cli/version.ts";

if (Deno.args.length === 1 && Deno.args[0] === "--member") {
  const { memberProcess } = await import("./src/cli/member_process.ts");
  Deno.exit(await memberProcess());
} else if (!(Deno.args.length === 1 && Deno.args[0] === "--version" && printVersion())) {
  const { main } = await import("./src/cli/main.ts");
  Deno.exit(await main(Deno.args));
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
