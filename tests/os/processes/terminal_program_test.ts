/** Programs on a pseudo-terminal. */

import { assert, assertEquals } from "@std/assert";
import { writeAll } from "../../../src/net/mod.ts";
import { startOnTerminal, type TerminalProgram } from "../../../src/os/internal.ts";

/** Reads until a text comes, or the end. */
async function until(program: TerminalProgram, text?: string): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(1000);
  let shown = "";
  while (text === undefined || !shown.includes(text)) {
    const count = await program.read(buffer);
    if (count === null) break;
    shown += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
  return shown;
}

const sh = (script: string, options = {}): TerminalProgram =>
  startOnTerminal({ argv: ["sh", "-c", script], ...options });

async function type(program: TerminalProgram, text: string): Promise<void> {
  await writeAll(program, new TextEncoder().encode(text));
}

Deno.test("a program has a terminal of its own, of that size, and ends with a status", async () => {
  using program = sh('test -t 0 && test -t 2 && stty size && echo "$TERM" && tty; exit 7', {
    columns: 132,
    rows: 40,
    env: { TERM: "dumb" },
  });
  const shown = await until(program);
  assert(/^40 132\r\ndumb\r\n\/dev\/pts\/\d+\r\n$/.test(shown), shown);
  assertEquals(await program.status, { code: 7 });
});

Deno.test("input is echoed, unless the program turns that off", async () => {
  using program = sh('read a; stty -echo; echo ready; read b; stty echo; echo "<$a $b>"');
  assertEquals(program.isEchoOff(), false);
  await type(program, "one\r");
  assert((await until(program, "ready\r\n")).startsWith("one\r\n"));
  assertEquals(program.isEchoOff(), true);
  await type(program, "two\r");
  assertEquals(await until(program), "<one two>\r\n");
});

Deno.test("Control-C interrupts the program, and hanging up ends it", async () => {
  using program = sh("echo ready; exec sleep 100");
  await until(program, "ready");
  await type(program, "\x03");
  assertEquals(await program.status, { code: 130, signal: 2 });
  const other = sh("echo ready; exec sleep 100");
  await until(other, "ready");
  other[Symbol.dispose]();
  other[Symbol.dispose]();
  assertEquals(await other.status, { code: 129, signal: 1 });
  assertEquals(await other.read(new Uint8Array(1)), null);
});

Deno.test("much output comes whole, and a program that is not there is an error", async () => {
  using program = sh("i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done");
  const shown = await until(program);
  assertEquals(shown.split("\r\n").length, 3001);
  let failure: unknown;
  try {
    startOnTerminal({ argv: ["/nowhere/at/all"] });
  } catch (error) {
    failure = error;
  }
  assertEquals((failure as { errno?: number }).errno, 2);
});

Deno.test("a program that shows its input itself counts as one that echoes", async () => {
  using program = sh("stty -echo -icanon; echo ready; read a");
  await until(program, "ready");
  assertEquals(program.isEchoOff(), false);
});

Deno.test("a program that ignores the end of its terminal is ended", async () => {
  const program = sh('trap "" HUP TERM; echo ready; while :; do sleep 0.1; done');
  await until(program, "ready");
  await program.end();
  assertEquals((await program.status).signal, 9);
});
