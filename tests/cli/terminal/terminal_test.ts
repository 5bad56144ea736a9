/** Output for a person at a terminal, and for a program. */

import { assertEquals } from "@std/assert";
import { captureOutput } from "../../../src/cli/terminal/capture.ts";
import { Output } from "../../../src/cli/terminal/output.ts";
import { formatProgress, Progress } from "../../../src/cli/terminal/progress.ts";
import { Table } from "../../../src/cli/terminal/table.ts";
import { OFFLINE_FLAGS, ROOT } from "../../support/netwright.ts";

/** Keeps all written text; resolves a promise at each write. */
class Screen {
  text = "";
  #news = Promise.withResolvers<void>();
  readonly output: Output;

  constructor(isTerminal: boolean, isColoured = false) {
    const write = (bytes: Uint8Array): Promise<number> => {
      this.text += new TextDecoder().decode(bytes);
      this.#news.resolve();
      this.#news = Promise.withResolvers();
      return Promise.resolve(bytes.length);
    };
    this.output = new Output({ write }, isTerminal, isColoured);
  }

  async until(requested: RegExp): Promise<void> {
    while (!requested.test(this.text)) await this.#news.promise;
  }
}

async function fill(output: Output, widths?: readonly number[]): Promise<void> {
  const table = new Table(output, { headings: ["NAME", "PORT"], widths });
  await table.row("a", 1);
  await table.row("long\x1b[2Jer", 22);
  await table.end();
}

Deno.test("Output.json() rounds measured numbers, and changes nothing else", async () => {
  const { output, text } = captureOutput();
  const time = new Date("2026-01-01T00:00:00Z");
  await output.json({
    ms: 1.3533960000000036,
    small: 0.000123456789,
    whole: 9_007_199_254_740_991,
  });
  await output.json([{ a: [0.1 + 0.2], time, none: null, text: "1.23456789", not: undefined }]);
  assertEquals(
    text(),
    '{"ms":1.353,"small":0.000123457,"whole":9007199254740991}\n' +
      '[{"a":[0.3],"time":"2026-01-01T00:00:00.000Z","none":null,"text":"1.23456789"}]\n',
  );
});

Deno.test("Table aligns for a person and has tabs for a program", async () => {
  const person = new Screen(true);
  await fill(person.output);
  assertEquals(person.text, "NAME           PORT\na              1\nlong\\x1b[2Jer  22\n");
  const program = captureOutput();
  await fill(program.output);
  assertEquals(program.text(), "a\t1\nlong\\x1b[2Jer\t22\n");
  const streaming = new Screen(true, true);
  await fill(streaming.output, [6]);
  assertEquals(
    streaming.text,
    "\x1b[1mNAME    PORT\x1b[22m\na       1\nlong\\x1b[2Jer  22\n",
  );
});

Deno.test("formatProgress()", () => {
  const bytes = { label: "get", unit: "bytes", total: 4 * 1024 * 1024 } as const;
  assertEquals(
    formatProgress(bytes, 1024 * 1024, 2000),
    "get  [#####---------------]  25%  1.0 MiB of 4.0 MiB  512.0 KiB/s  0:06 left",
  );
  assertEquals(
    formatProgress(bytes, 0, 0),
    "get  [--------------------]  0%  0 B of 4.0 MiB  0 B/s",
  );
  assertEquals(formatProgress({ label: "ask", unit: "hosts" }, 3, 1500), "ask  3 hosts  2.0/s");
});

Deno.test("Progress shows itself to a person only, and takes itself away", async () => {
  const options = { label: "ask", unit: "hosts", total: 2, afterMs: 1 } as const;
  const stdout = captureOutput().output;
  const screen = new Screen(true);
  {
    using progress = new Progress({ quiet: false, stdout, stderr: screen.output }, options);
    progress.add(1);
    await screen.until(/ask .*50%/);
  }
  await screen.output.flush();
  assertEquals(screen.text.endsWith("\r\x1b[K"), true);
  const silent = new Screen(true);
  {
    using _quiet = new Progress({ quiet: true, stdout, stderr: silent.output }, options);
    using _both = new Progress(
      { quiet: false, stdout: screen.output, stderr: silent.output },
      options,
    );
    using _piped = new Progress({ quiet: false, stdout, stderr: stdout }, options);
    using loud = new LoudProgress();
    await loud.shown;
  }
  assertEquals(silent.text, "");
});

Deno.test("Progress shows each part while it is under way, and makes room for other lines", async () => {
  const stdout = new Screen(true);
  const screen = new Screen(true);
  const options = { label: "get", unit: "bytes", afterMs: 1, hasResults: false } as const;
  {
    using progress = new Progress(
      { quiet: false, stdout: stdout.output, stderr: screen.output },
      options,
    );
    progress.add(50, { name: `${"far/".repeat(30)}a\x1b[2J.txt`, done: 50, total: 100 });
    progress.add(7, { name: "b", done: 7 });
    await screen.until(/get {2}57 B/);
    const lines = screen.text.slice(screen.text.lastIndexOf("\x1b[K") + 3).split("\n");
    assertEquals(lines.slice(0, 2), [
      "  far/far/far/far/far/far/far/a\\x1b[2J.txt  [#####-----]  50% of 100 B",
      "  b  7 B",
    ]);
    progress.hide();
    await screen.output.line("something else");
    progress.add(50, { name: `${"far/".repeat(30)}a\x1b[2J.txt`, done: 100, total: 100 });
    await screen.until(/something else\n\r\x1b\[K {2}b {2}7 B\nget/);
    for (let n = 0; n < 20; n++) progress.add(1, { name: `part${n}`, done: 1, total: 9 });
    progress.drop("b");
    await screen.until(/part7 .*\n {2}and 12 more\nget/);
  }
  await screen.output.flush();
  // Ten lines were there, and none is left.
  assertEquals(screen.text.endsWith("\r\x1b[K" + "\x1b[A\x1b[K".repeat(9)), true);
  assertEquals(stdout.text, "");
});

/** A progress that shows itself, begun after others that must not. */
class LoudProgress implements Disposable {
  readonly #screen = new Screen(true);
  readonly #progress = new Progress({
    quiet: false,
    stdout: captureOutput().output,
    stderr: this.#screen.output,
  }, { label: "loud", unit: "hosts", afterMs: 1 });

  get shown(): Promise<void> {
    return this.#screen.until(/loud/);
  }

  [Symbol.dispose](): void {
    this.#progress[Symbol.dispose]();
  }
}

/** Runs our program on a terminal of its own, and gives what that shows. */
async function onTerminal(line: string, env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await new Deno.Command("script", {
    args: [
      "--quiet",
      "--return",
      "--command",
      `deno run -A ${OFFLINE_FLAGS.join(" ")} main.ts ${line}`,
      "/dev/null",
    ],
    cwd: ROOT,
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: Deno.env.get("HOME") ?? "/", ...env },
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout).replaceAll("\r\n", "\n");
}

Deno.test("colours come to a terminal only, and not with NO_COLOR", async () => {
  const plain = "NAME  NUMBER  MEANING\ntcp   6       Transmission Control\n";
  assertEquals(await onTerminal("protocol tcp", { NO_COLOR: "1" }), plain);
  assertEquals(
    await onTerminal("protocol tcp"),
    plain.replace(/^(.*)\n/, "\x1b[1m$1\x1b[22m\n"),
  );
  assertEquals(
    await onTerminal("protocol nosuch"),
    '\x1b[31mnetwright: protocol:\x1b[39m there is no "nosuch"\n',
  );
  assertEquals(await onTerminal("protocol tcp | cat"), "tcp\t6\tTransmission Control\n");
});
