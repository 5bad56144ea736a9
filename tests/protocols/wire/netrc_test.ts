import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { NetwrightError } from "../../../src/net/mod.ts";
import { findNetrc, parseNetrc } from "../../../src/protocols/wire/mod.ts";

function shown(text: string): string[] {
  return parseNetrc(text).map(({ machine, login, password, account }) =>
    [machine ?? "*", login, password?.reveal(), account?.reveal()].filter((word) =>
      word !== undefined
    ).join(" ")
  );
}

Deno.test("parseNetrc() reads what FTP clients and curl read", async (t) => {
  const cases: readonly [name: string, text: string, expected: readonly string[]][] = [
    ["nothing", "", []],
    ["a line", "machine a login b password c account d", ["a b c d"]],
    ["lines", "machine a\n\tlogin b\r\n\tpassword c\n", ["a b c"]],
    ["two, and the rest", "machine a login b\nmachine c login d\ndefault login e", [
      "a b",
      "c d",
      "* e",
    ]],
    ["remarks", "# machine x\nmachine a # login y\nlogin b#c", ["a b#c"]],
    ["a macro", "machine a\nmacdef init\ncd /tmp\nmachine z\n\nlogin b", ["a b"]],
    ["a macro to the end", "machine a login b\nmacdef init\nmachine z", ["a b"]],
    ["quotes", 'machine a password "p w\\"\\\\\\n#"', ['a p w"\\\n#']],
    ["an empty password", 'machine a password ""', ["a "]],
    ["keywords as values", "machine machine login login password default", [
      "machine login default",
    ]],
    ["user for login", "machine a user b", ["a b"]],
  ];
  for (const [name, text, expected] of cases) {
    await t.step(name, () => assertEquals(shown(text), expected));
  }
});

Deno.test("parseNetrc() refuses malformed files, and quotes none of them", () => {
  const cases: readonly [text: string, says: string][] = [
    ["machine a\nlogin", "line 2: nothing after login"],
    ["login sesame", "line 1: login before any machine"],
    ["machine a\nsesame", "line 2: an unknown word"],
    ['machine a\npassword "sesame', "line 2: a quote without its end"],
  ];
  for (const [text, says] of cases) {
    const error = assertThrows(() => parseNetrc(text), NetwrightError, says);
    assert(!error.message.includes("sesame"));
  }
});

Deno.test("findNetrc() finds the host, the user, or the default", () => {
  const entries = parseNetrc("machine a login b\nmachine a login c\nmachine x\ndefault login d");
  assertEquals(findNetrc(entries, "A")?.login, "b");
  assertEquals(findNetrc(entries, "a", "c")?.login, "c");
  assertEquals(findNetrc(entries, "a", "z"), undefined);
  assertEquals(findNetrc(entries, "x", "z")?.machine, "x");
  assertEquals(findNetrc(entries, "other")?.login, "d");
});

Deno.test("parseNetrc() ends in entries or one of our errors, whatever comes", () => {
  const word = fc.constantFrom(
    "machine",
    "login",
    "password",
    "macdef",
    "default",
    '"',
    "\\",
    "#",
    "a",
  );
  const gap = fc.constantFrom(" ", "\n", "\n\n", "");
  fc.assert(fc.property(fc.array(fc.tuple(word, gap)), (parts) => {
    try {
      parseNetrc(parts.flat().join(""));
    } catch (error) {
      assert(error instanceof NetwrightError, String(error));
    }
  }));
});
