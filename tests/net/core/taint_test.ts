import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  asHost,
  asKeyword,
  escapeForDisplay,
  InjectionError,
  parseInteger,
  singleLine,
  Tainted,
} from "../../../src/net/mod.ts";
import { command } from "../../../src/protocols/wire/mod.ts";
import { PathGate } from "../../../src/stores/mod.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;

/** Mistakes, each a line that must not compile; validated values in between must. */
const PROGRAM = `
import { singleLine, escapeForDisplay, escapeControls, Tainted, writeAll } from "${ROOT}src/net/mod.ts";
import { command, type CommandSession, type Reply } from "${ROOT}src/protocols/wire/mod.ts";
import { writeAtomically } from "${ROOT}src/stores/internal.ts";
import { PathGate } from "${ROOT}src/stores/mod.ts";
export async function f(name: Tainted<string>, reply: Reply, session: CommandSession, gate: PathGate) {
  await writeAtomically(name, new Uint8Array(0)); // MISTAKE: a file name
  await writeAtomically(gate.admit(name), new Uint8Array(0));
  command\`RCPT TO:<\${name}>\`; // MISTAKE: a command
  command\`RCPT TO:<\${name.validate(singleLine)}>\`;
  await session.reply(250, name); // MISTAKE: a reply
  await session.reply(250, name.validate(escapeForDisplay));
  new Headers({ subject: name }); // MISTAKE: a header
  new Headers({ subject: name.validate(singleLine) });
  await Deno.readTextFile(reply.lines[0]!); // MISTAKE: a file name
  escapeControls(reply.lines[0]!); // MISTAKE: output
  console.log(reply.lines[0]!.validate(escapeForDisplay));
  const text: string = reply.lines[0]!; // MISTAKE: a string
  await writeAll({ write: (p) => Promise.resolve(p.length) }, name); // MISTAKE: bytes
  return text;
}
`;

Deno.test("a tainted value in a sink does not compile", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/mistakes.ts`;
    await Deno.writeTextFile(file, PROGRAM);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--no-lock", "--config", `${ROOT}deno.json`, file],
      env: { NO_COLOR: "1" },
    }).output();
    const output = new TextDecoder().decode(stderr);
    assert(!success, output);
    const refused = [...output.matchAll(/mistakes\.ts:(\d+):/g)].map((match) => Number(match[1]));
    const mistakes = PROGRAM.split("\n").flatMap((line, index) =>
      line.includes("MISTAKE") ? [index + 1] : []
    );
    assertEquals([...new Set(refused)].sort((a, b) => a - b), mistakes);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("Tainted shows nothing of its value by itself", () => {
  const secret = new Tainted("\x1b[2Jpwned");
  for (
    const shown of [`${secret}`, JSON.stringify({ secret }), Deno.inspect(secret), String(secret)]
  ) {
    assert(!shown.includes("pwned"), shown);
  }
  assertEquals(secret.map((text) => text.length).validate(Number), 9);
  // Where types were ignored, the encoder still refuses.
  assertThrows(() => command`RCPT TO:<${secret as unknown as string}>`, InjectionError);
});

Deno.test("validators accept valid values and refuse others", async (t) => {
  const cases: readonly [
    name: string,
    validator: (text: string) => unknown,
    good: readonly (readonly [string, unknown])[],
    bad: readonly string[],
  ][] = [
    ["singleLine", singleLine, [["", ""], ["a\tb é", "a\tb é"]], ["a\rb", "a\nb", "a\0b", "\r\n"]],
    ["asKeyword", asKeyword, [["starttls", "STARTTLS"], ["AUTH=PLAIN", "AUTH=PLAIN"]], [
      "",
      "a b",
      "-a",
      "a\n",
      "é",
      "x".repeat(200),
    ]],
    ["parseInteger", parseInteger(65_535), [["0", 0], ["065535", 65_535]], [
      "",
      "-1",
      "65536",
      "1e3",
      "0x10",
      " 1",
      "1 ",
      "٣",
      "9".repeat(30),
    ]],
    ["asHost", asHost, [
      ["Example.ORG.", "example.org"],
      ["xn--bcher-kva.example", "xn--bcher-kva.example"],
      ["_srv.example.org", "_srv.example.org"],
      ["127.0.0.1", "127.0.0.1"],
      ["2001:DB8::1", "2001:db8::1"],
    ], [
      "",
      ".",
      "a..b",
      "-a.example",
      "a-.example",
      "a b",
      "a/b",
      "a:80",
      "a@b",
      "127.1",
      "0x7f.0x1",
      "1",
      "a\0.example",
      "bücher.example",
      `${"x".repeat(64)}.example`,
      "x.".repeat(127) + "example",
    ]],
    [
      "escapeForDisplay",
      escapeForDisplay,
      [["\x1b", "\\x1b"], ["x".repeat(2000), `${"x".repeat(1000)}…`]],
      [],
    ],
  ];
  for (const [name, validator, good, bad] of cases) {
    await t.step(name, () => {
      for (const [text, expected] of good) {
        assertEquals(new Tainted(text).validate(validator), expected);
      }
      for (const text of bad) {
        assertThrows(() => new Tainted(text).validate(validator), InjectionError);
      }
    });
  }
});

Deno.test("a name that passes the path gate stays inside its folder, whatever it is", () => {
  const gate = new PathGate("/srv/files");
  const piece = fc.constantFrom(
    "..",
    ".",
    "/",
    "\\",
    "a",
    "C:",
    "\0",
    "\n",
    "con",
    " ",
    "é",
    "~",
    "%2e",
  );
  fc.assert(fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
    let path: string;
    try {
      path = gate.admit(new Tainted(pieces.join("")));
    } catch (error) {
      assert(error instanceof InjectionError, String(error));
      return;
    }
    assertEquals(
      new URL(path.replaceAll("%", "%25"), "file:///").pathname.startsWith("/srv/files/"),
      true,
    );
    assert(!path.split("/").includes(".."), path);
  }));
});
