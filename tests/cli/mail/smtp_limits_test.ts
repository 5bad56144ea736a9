/** What `smtp send` does on servers that cannot take everything. */

import { assertEquals, assertMatch } from "@std/assert";
import { LineReader, systemNetwork, writeAll } from "../../../src/net/mod.ts";
import { netwright } from "../../support/netwright.ts";

/** A server with the given extensions that accepts everything and keeps it. */
class PlainServer implements AsyncDisposable {
  readonly #listener = systemNetwork().listen({ hostname: "127.0.0.1", port: 0 });
  readonly #serving: Promise<void>;
  readonly received: string[] = [];

  constructor(extensions: readonly string[]) {
    this.#serving = this.#serve(extensions);
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.#listener.addr as Deno.NetAddr).port}`;
  }

  async #serve(extensions: readonly string[]): Promise<void> {
    for await (const connection of this.#listener) {
      const lines = new LineReader(connection, { encoding: "latin1", maxLineBytes: 100_000 });
      const say = (text: string) => writeAll(connection, new TextEncoder().encode(`${text}\r\n`));
      await say("220 plain");
      let inText = false;
      for (let line; (line = await lines.readLine().catch(() => undefined)) !== undefined;) {
        this.received.push(line);
        if (inText && line !== ".") continue;
        const verb = line.split(" ")[0]!;
        const all = ["plain", ...extensions];
        const reply = verb === "EHLO"
          ? all.map((text, at) => `250${at === all.length - 1 ? " " : "-"}${text}`).join("\r\n")
          : verb === "DATA"
          ? "354 go on"
          : verb === "AUTH"
          ? "235 you are in"
          : verb === "QUIT"
          ? "221 bye"
          : "250 ok";
        inText = verb === "DATA";
        await say(reply);
        if (verb === "QUIT") break;
      }
      connection.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#serving.catch(() => {});
  }
}

const send = (server: PlainServer, stdin: string | Uint8Array, ...words: string[]) =>
  netwright(["smtp", "send", server.url, "--message", "-", ...words], { stdin });
const ADDRESSES = "From: a@b.c\nTo: d@e.f\n";

Deno.test("smtp send reports the size of a message from standard input, and that it is ASCII", async () => {
  await using server = new PlainServer(["SIZE 1000", "8BITMIME", "PIPELINING"]);
  assertEquals((await send(server, `${ADDRESSES}\nhi\n`)).code, 0);
  assertEquals(
    server.received.find((line) => line.startsWith("MAIL")),
    "MAIL FROM:<a@b.c> SIZE=30",
  );
  assertEquals((await send(server, `${ADDRESSES}\ngr\u00fcn\n`)).code, 0);
  assertMatch(server.received.findLast((line) => line.startsWith("MAIL"))!, / BODY=8BITMIME$/);
  const before = server.received.length;
  const large = await send(server, `${ADDRESSES}\n${"x".repeat(2000)}\n`);
  assertEquals(large.code, 1);
  assertMatch(large.stderr, /the message has 2028 bytes, the server takes 1000\n$/);
  assertEquals(server.received.slice(before).some((line) => line.startsWith("MAIL")), false);
});

Deno.test("smtp send sends no 8 bits to a server that does not take them (RFC 6152 §3)", async () => {
  await using server = new PlainServer(["PIPELINING"]);
  const { code, stderr } = await send(server, `${ADDRESSES}\ngr\u00fcn\n`);
  assertEquals(code, 1);
  assertMatch(stderr, /the server does not offer 8BITMIME, which a message of 8 bits needs\n$/);
  assertEquals(server.received.includes("DATA"), false);
});

Deno.test("smtp send encodes a header of UTF-8 for a server without SMTPUTF8", async () => {
  await using server = new PlainServer(["8BITMIME"]);
  const header = "From: J\u00f6rg <a@b.c>\nTo: d@e.f\nSubject: gr\u00fcn\n";
  const { code, stderr } = await send(server, `${header}\nhi\n`);
  assertEquals(code, 0, stderr);
  assertEquals(server.received.filter((line) => /^(?:From|Subject|To):/.test(line)), [
    "From: =?utf-8?q?J=C3=B6rg?= <a@b.c>",
    "To: d@e.f",
    "Subject: =?utf-8?q?gr=C3=BCn?=",
  ]);
  const odd = await send(server, "From: j\u00f6@b.c\nTo: d@e.f\nSubject: x\n\nhi\n");
  assertEquals(odd.code, 1);
  assertMatch(odd.stderr, /SMTPUTF8/);
});

