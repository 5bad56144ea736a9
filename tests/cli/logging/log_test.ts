/** `log`, `serve syslog` and `serve --log` as processes. */

import { assertEquals, assertMatch } from "@std/assert";
import { certificates } from "../../support/certificates.ts";
import { flagsOf, netwright, OFFLINE_FLAGS, ROOT, serve } from "../../support/netwright.ts";
import { inFolder } from "../../support/trees.ts";

Deno.test("what makes no sense is status 2 and one line", async (t) => {
  const rows: readonly (readonly [words: readonly string[], text: RegExp])[] = [
    [["log", "--to", "a.example", "x"], /is not a collector/],
    [["log", "--to", "udp://a:0", "x"], /port 0/],
    [["log", "-p", "x", "x"], /--priority takes/],
    [["log", "-t", "a b", "x"], /--tag takes a word/],
    [["log", "--to", "udp://a", "--lines", "x"], /--lines is for/],
    [["log", "--to", "udp://a", "--socket", "/x", "x"], /--socket is for a UNIX socket/],
    [["log", "--msgid", "x", "x"], /requires --form rfc5424/],
    [["log", "--to", "udp://a", "--data", "a b=c d", "--data", "=", "x"], /--data takes/],
    [["log", "--id", "--process", "1", "x"], /exclude each other/],
    [["log", "--to", "udp://a", "--ca", "x", "x"], /--ca is for tls/],
    [["serve", "echo", "--log", "x"], /--log takes/],
    [["serve", "echo", "--log", "file:"], /--log takes/],
    [["serve", "echo", "--log", "syslog+udp://a", "--log-facility", "x"], /--log-facility takes/],
    [["serve", "echo", "--log-facility", "mail"], /is for --log syslog/],
    [["serve", "syslog", "--form", "x"], /--form takes/],
  ];
  for (const [words, text] of rows) {
    await t.step(words.join(" "), async () => {
      const { code, stdout, stderr } = await netwright(words);
      assertEquals([code, stdout], [2, ""], stderr);
      assertMatch(stderr, text);
    });
  }
});

/** The collector's lines without their times. */
function withoutTime(line: string | undefined): string | undefined {
  return line?.replace(/^\S+ /, "");
}

Deno.test("messages over UDP, TCP and a UNIX socket arrive as they were sent", async () => {
  await inFolder(async (folder) => {
    const fields = ["-p", "mail.err", "-t", "backup", "--process", "7", "--host", "h.example"];
    for (
      const [listen, scheme] of [
        [["--udp", "--listen", "127.0.0.1:0"], "udp://"],
        [["--listen", "127.0.0.1:0"], "tcp://"],
        [["--udp", "--listen", `unix:${folder}/log`], ""],
        [["--listen", `unix:${folder}/stream`], "stream"],
      ] as const
    ) {
      await using collector = await serve(["syslog", ...listen, "-q"]);
      const { endpoint } = collector;
      const to = scheme === "stream"
        ? endpoint.replace("unix:", "unix+stream:")
        : scheme + endpoint;
      const own = endpoint.startsWith("unix:") && scheme === ""
        ? ["--socket", `${folder}/own`]
        : [];
      const words = ["log", "--to", to, ...own, ...fields];
      const sent = await netwright([...words, "disk is", "full\u001b[1m"]);
      assertEquals([sent.code, sent.stdout, sent.stderr], [0, "", ""], to);
      assertEquals(
        withoutTime(await collector.line()),
        "h.example backup[7] mail.err: disk is full#033[1m",
      );
      // In place, under exactly the flags that are printed.
      const { stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--no-prompt",
          ...OFFLINE_FLAGS,
          ...await flagsOf(words),
          "main.ts",
          ...words,
          "x",
        ],
        cwd: ROOT,
        env: { NO_COLOR: "1" },
      }).output();
      assertEquals(new TextDecoder().decode(stderr), "", to);
      assertEquals(withoutTime(await collector.line()), "h.example backup[7] mail.err: x");
    }
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(names.filter((name) => name === "own"), []);
  });
});

