import { assert, assertEquals, assertRejects } from "@std/assert";
import { LimitError, UsageError } from "../../../src/net/mod.ts";
import { InterruptedError } from "../../../src/cli/terminal/interrupt.ts";
import { askLine, askSecret } from "../../../src/cli/terminal/prompts.ts";
import { programAtTerminal } from "../../support/at_terminal.ts";
import { terminal } from "../../support/fake_terminal.ts";

const PROMPTS = new URL("../../../src/cli/terminal/prompts.ts", import.meta.url).href;
const TERMINAL = new URL("../../../src/cli/terminal/terminal.ts", import.meta.url).href;

Deno.test("askLine() returns the corrected text", async (t) => {
  const cases: readonly [name: string, keys: string, answer: string, shown: string][] = [
    ["a line", "ann\r", "ann", "ann"],
    ["a correction", "anm\x7fn\r", "ann", "anm\b \bn"],
    ["more corrections than keys", "\x7f\x7fa\r", "a", "a"],
    ["a fresh start", "bob\x15ann\r", "ann", "bob" + "\b \b".repeat(3) + "ann"],
    ["letters of several bytes", "é日\x7f😀\r", "é😀", "é日\b \b😀"],
    ["keys that are none", "a\x1b[A\tb\r", "a[Ab", "a[Ab"],
    ["an end after something", "ann\x04", "ann", "ann"],
    ["nothing", "\r", "root", ""],
  ];
  for (const [name, keys, answer, shown] of cases) {
    await t.step(name, async () => {
      const length = new TextEncoder().encode(keys).length;
      for (const cuts of [[], Array.from({ length }, (_, i) => i)]) {
        const at = terminal(keys, cuts);
        assertEquals(await askLine(at, "User", { default: "root" }), answer);
        assertEquals(at.shown(), `User [root]: ${shown}\r\n`);
        assertEquals(at.modes, [true, false]);
      }
    });
  }
});

Deno.test("askSecret() shows nothing of it", async () => {
  const at = terminal("sésame\x7fe!\r");
  assertEquals((await askSecret(at, "Password")).reveal(), "sésame!");
  assertEquals(at.shown(), "Password: \r\n");
});

Deno.test("typed-ahead text answers the next question", async () => {
  const at = terminal("ann\rsesame\r");
  assertEquals(await askLine(at, "User"), "ann");
  assertEquals((await askSecret(at, "Password")).reveal(), "sesame");
});

Deno.test("prompts give the terminal back, however they end", async (t) => {
  const cases: readonly [name: string, keys: string, error: new (...args: never[]) => Error][] = [
    ["Control-C", "ab\x03", InterruptedError],
    ["Control-D", "\x04", UsageError],
    ["the end of input", "ab", UsageError],
    ["too much", "x".repeat(2000), LimitError],
  ];
  for (const [name, keys, error] of cases) {
    await t.step(name, async () => {
      const at = terminal(keys, [200, 400, 600, 800, 1000, 1200]);
      const caught = await askSecret(at, "Password").catch((error) => error);
      assert(caught instanceof error, String(caught));
      assert(!caught.message.includes("ab"), caught.message);
      assertEquals(at.modes, [true, false]);
    });
  }
  await t.step("no terminal", async () => {
    const at = { ...terminal("x\r"), isTerminal: false };
    await assertRejects(() => askLine(at, "User"), UsageError, "requires a terminal");
    assertEquals(at.modes, []);
  });
});

const PROGRAM = `
import { askLine, askSecret } from "${PROMPTS}";
import { processTerminal } from "${TERMINAL}";
const user = await askLine(processTerminal, "User");
const password = await askSecret(processTerminal, "Password");
console.log(JSON.stringify([user, password.reveal()]));
`;

Deno.test({
  name: "prompts at a real terminal",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const file = `${folder}/ask.ts`;
      await Deno.writeTextFile(file, PROGRAM);
      await using program = await programAtTerminal(["--no-lock", "--no-config", file]);
      await program.until("User: ");
      await program.type("ann\r");
      await program.until("Password: ");
      await program.type("sesame\r");
      await program.until("]");
      assertEquals(await program.status(), 0);
      assertEquals(
        program.text().replaceAll("\r\r\n", "\r\n").replace(/^pid \d+\.\r\n/, "").trim(),
        'User: ann\r\nPassword: \r\n["ann","sesame"]',
      );
      // Where input is not a terminal, nothing is asked.
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-lock", "--no-config", file],
        stdin: "null",
      }).output();
      assertEquals(code, 1);
      assert(new TextDecoder().decode(stderr).includes("a prompt requires a terminal"));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
