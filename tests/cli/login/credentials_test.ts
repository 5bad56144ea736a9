/** Where commands have user and password from. */

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Arguments } from "../../../src/cli/command/arguments.ts";
import { credentialsOf } from "../../../src/cli/login/credentials.ts";
import {
  credentialCapabilities,
  type CredentialPlan,
  planCredentials,
} from "../../../src/cli/login/credential_options.ts";
import { parseTarget } from "../../../src/net/internal.ts";
import { UsageError } from "../../../src/net/mod.ts";
import { TestFolder } from "../../support/trees.ts";

const options = (given: Record<string, string>): CredentialPlan =>
  planCredentials(
    new Arguments([], new Map(Object.entries(given).map(([name, value]) => [name, [value]]))),
  );

Deno.test("credentialsOf() takes the nearest of URL, file, netrc", async (t) => {
  await using folder = await TestFolder.make();
  const [file, netrc] = [`${folder.path}/password`, `${folder.path}/netrc`];
  await Deno.writeTextFile(file, "from file\nrest\n");
  await Deno.writeTextFile(
    netrc,
    "machine h.example login ann password anns\nmachine h.example login bob password bobs\n",
  );
  const cases: readonly [
    url: string,
    given: Record<string, string>,
    user?: string,
    password?: string,
  ][] = [
    ["ftp://h.example", {}],
    ["ftp://ann:in%20URL@h.example", {}, "ann", "in URL"],
    ["ftp://ann:in@h.example", { "password-file": file }, "ann", "in"],
    ["ftp://ann@h.example", { "password-file": file }, "ann", "from file"],
    ["ftp://h.example", { user: "cy", "password-file": file, netrc }, "cy", "from file"],
    ["ftp://h.example", { netrc }, "ann", "anns"],
    ["ftp://bob@h.example", { netrc }, "bob", "bobs"],
    ["ftp://h.example", { netrc, user: "bob" }, "bob", "bobs"],
    ["ftp://other.example", { netrc }],
  ];
  for (const [url, given, user, password] of cases) {
    await t.step(`${url} ${JSON.stringify(Object.keys(given))}`, async () => {
      const found = await credentialsOf(options(given), parseTarget(url));
      assertEquals([found.user, found.password?.reveal()], [user, password]);
    });
  }
  await t.step("two users, or a password of no one", async () => {
    const two = parseTarget("ftp://ann@h.example");
    await assertRejects(() => credentialsOf(options({ user: "bob" }), two), UsageError, "differ");
    assertThrows(() => credentialCapabilities(options({ user: "bob" }), two), UsageError, "differ");
    await assertRejects(
      () => credentialsOf(options({ "password-file": file }), parseTarget("ftp://h.example")),
      UsageError,
      "requires --user",
    );
  });
  await t.step("only what may be needed is asked for", () => {
    const needs = (url: string, given: Record<string, string> = {}) =>
      credentialCapabilities(options(given), parseTarget(url));
    assertEquals(needs("ftp://h.example"), {});
    assertEquals(needs("ftp://ann:x@h.example"), {});
    assertEquals(needs("ftp://ann@h.example"), { env: ["NETWRIGHT_PASSWORD"] });
    assertEquals(needs("ftp://ann@h.example", { "password-file": file }), { read: [file] });
    assertEquals(needs("ftp://ann@h.example", { netrc }), {
      read: [netrc],
      env: ["NETWRIGHT_PASSWORD"],
    });
  });
});
