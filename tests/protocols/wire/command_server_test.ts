import { assertEquals, assertInstanceOf } from "@std/assert";
import {
  type Connection,
  LimitError,
  memoryNetwork,
  readToEnd,
  TimeoutError,
  writeAll,
} from "../../../src/net/mod.ts";
import { CommandSession, serveCommands, Transcript } from "../../../src/protocols/wire/mod.ts";

interface Talk {
  readonly outcome: unknown;
  readonly answers: string[];
  readonly transcript: string[];
}

/** Replies of a server with the verbs NOOP, PASS and QUIT. */
async function talk(
  input: string | ((client: Connection) => Promise<void>),
  options: {
    readonly timeoutMs?: number;
    readonly sessionTimeoutMs?: number;
    readonly open?: boolean;
  } = {},
): Promise<Talk> {
  const network = memoryNetwork({ maxReadBytes: 900 });
  using listener = network.listen({ port: 25 });
  const accepted = listener.accept();
  using client = await network.connect({ port: 25 });
  using server = await accepted;
  const lines: string[] = [];
  const transcript = new Transcript((speaker, text) => lines.push(`${speaker}: ${text}`));
  const serving = (async () => {
    using session = new CommandSession(server, {
      style: "smtp",
      maxLineBytes: 100,
      transcript,
      timeoutMs: options.timeoutMs,
      sessionTimeoutMs: options.sessionTimeoutMs,
    });
    try {
      return await serveCommands(session, {
        maxErrors: 3,
        verbs: {
          NOOP: () => session.reply(250, "ok"),
          PASS: (password) =>
            session.reply(230, `${password.validate((text) => text.length)} characters`),
          FAIL: () => Promise.reject(new TypeError("a programming error")),
          QUIT: async () => {
            await session.reply(221, "bye");
            return "quit";
          },
        },
        onError: (error) => lines.push(`error: ${(error as Error).message}`),
      });
    } finally {
      server.close();
    }
  })().catch((error) => error);
  const answers = readToEnd(client).then((bytes) => new TextDecoder().decode(bytes));
  if (typeof input === "string") {
    await writeAll(client, new TextEncoder().encode(input)).catch(() => {});
    if (options.open !== true) await client.closeWrite();
  } else await input(client).catch(() => {});
  return {
    outcome: await serving,
    answers: (await answers.catch(() => "")).split("\r\n").slice(0, -1),
    transcript: lines,
  };
}

Deno.test("serveCommands() answers by its table", async () => {
  const { outcome, answers, transcript } = await talk(
    "noop\r\n  NoOp \nPASS a b\r\nQUIT\r\nNOOP\r\n",
  );
  assertEquals([outcome, answers], ["quit", ["250 ok", "250 ok", "230 3 characters", "221 bye"]]);
  assertEquals(transcript.filter((line) => line.startsWith("C:")), [
    "C: noop",
    "C:   NoOp ",
    "C: PASS ********",
    "C: QUIT",
  ]);
});

Deno.test("serveCommands() bears some mistakes, not many", async (t) => {
  const no = "500 unknown command";
  const enough = "421 too many errors";
  const cases: readonly [name: string, input: string, outcome: string, answers: string[]][] = [
    ["an end without QUIT", "NOOP\r\n", "end", ["250 ok"]],
    ["a verb that every object has", "constructor\r\n__proto__\r\n", "end", [no, no]],
    ["an empty line", "\r\nNOOP\r\n", "end", [no, "250 ok"]],
    ["unknown verbs", "A\r\nB\r\nNOOP\r\nC\r\nD\r\nNOOP\r\n", "too many errors", [
      no,
      no,
      "250 ok",
      no,
      enough,
    ]],
    ["a line too long", `${"x".repeat(5000)}\r\nNOOP\r\n`, "end", ["500 line too long", "250 ok"]],
    ["lines too long", `${"x".repeat(200)}\r\n`.repeat(9), "too many errors", [
      ...Array.from({ length: 3 }, () => "500 line too long"),
      enough,
    ]],
  ];
  for (const [name, input, outcome, answers] of cases) {
    await t.step(name, async () => {
      const result = await talk(input);
      assertEquals([result.outcome, result.answers], [outcome, answers]);
    });
  }
});

Deno.test("serveCommands() ends sessions that never end", async (t) => {
  await t.step("a line", async () => {
    const { outcome } = await talk(async (client) => {
      for (let i = 0; i < 10_000; i++) await writeAll(client, new Uint8Array(1000).fill(65));
    });
    assertInstanceOf(outcome, LimitError);
  });
  await t.step("silence", async () => {
    const { outcome } = await talk("NOOP\r\n", { timeoutMs: 30, open: true });
    assertInstanceOf(outcome, TimeoutError);
  });
  await t.step("a session of many commands", async () => {
    let over = false;
    const { outcome } = await talk(async (client) => {
      while (!over) {
        await writeAll(client, new TextEncoder().encode("NOOP\r\n"));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }, { sessionTimeoutMs: 40 }).finally(() => over = true);
    assertInstanceOf(outcome, TimeoutError);
  });
});

Deno.test("an unexpected error of a verb is a reply, reported with its cause, and the session continues", async () => {
  const { answers, transcript, outcome } = await talk("FAIL\r\nNOOP\r\nQUIT\r\n");
  assertEquals([answers, outcome], [["451 local error", "250 ok", "221 bye"], "quit"]);
  assertEquals(transcript.filter((line) => line.startsWith("error")), [
    "error: a programming error",
  ]);
});

Deno.test("an HTTP request ends the session at once, before its body is read", async () => {
  for (const method of ["GET", "POST", "PUT", "OPTIONS", "PRI", "DELETE"]) {
    const { answers, outcome } = await talk(
      `${method} / HTTP/1.1\r\nHost: a\r\n\r\nNOOP\r\nQUIT\r\n`,
    );
    assertEquals([answers, outcome], [["421 This is not an HTTP server."], "http"], method);
  }
});

Deno.test("white space of Unicode is text, and letters beyond ASCII make no verb", async () => {
  for (const line of ["\u00a0NOOP", "NOOP\u00a0", "\ufeffNOOP", "\u2003NOOP", "NO\u017fP"]) {
    const { answers } = await talk(`${line}\r\nQUIT\r\n`);
    assertEquals(answers, ["500 unknown command", "221 bye"], JSON.stringify(line));
  }
});
