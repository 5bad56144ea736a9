/** Runtimes that leave names out of listings. */

import { assertEquals, assertThrows } from "@std/assert";
import { UnsupportedError } from "../../../src/net/mod.ts";
import { requireEveryName } from "../../../src/stores/internal.ts";

Deno.test({
  name: "a runtime that leaves out names that are not UTF-8 is refused",
  ignore: Deno.build.os === "windows",
  fn() {
    // Each of these was run: 2.8.3 is the first that lists such a name.
    for (const version of ["2.6.8", "2.7.14", "2.8.0"]) {
      assertThrows(() => requireEveryName(version), UnsupportedError, version);
    }
    for (const version of ["2.8.3", "2.9.0", "2.9.6", "2.10.0", "3.0.0-rc.1"]) {
      assertEquals(requireEveryName(version), undefined);
    }
  },
});
