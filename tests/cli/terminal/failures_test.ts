/** Bad input: one clear line, the right status, nothing on standard output, no trace. */

import { assertEquals, assertMatch } from "@std/assert";
import { netwright, serve, startNetwright } from "../../support/netwright.ts";

const CASES: readonly [words: string[], status: number, stderr: RegExp][] = [
  [["ecko"], 2, /unknown command "ecko"; did you mean "echo"\?/],
  [["echo", "127.0.0.1:70000"], 2, /echo: port 70000 is out of range/],
  [
    ["echo", "127.0.0.1:7", "--massage", "x"],
    2,
    /unknown option "--massage"; did you mean --message/,
  ],
  [["echo"], 2, /HOST\[:PORT\] is missing/],
  [["fpt", "get", "x"], 2, /unknown command "fpt"; did you mean "ftp"\?/],
  [["--nosuch"], 2, /unknown option "--nosuch"; netwright --help lists commands/],
  [["serve", "http", "--port", "80"], 2, /unknown option "--port"; use --listen HOST:PORT/],
  [["pipe", "127.0.0.1:1", "ls"], 2, /"ls" is one operand too many; write -- before PROGRAM/],
  [["netmask", "10.0.0.1"], 2, /a mask is missing, as in 10\.0\.0\.1\/24/],
  [["ftp", "mirror", "ftp://h.example/"], 2, /DIR is missing/],
  [["ftp", "put", "a"], 2, /ftp put: URL is missing/],
  [["ftp", "get", "ftp://h.example/sub/"], 2, /a folder: --recursive downloads it/],
  [["ftp", "get", "h.example:21/a"], 2, /a path requires a scheme: "ftp:\/\/h\.example:21\/a"/],
  [["serve", "daytime", "--client-rate", "3"], 2, /--client-rate is for datagrams/],
  [["serve", "smtp", "--maildir", "/nosuch/mail"], 1, /serve: \/nosuch\/mail: no such file/],
  [["echo", "nosuch.invalid:7", "--message", "x"], 1, /nosuch\.invalid:7: name not found/],
  [["echo", "127.0.0.1:1", "--message", "x"], 1, /127\.0\.0\.1:1: connection refused/],
  [["serve", "ecco"], 2, /unknown service "ecco"; did you mean "echo"\?/],
  [["eliza", "--script", "/nosuch.yaml"], 1, /eliza: \/nosuch\.yaml: /],
  [["eliza", "--script", "deno.lock"], 2, /eliza: deno\.lock: keywords must be a list/],
  [["eliza", "--script", "README.md"], 2, /eliza: README\.md:\d+:\d+: /],
  [
    ["serve", "eliza", "-l", "127.0.0.1:0", "--script", "README.md"],
    2,
    /serve: README\.md:\d+:\d+: /,
  ],
  [
    ["serve", "http", "-l", "127.0.0.1:0", "--root", "/nosuch"],
    1,
    /serve: \/nosuch: no such file or directory/,
  ],
  [
    ["serve", "echo", "-l", "127.0.0.1:0", "--model", "prefork", "--max-per-client", "2"],
    2,
    /serve: --max-per-client is for models without a pool/,
  ],
  [["ftp", "rm", "ftp://h.example/\ufffd"], 2, /an argument is not UTF-8/],
  [["tour", "99"], 2, /no row of the tour has the id "99"/],
];

Deno.test("bad input is reported in one line", async (t) => {
  for (const [words, status, stderr] of CASES) {
    await t.step(words.join(" "), async () => {
      const ended = await netwright(words);
      assertEquals([ended.code, ended.stdout], [status, ""]);
      assertMatch(ended.stderr, new RegExp(`^netwright: .*${stderr.source}.*\\n$`));
    });
  }
});

Deno.test("echo says so when no answer comes in time", async () => {
  await using server = await serve(["discard", "--listen", "127.0.0.1:0"]);
  const ended = await netwright(["echo", server.endpoint, "--message", "x", "--timeout", "0.2"]);
  assertEquals([ended.code, ended.stdout], [1, ""]);
  assertMatch(ended.stderr, /^netwright: echo: 127\.0\.0\.1:\d+: no answer for 0\.2 s\n$/);
});

Deno.test("echo takes a line of 10 MB there and back", async () => {
  await using server = await serve(["echo", "--listen", "127.0.0.1:0"]);
  const line = "x".repeat(10_000_000) + "\n";
  const ended = await netwright(["echo", server.endpoint], { stdin: line });
  assertEquals(ended.code, 0, ended.stderr);
  assertEquals(ended.stdout === line, true);
});

