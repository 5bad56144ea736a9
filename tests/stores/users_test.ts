import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/net/mod.ts";
import { hashPassword, NOBODY, parseUsers, verifyPassword } from "../../src/stores/mod.ts";

/** PBKDF2 with SHA-256 of "password" with "salt", 4096 rounds, as other programs make it. */
const KNOWN = "$pbkdf2-sha256$i=4096$c2FsdA$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o";

Deno.test("hashPassword() and verifyPassword()", async (t) => {
  await t.step("the right one only", async () => {
    const [one, other] = await Promise.all([hashPassword("sesame"), hashPassword("sesame")]);
    assert(one !== other);
    assertEquals(
      await Promise.all(
        ["sesame", "Sesame", "", "sesame "].map((word) => verifyPassword(word, one)),
      ),
      [true, false, false, false],
    );
  });
  await t.step("a known hash", async () => {
    assert(await verifyPassword("password", KNOWN));
    assert(!await verifyPassword("passwore", KNOWN));
  });
  await t.step("what is no hash fits nothing", async () => {
    for (const hash of ["", "sesame", NOBODY, KNOWN.replace("4096", "99999999"), `${KNOWN}x`]) {
      for (const word of ["", "sesame", "password"]) assert(!await verifyPassword(word, hash));
    }
  });
});

Deno.test("parseUsers() reads users, and refuses what could let the wrong ones in", () => {
  const users = parseUsers({
    ann: KNOWN,
    bob: { password: KNOWN, write: false },
    cy: { password: KNOWN },
  });
  assertEquals([...users], [
    ["ann", { password: KNOWN, write: true }],
    ["bob", { password: KNOWN, write: false }],
    ["cy", { password: KNOWN }],
  ]);
  const bad: readonly (readonly [data: unknown, message: string])[] = [
    [null, "maps names"],
    [[KNOWN], "maps names"],
    ["ann", "maps names"],
    [{ ann: "sesame" }, "netwright password makes one"],
    [{ ann: null }, "no hash"],
    [{ ann: 7 }, "no hash"],
    [{ ann: { password: "" } }, "no hash"],
    [{ ann: { password: KNOWN, write: "no" } }, "true or false"],
    [{ ann: { password: KNOWN, root: "/" } }, "password and write"],
  ];
  for (const [data, message] of bad) assertThrows(() => parseUsers(data), UsageError, message);
});