Deno.test("lines of standard input, over TLS, as JSON", async () => {
  await inFolder(async (folder) => {
    const { ca, server } = await certificates();
    const files = { ca, cert: server.cert, key: server.key };
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    await using collector = await serve([
      ...["syslog", "--listen", "127.0.0.1:0", "--form", "json", "-q"],
      ...["--tls-cert", `${folder}/cert`, "--tls-key", `${folder}/key`],
    ]);
    const words = ["log", "--to", `tls://${collector.endpoint}`, "--data", 'a@1 k="x y]" z=1'];
    const untrusted = await netwright([...words, "x"]);
    assertEquals(untrusted.code, 1);
    assertMatch(untrusted.stderr, /certificate/);
    const { code, stderr } = await netwright([...words, "--ca", `${folder}/ca`, "--msgid", "K"], {
      stdin: "one\ntwo",
    });
    assertEquals([code, stderr], [0, ""]);
    const lines = [await collector.line(), await collector.line()].map((line) => JSON.parse(line!));
    assertEquals(lines.map(({ text }) => text), ["one", "two"]);
    assertEquals(lines[0].data, [{ id: "a@1", parameters: [["k", "x y]"], ["z", "1"]] }]);
    assertEquals([lines[0].id, lines[0].app, lines[0].facility], ["K", "netwright", "user"]);
  });
});

Deno.test("a message that is too long, and a collector that is not there", async () => {
  const { code, stderr } = await netwright(["log", "--to", "udp://127.0.0.1:9", "x".repeat(9000)]);
  assertEquals(code, 1);
  assertMatch(stderr, /log: 127\.0\.0\.1:9: the message has 90\d\d bytes, more than 8192\n$/);
  const nobody = await netwright(["log", "--to", "unix:/tmp/netwright-none/log", "x"]);
  assertEquals(nobody.code, 1);
  assertMatch(nobody.stderr, /no such socket\n$/);
});

Deno.test("the file of a collector: rotated, and made anew after a move", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/all.log`;
    await using collector = await serve([
      ...["syslog", "--listen", "127.0.0.1:0", "-q", "--form", "raw"],
      ...["--file", file, "--rotate", "300", "--keep", "2"],
    ]);
    const words = ["log", "--to", `tcp://${collector.endpoint}`, "--host", "a"];
    for (const text of ["1", "2", "3"]) {
      await netwright([...words, text.repeat(150)]);
      await written(file, text.repeat(150));
    }
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assertEquals(names, ["all.log", "all.log.1", "all.log.2"]);
    await Deno.rename(file, `${folder}/moved`);
    await netwright([...words, "after"]);
    await written(file, "after");
    await netwright([...words, "last"]);
    assertEquals((await collector.stop("SIGTERM")).code, 0);
    assertMatch(await Deno.readTextFile(file), /after\n.* last\n$/);
  });
});

Deno.test("serve --log: to a file, and to a collector by UDP, each event with its severity", async () => {
  await inFolder(async (folder) => {
    await using collector = await serve(["syslog", "--udp", "--listen", "127.0.0.1:0", "-q"]);
    const targets = [`file:${folder}/events.log`, `syslog+udp://${collector.endpoint}`];
    for (const target of targets) {
      const words = ["daytime", "--listen", "127.0.0.1:0", "--log", target];
      await using server = await serve([...words, "--max-connections", "1"]);
      await netwright(["daytime", server.endpoint]);
      const { code } = await server.stop("SIGTERM");
      assertEquals([code, await server.stderr], [0, ""]);
    }
    const lines = (await Deno.readTextFile(`${folder}/events.log`)).trimEnd().split("\n");
    assertMatch(lines[0]!, /^2\d{3}-\S+Z daytime connected 127\.0\.0\.1:\d+$/);
    assertMatch(lines.at(-1)!, /daytime stopped \(1 connections served\)$/);
    assertMatch(
      await collector.line() ?? "",
      /^\S+Z \S+ netwright\[\d+\] daemon\.info: daytime connected 127\.0\.0\.1:\d+$/,
    );
  });
});

async function written(file: string, text: string): Promise<void> {
  const end = performance.now() + 10_000;
  while (performance.now() < end) {
    if ((await Deno.readTextFile(file).catch(() => "")).includes(text)) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`${text} was not written`);
}