Deno.test("Control-C ends echo while it waits for standard input", async () => {
  await using server = await serve(["echo", "--listen", "127.0.0.1:0"]);
  await using client = startNetwright(["echo", server.endpoint]);
  const writer = client.child.stdin.getWriter();
  await writer.write(new TextEncoder().encode("one\n"));
  assertEquals(await client.line(), "one");
  assertEquals((await client.stop("SIGINT")).code, 130);
  assertEquals(await client.stderr, "");
  writer.releaseLock();
});

Deno.test("Control-C ends a server within a second though a client is connected", async () => {
  await using server = await serve(["echo", "--listen", "127.0.0.1:0", "--quiet"]);
  const [hostname = "", port] = server.endpoint.split(":");
  using connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(Uint8Array.of(1));
  await connection.read(new Uint8Array(1));
  const start = performance.now();
  assertEquals((await server.stop("SIGINT")).code, 0);
  assertEquals(performance.now() - start < 1000, true);
  assertEquals(await server.stderr, "");
});

Deno.test("a wrong grant is refused before anything is sent", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const words = ["echo", `127.0.0.1:${listener.addr.port}`, "--message", "x"];
  const ended = await netwright(words, { flags: ["--allow-net=127.0.0.1:1"] });
  assertEquals([ended.code, ended.stdout], [3, ""]);
  assertMatch(ended.stderr, new RegExp(`--allow-net=127\\.0\\.0\\.1:${listener.addr.port}`));
  // The backlog is empty: our own connection is the first that is accepted.
  const own = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
  const first = await listener.accept();
  assertEquals(first.remoteAddr.port, own.localAddr.port);
  first.close();
  own.close();
});

Deno.test("localtime of a zone that no one knows fails, and of the others does not", async () => {
  await using server = await serve(["localtime", "--listen", "127.0.0.1:0"]);
  const words = ["localtime", "--server", server.endpoint, "Nope/Where", "UTC"];
  const { code, stdout, stderr } = await netwright(words);
  assertEquals([code, stderr], [
    4,
    "netwright: localtime: no such time zone: Nope/Where\n",
  ]);
  assertEquals(stdout.startsWith("UTC\t"), true);
});

Deno.test({
  name: "a full disk behind standard output is reported in one line",
  ignore: Deno.build.os !== "linux",
  async fn(t) {
    for (const words of [["mime", "tree", "--help"], ["--version"], ["service", "http"]]) {
      await t.step(words.join(" "), async () => {
        const { code, stderr } = await netwright(words, { output: "/dev/full" });
        assertEquals(code, 1);
        assertMatch(stderr, /^netwright:(?: [\w ]+:)? standard output: no space left on device\n$/);
      });
    }
  },
});

Deno.test("a wrong option leaves the file of a dead server's socket alone", async () => {
  const folder = await Deno.makeTempDir({ prefix: "netwright-" });
  try {
    const path = `${folder}/stale`;
    const dead = Deno.listen({ transport: "unix", path: `${path}.new` });
    await Deno.rename(`${path}.new`, path);
    dead.close();
    const rows = [
      ["wrap", "--columns", "1"],
      ["wrap", "--columns", "1", "--model", "prefork"],
      ["wrap", "--columns", "1", "--model", "thread"],
      ["http", "--root", `${folder}/none`],
      ["echo", "--model", "prefork", "--idle-min", "x"],
      ["daytime", "--socket-mode", "9"],
    ];
    for (const words of rows) {
      const { code } = await netwright(["serve", ...words, "--listen", `unix:${path}`]);
      assertEquals([words, code], [words, words[0] === "http" ? 1 : 2]);
      assertEquals((await Deno.lstat(path)).isSocket, true, words.join(" "));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("models with Workers are refused at start where there are too few descriptors", async (t) => {
  for (const model of ["thread", "prethread"]) {
    await t.step(model, async () => {
      const words = ["serve", "daytime", "--listen", "127.0.0.1:0", "--model", model];
      const { code, stdout, stderr } = await netwright(words, { descriptors: 48 });
      assertEquals([code, stdout], [1, ""], stderr);
      assertMatch(stderr, /too few file descriptors are left .*ulimit -n 256 or more.*\n$/);
    });
  }
});
