/**
 * The executable: arguments in, exit status out.
 *
 * @module
 */

import { runtimeWarning, versionLine } from "./src/cli/version.ts";

if (Deno.args.length === 1 && Deno.args[0] === "--version") {
  // Nothing else is loaded for what scripts ask most often.
  console.log([versionLine(), runtimeWarning() ?? []].flat().join("\n"));
} else if (Deno.args.length === 1 && Deno.args[0] === "--member") {
  const { memberProcess } = await import("./src/cli/member_process.ts");
  Deno.exit(await memberProcess());
} else {
  const { main } = await import("./src/cli/main.ts");
  Deno.exit(await main(Deno.args));
}
