import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/net/mod.ts";
import { saslClient, saslServer } from "../../src/protocols/sasl/mod.ts";
import { Secret } from "../../src/protocols/wire/mod.ts";
import { checkToken, scramOf, UNUSABLE_HASH } from "../../src/stores/internal.ts";
import { hashPassword, parseUsers, verifyPassword } from "../../src/stores/mod.ts";

/** PBKDF2 with SHA-256 of "password" with "salt", 4096 rounds, as other programs make it. */
const KNOWN = "$pbkdf2-sha256$i=4096$c2FsdA$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o";
/** Of "pencil", with the salt and the rounds of RFC 7677 §3; the keys as PostgreSQL computes them. */
const PENCIL = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$" +
  "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

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
    assert(await verifyPassword("pencil", PENCIL));
    assert(!await verifyPassword("pencils", PENCIL));
  });
  await t.step("other text than a hash matches no password", async () => {
    for (
      const hash of ["", "sesame", UNUSABLE_HASH, KNOWN.replace("4096", "99999999"), `${KNOWN}x`]
    ) {
      for (const word of ["", "sesame", "password"]) assert(!await verifyPassword(word, hash));
    }
  });
});

Deno.test("parseUsers() reads users, and refuses what could let the wrong ones in", () => {
  const users = parseUsers({
    ann: KNOWN,
    bob: { password: KNOWN, write: false },
    cy: { password: KNOWN },
    di: { password: PENCIL, token: KNOWN },
  });
  assertEquals([...users], [
    ["ann", { password: KNOWN, write: true }],
    ["bob", { password: KNOWN, write: false }],
    ["cy", { password: KNOWN }],
    ["di", { password: PENCIL, token: KNOWN }],
  ]);
  const bad: readonly (readonly [data: unknown, message: string])[] = [
    [null, "maps names"],
    [[KNOWN], "maps names"],
    ["ann", "maps names"],
    [{}, "is empty"],
    [{ "": KNOWN }, "one line of text"],
    [{ "a\nb": KNOWN }, "one line of text"],
    [{ ann: "sesame" }, "netwright password makes one"],
    [{ ann: null }, "not a hash"],
    [{ ann: 7 }, "not a hash"],
    [{ ann: { password: "" } }, "not a hash"],
    [{ ann: { password: KNOWN, write: "no" } }, "true or false"],
    [{ ann: PENCIL.replace("4096", "0") }, "not a hash"],
    [{ ann: PENCIL.replace("4096", "99999999") }, "not a hash"],
    [{ ann: PENCIL.replace("gQ==", "g") }, "not a hash"],
    [{ ann: KNOWN.replace("4096", "0") }, "not a hash"],
    [{ ann: KNOWN.replace("c2FsdA", "c2FsdAA4A") }, "not a hash"],
    [{ ann: { password: KNOWN, token: "x" } }, "the token of ann is not a hash"],
    [{ ann: { password: KNOWN, root: "/" } }, "password, token and write"],
  ];
  for (const [data, message] of bad) assertThrows(() => parseUsers(data), UsageError, message);
});

Deno.test("a stored hash is proven by SCRAM-SHA-256, and reveals no user names", async (t) => {
  const users = parseUsers({ ann: await hashPassword("s\u00e9same"), bob: PENCIL });
  const scram = scramOf(users)!;
  const logIn = async (user: string, password: string) => {
    const client = saslClient("SCRAM-SHA-256", { user, password: new Secret(password) });
    const server = saslServer("SCRAM-SHA-256", { scram });
    let step = await server.step(await client.respond(new Uint8Array(0)));
    while ("challenge" in step) step = await server.step(await client.respond(step.challenge));
    return "identity" in step ? step.identity.user : step.failure;
  };
  await t.step("the right one only", async () => {
    assertEquals(await logIn("ann", "s\u00e9same"), "ann");
    // The same letters, written in another way.
    assertEquals(await logIn("ann", "se\u0301same"), "ann");
    assertEquals(await logIn("bob", "pencil"), "bob");
    for (const [user, password] of [["ann", "pencil"], ["bob", "x"], ["eve", "x"]] as const) {
      assertEquals(await logIn(user, password), "the credentials are wrong");
    }
  });
  await t.step("an unknown name has a salt of its own, always the same", async () => {
    const [one, again, other] = await Promise.all(["eve", "eve", "mal"].map(scram));
    assertEquals(one!.salt, again!.salt);
    assert(one!.salt.join() !== other!.salt.join());
    // Its shape is that of an existing user.
    const shapes = await Promise.all(["ann", "bob"].map(scram));
    const seen = (await Promise.all(["eve", "mal", "a", "b", "c", "d", "e", "f"].map(scram)))
      .map(({ salt, iterations }) => `${salt.length} ${iterations}`);
    const real = shapes.map(({ salt, iterations }) => `${salt.length} ${iterations}`);
    assertEquals([...new Set(seen)].sort(), real.sort());
  });
  await t.step("none where one of them has a hash of the older form", () => {
    assertEquals(scramOf(parseUsers({ ann: KNOWN, bob: PENCIL })), undefined);
  });
});

Deno.test("checkToken() knows its owner", async () => {
  const users = parseUsers({ ann: { password: PENCIL, token: PENCIL }, bob: PENCIL });
  const rows = [["ann", "pencil"], ["ann", "x"], ["bob", "pencil"], ["eve", "pencil"]] as const;
  const known = await Promise.all(rows.map(([user, token]) => checkToken(users, user, token)));
  assertEquals(known, [true, false, false, false]);
});
