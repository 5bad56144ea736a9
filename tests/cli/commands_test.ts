/** Every command as a process, then in place under exactly the flags that it asks for, then with one less. */

import { assertEquals, assertMatch } from "@std/assert";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { flagsOf, netwright, type Running, serve } from "../support/netwright.ts";

interface Row {
  /** The command line; `@echo` and the like stand for a server's endpoint. */
  readonly words: readonly string[];
  readonly stdin?: string;
  readonly stdout: RegExp;
  readonly stderr?: RegExp;
}

const NOTHING = /^$/;
const ROWS: Readonly<Record<string, Row>> = {
  chargen: { words: ["chargen", "@chargen", "--bytes", "74"], stdout: /^!"#.*\r\n$/ },
  daytime: { words: ["daytime", "@daytime"], stdout: /^\w+, \w+ \d+, \d{4} \d\d:\d\d:\d\d-UTC\n$/ },
  discard: { words: ["discard", "@discard"], stdin: "abc", stdout: /^3 bytes sent in .*\n$/ },
  echo: {
    words: ["echo", "@echo"],
    stdin: "one\ntwo\n",
    stdout: /^one\ntwo\n$/,
    stderr: /10 bytes sent, 10 received, round trip min\/median\/max [\d.\/]+ ms\n$/,
  },
  finger: { words: ["finger", "@@finger"], stdout: /\S/ },
  gab: { words: ["gab", "@echo"], stdin: "hello\n", stdout: /^hello\n$/ },
  help: { words: ["help", "echo"], stdout: /^netwright echo: / },
  interfaces: { words: ["interfaces"], stdout: /127\.0\.0\.1/ },
  line: { words: ["line", "@daytime"], stdout: /-UTC\n$/ },
  netmask: { words: ["netmask", "/20", "192.0.2.77"], stdout: /network +192\.0\.0\.0\n/ },
  ping: { words: ["ping", "127.0.0.1", "--count", "1"], stdout: /127\.0\.0\.1.*ms/s },
  pipe: { words: ["pipe", "--receive", "@daytime", "--", "cat"], stdout: /-UTC\r?\n$/ },
  protocol: { words: ["protocol", "tcp"], stdout: /^tcp\s+6/ },
  qotd: { words: ["qotd", "@qotd"], stdout: /\S/ },
  ref: { words: ["ref", "errors", "ECONNREFUSED"], stdout: /ECONNREFUSED/ },
  resolve: { words: ["resolve", "localhost"], stdout: /127\.0\.0\.1/ },
  serve: { words: ["serve", "echo", "--listen", "127.0.0.1:0"], stdout: /^listening on / },
  service: { words: ["service", "smtp"], stdout: /25\/tcp|smtp\s+25/ },
  sockets: { words: ["sockets"], stdout: /127\.0\.0\.1:/ },
  time: { words: ["time", "@time"], stdout: /^\d{4}-\d\d-\d\dT.*Z/ },
  tour: { words: ["tour", "3.3"], stdout: /1 of 1 rows passed\n$/ },
  trace: { words: ["trace", "127.0.0.1"], stdout: /127\.0\.0\.1/ },
};

Deno.test("the table has a row for each command", () => {
  assertEquals(Object.keys(ROWS), COMMANDS.map(({ name }) => name));
});

Deno.test("each command runs sandboxed and in place, and refuses with one flag less", async (t) => {
  await using servers = new AsyncDisposableStack();
  const endpoints = new Map<string, string>();
  for (const service of ["chargen", "daytime", "discard", "echo", "finger", "qotd", "time"]) {
    const server = servers.use(await serve([service, "--listen", "127.0.0.1:0"]));
    endpoints.set(service, server.endpoint);
  }
  for (const [name, row] of Object.entries(ROWS)) {
    if (name === "serve") continue;
    const words = row.words.map((word) =>
      word.replace(/^@(@?)(\w+)$/, (_, at, service) => `${at}${endpoints.get(service)}`)
    );
    await t.step(name, () => runAllWays(words, row));
  }
});

async function runAllWays(words: readonly string[], row: Row): Promise<void> {
  const options = { stdin: row.stdin ?? "" };
  const sandboxed = await netwright(words, options);
  assertEquals(sandboxed.code, 0, sandboxed.stderr);
  assertMatch(sandboxed.stdout, row.stdout);
  assertMatch(sandboxed.stderr, row.stderr ?? NOTHING);
  const flags = await flagsOf(words);
  const inPlace = await netwright(words, { ...options, flags });
  assertEquals(inPlace.code, 0, `${flags.join(" ")}\n${inPlace.stderr}`);
  assertMatch(inPlace.stdout, row.stdout);
  assertMatch(inPlace.stderr, row.stderr ?? NOTHING);
  for (const flag of flags) {
    const less = await netwright(words, { ...options, flags: flags.filter((f) => f !== flag) });
    assertEquals([less.code, less.stdout], [3, ""]);
    const kind = /^--allow-\w+/.exec(flag)![0];
    assertMatch(less.stderr, new RegExp(`^netwright: \\w+: [^\\n]*${kind}[^\\n]*\\n$`));
  }
}

Deno.test("serve runs sandboxed and in place until it is told to end", async (t) => {
  const words = ROWS.serve!.words;
  const flags = await flagsOf(words);
  for (const [name, options] of [["sandboxed", {}], ["in place", { flags }]] as const) {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      await t.step(`${name}, ended by ${signal}`, async () => {
        await using server: Running = await serve(words.slice(1), options);
        const start = performance.now();
        assertEquals((await server.stop(signal)).code, 0);
        assertEquals(performance.now() - start < 1000, true, "took longer than a second");
        assertMatch(await server.stderr, /^\S+ echo shutdown .*\n\S+ echo stopped .*\n$/);
      });
    }
  }
  const less = await netwright(words, { flags: [] });
  assertEquals([less.code, less.stdout], [3, ""]);
});
