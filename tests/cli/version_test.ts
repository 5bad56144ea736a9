/** An executable's report on its runtime. */

import { assertEquals } from "@std/assert";
import { runtimeWarning } from "../../src/cli/version.ts";

Deno.test("an executable on a runtime older than that of releases says so", () => {
  assertEquals(runtimeWarning("2.9.6", true), undefined);
  assertEquals(runtimeWarning("3.0.0", true), undefined);
  assertEquals(runtimeWarning("2.6.10", false), undefined);
  assertEquals(
    runtimeWarning("2.6.10", true),
    "a build for tests: its runtime, Deno 2.6.10, does not confine commands as releases do",
  );
});