Deno.test("smtp send reports NUL and lines that servers may refuse", async () => {
  await using server = new PlainServer([]);
  const { code, stderr } = await send(server, `${ADDRESSES}\n${"x".repeat(5000)}\0\n`);
  assertEquals(code, 0);
  assertMatch(stderr, /^the message holds NUL, .*\na line has 5001 bytes; .*over 998\n/);
});

Deno.test("smtp send asks for reports, and for TLS on the whole way", async () => {
  const message = `${ADDRESSES}\nhi\n`;
  const words = ["--dsn", "success,delay", "--dsn-return", "headers", "--dsn-id", "a+b c"];
  {
    await using server = new PlainServer(["DSN", "REQUIRETLS"]);
    assertEquals((await send(server, message, ...words, "--require-tls")).code, 0);
    const [mail, rcpt] = ["MAIL", "RCPT"].map((verb) =>
      server.received.find((line) => line.startsWith(verb))
    );
    assertEquals(mail, "MAIL FROM:<a@b.c> REQUIRETLS RET=HDRS ENVID=a+2Bb+20c");
    assertEquals(rcpt, "RCPT TO:<d@e.f> NOTIFY=SUCCESS,DELAY");
  }
  await using server = new PlainServer([]);
  for (const option of [words.slice(0, 2), words.slice(2, 4), words.slice(4), ["--require-tls"]]) {
    const { code, stderr } = await send(server, message, ...option);
    assertEquals(code, 1, option.join(" "));
    assertMatch(stderr, /does not offer (?:DSN|REQUIRETLS)|lacks|takes no/);
  }
});

Deno.test("smtp send logs in by an OAuth token, of a file or a program", async (t) => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/token`, "ya29.abc\nmore\n");
  await Deno.writeFile(`${folder}/latin1`, Uint8Array.of(0xfc, 10));
  assertEquals((await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output()).code, 0);
  const oauth = btoa("user=ann\x01auth=Bearer ya29.abc\x01\x01");
  await using server = new PlainServer(["AUTH PLAIN XOAUTH2"]);
  const message = `${ADDRESSES}\nhi\n`;
  const rows: readonly [words: string[], status: number, stderr: RegExp][] = [
    [["--token-file", `${folder}/token`], 0, /sent/],
    [["--token-command", `cat ${folder}/token`], 0, /sent/],
    [["--token-command", "false"], 1, /false: it ended with status 1\n$/],
    [["--token-command", "/no/such/program"], 1, /\/no\/such\/program: .*not found|no such file/],
    [["--token-command", "true"], 1, /true: its first line is empty\n$/],
    [["--token-command", "echo a b"], 1, /echo: its first line is not a token: it holds blanks,/],
    [["--token-command", "yes"], 1, /yes: it printed more than 65536 bytes after the first line\n/],
    [["--token-command", "cat /dev/zero"], 1, /cat: a line is longer than 16384 bytes\n$/],
    [["--token-command", "sleep 60", "--timeout", "0.3"], 1, /sleep: not done within 0\.3 s\n$/],
    [["--token-file", "/dev/zero"], 1, /\/dev\/zero: a line is longer than 16384 bytes\n$/],
    [["--token-file", `${folder}/pipe`, "--timeout", "0.3"], 1, /pipe: not done within 0\.3 s\n$/],
    [["--token-file", folder], 1, /: is a directory\n$/],
    [["--password-file", "/dev/null"], 1, /\/dev\/null: its first line is empty\n$/],
    [["--password-file", `${folder}/latin1`], 1, /latin1: its first line is not UTF-8\n$/],
    [["--token-file", `${folder}/token`, "--token-command", "x"], 2, /exclude each other\n$/],
  ];
  for (const [words, status, stderr] of rows) {
    await t.step(words.join(" ").replaceAll(folder, ""), async () => {
      const { length } = server.received;
      const ended = await send(server, message, "--user", "ann", ...words);
      assertEquals(ended.code, status, ended.stderr);
      assertMatch(ended.stderr, stderr);
      const auth = server.received.slice(length).find((line) => line.startsWith("AUTH"));
      assertEquals(auth, status === 0 ? `AUTH XOAUTH2 ${oauth}` : undefined);
    });
  }
  await t.step("a mechanism that requires a token", async () => {
    const env = { NETWRIGHT_PASSWORD: "secret" };
    const ended = await netwright(
      ["smtp", "send", server.url, "-m", "-", "--user", "ann", "--auth", "XOAUTH2"],
      { stdin: message, env },
    );
    assertEquals(ended.code, 1);
    assertMatch(ended.stderr, /XOAUTH2 requires a token\n$/);
  });
  await Deno.remove(folder, { recursive: true });
});
