import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { covers, missing, toFlags, toWorkerPermissions, union } from "../../../src/net/internal.ts";
import { type Capabilities, UsageError } from "../../../src/net/mod.ts";

const CASES: readonly [have: Capabilities, expected: Capabilities, covered: boolean][] = [
  [{}, {}, true],
  [{}, { net: [] }, true],
  [{}, { net: ["a"] }, false],
  [{ net: true }, { net: ["a:1", "unix:/x"] }, true],
  [{ net: true }, { net: true }, true],
  [{ net: ["a"] }, { net: true }, false],
  [{ net: ["a"] }, { net: ["a:1"] }, true],
  [{ net: ["a:1"] }, { net: ["a"] }, false],
  [{ net: ["a:1"] }, { net: ["a:11"] }, false],
  [{ net: ["A.Example:1"] }, { net: ["a.example:1"] }, true],
  [{ net: ["::1"] }, { net: ["[::1]:21"] }, true],
  [{ net: ["[::1]:2"] }, { net: ["[::1]:21"] }, false],
  [{ net: ["*.example.org"] }, { net: ["a.example.org:1"] }, true],
  [{ net: ["*.example.org"] }, { net: ["example.org", "badexample.org"] }, false],
  [{ net: ["127.0.0.0/8"] }, { net: ["127.1.2.3:4"] }, true],
  [{ net: ["127.0.0.0/8"] }, { net: ["127.1.0.0/16"] }, true],
  [{ net: ["127.1.0.0/16"] }, { net: ["127.0.0.0/8"] }, false],
  [{ net: ["127.0.0.0/8"] }, { net: ["128.0.0.1"] }, false],
  [{ net: ["127.0.0.0/8"] }, { net: ["127.example.org"] }, false],
  [{ net: ["0.0.0.0/0"] }, { net: ["192.0.2.1:7"] }, true],
  [{ net: ["127.0.0.1"] }, { net: ["localhost"] }, false],
  [{ net: ["unix:/a"] }, { net: ["unix:/a"] }, true],
  [{ net: ["unix:/a"] }, { net: ["unix:/a/b"] }, false],
  [{ net: [""] }, { net: [""] }, false],
  [{ read: ["/tmp"] }, { read: ["/tmp/a"] }, true],
  [{ read: ["/tmp"] }, { read: ["/tmpfile"] }, false],
  [{ read: ["/tmp"] }, { read: ["/tmp/../etc"] }, false],
  [{ read: ["/tmp/a/.."] }, { read: ["/tmp/b"] }, true],
  [{ read: ["/"] }, { read: ["/etc/passwd"] }, true],
  [{ read: ["."] }, { read: ["/etc/passwd"] }, false],
  [{ read: ["."] }, { read: ["a/b"] }, true],
  [{ read: ["."] }, { read: ["../b"] }, false],
  [{ read: ["a"] }, { read: ["a/../../b"] }, false],
  [{ read: [".."] }, { read: ["../../b"] }, false],
  [{ read: [".."] }, { read: ["../b"] }, true],
  [{ read: [""] }, { read: ["/etc/passwd"] }, false],
  [{ read: ["/tmp"] }, { write: ["/tmp"] }, false],
  [{ env: ["LC_*"] }, { env: ["LC_ALL"] }, true],
  [{ env: ["LC_ALL"] }, { env: ["LC_*"] }, false],
  [{ run: ["sh"] }, { run: ["/bin/sh"] }, false],
  [{ sys: ["hostname"] }, { sys: ["hostname"], ffi: ["/x"] }, false],
];

Deno.test("covers() compares as the runtime does", () => {
  for (const [have, expected, covered] of CASES) {
    assertEquals(covers(have, expected), covered, JSON.stringify([have, expected]));
  }
});

Deno.test("covers() is true of itself, and of each part of a union", () => {
  const scope = fc.oneof(
    fc.constant(true as const),
    fc.array(fc.constantFrom("a", "a:1", "b:2", "10.0.0.0/8", "10.1.1.1:5", "[::1]:3")),
  );
  const capabilities = fc.record({ net: scope, read: scope, env: scope }, { requiredKeys: [] });
  fc.assert(fc.property(capabilities, capabilities, (a, b) => {
    assertEquals(covers(a, a), true);
    assertEquals(covers(union(a, b), a) && covers(union(a, b), b), true);
    assertEquals(covers(a, b), missing(a, b) === undefined);
  }));
});

Deno.test("toFlags() spells each kind once and refuses a comma", () => {
  assertEquals(toFlags({ net: ["a:1", "b"], read: ["/x"], run: true, env: [] }), [
    "--allow-net=a:1,b",
    "--allow-read=/x",
    "--allow-run",
  ]);
  assertThrows(() => toFlags({ read: ["/a,/b"] }), UsageError);
});

Deno.test("toWorkerPermissions() names every kind and never imports", () => {
  assertEquals(toWorkerPermissions({ net: ["a:1"], env: [] }), {
    import: false,
    net: ["a:1"],
    read: false,
    write: false,
    env: false,
    run: false,
    ffi: false,
    sys: false,
  });
});

Deno.test("a UNIX socket needs its path read and written", () => {
  assertEquals(toWorkerPermissions({ net: ["unix:/s"] }), {
    ...toWorkerPermissions({}),
    net: ["unix:/s"],
    read: ["/s"],
    write: ["/s"],
  });
});
