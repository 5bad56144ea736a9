/** Hostile code that replaces globals must not make the system's own calls write beyond a buffer. */

import { assertEquals } from "@std/assert";
import { ROOT } from "../../support/netwright.ts";

Deno.test({
  name: "the system's calls keep to their buffers whatever globals are replaced by",
  ignore: Deno.build.os !== "linux",
}, async () => {
  const { code, stdout, stderr, signal } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", `${ROOT}tests/support/replaced_globals.ts`],
    env: { NO_COLOR: "1" },
    signal: AbortSignal.timeout(60_000),
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assertEquals([code, signal, text], [0, null, "intact\n"]);
});
