import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import {
  type Connection,
  DisconnectedError,
  InjectionError,
  LimitError,
  LineReader,
  memoryNetwork,
  type MemoryNetworkOptions,
  type NetwrightError,
  ProtocolError,
  ReplyError,
  TimeoutError,
  writeAll,
} from "../../../src/net/mod.ts";
import {
  command,
  CommandChannel,
  type CommandChannelOptions,
  type ReplyStyle,
} from "../../../src/protocols/wire/mod.ts";

const encoder = new TextEncoder();

/** A hostile server's behaviour after the connection; it may end when the client hangs up. */
type Act = (server: Connection) => Promise<void>;

const say = (text: string): Act => async (server) => {
  await writeAll(server, encoder.encode(text));
};

/** Says something for ever, until the client has enough. */
const flood = (first: string, again: string): Act => async (server) => {
  await writeAll(server, encoder.encode(first));
  for (let i = 0; i < 100_000; i++) await writeAll(server, encoder.encode(again));
  throw new Error("the client took everything");
};

const then = (...acts: readonly Act[]): Act => async (server) => {
  for (const act of acts) await act(server);
};

/** Says the first text at once, and each next one after a command. */
const answer = (...texts: readonly string[]): Act => async (server) => {
  const commands = new LineReader(server);
  for (const [index, text] of texts.entries()) {
    if (index > 0) await commands.readLine();
    await writeAll(server, encoder.encode(text));
  }
};

const hangUp: Act = (server) => {
  server.close();
  return Promise.resolve();
};

interface Case {
  readonly name: string;
  readonly act: Act;
  // deno-lint-ignore no-explicit-any
  readonly error: abstract new (...args: any[]) => NetwrightError;
  readonly says: RegExp;
  readonly style?: ReplyStyle;
  readonly faults?: MemoryNetworkOptions;
}

const CASES: readonly Case[] = [
  {
    name: "an endless line",
    act: flood("220 ", "x".repeat(1000)),
    error: LimitError,
    says: /line is longer than 8192 bytes/,
  },
  {
    name: "an endless reply",
    act: flood("", "220-more\r\n"),
    error: LimitError,
    says: /more than 1000 lines/,
  },
  {
    name: "an endless reply of FTP",
    act: flood("220-\r\n", `${"y".repeat(8000)}\r\n`),
    error: LimitError,
    says: /longer than 262144 bytes/,
    style: "ftp",
  },
  {
    name: "a code that changes within the reply",
    act: say("220-a\r\n550 b\r\n"),
    error: ProtocolError,
    says: /malformed reply: "550 b"/,
  },
  {
    name: "a NUL for a code",
    act: say("2\x000 ready\r\n"),
    error: ProtocolError,
    says: /malformed reply: "2\\x000 ready"/,
  },
  {
    name: "a line without its end",
    act: then(say("220 ready"), hangUp),
    error: DisconnectedError,
    says: /middle of a line/,
  },
  {
    name: "a reply without its end",
    act: then(say("220-ready\r\n"), hangUp),
    error: DisconnectedError,
    says: /ended within a reply/,
  },
  {
    name: "an early close",
    act: hangUp,
    error: DisconnectedError,
    says: /closed the connection instead of answering/,
  },
  {
    name: "a reset within the greeting",
    act: say("220 ready\r\n"),
    error: DisconnectedError,
    says: /reset by the peer/,
    faults: { toClient: { resetAfterBytes: 5 } },
  },
  {
    name: "garbage before the greeting",
    act: say("\x16\x03\x01\x02\x00\x01\x00\r\n220 ready\r\n"),
    error: ProtocolError,
    says: /malformed reply: "\\x16/,
  },
  {
    name: "the greeting of another protocol",
    act: say("SSH-2.0-OpenSSH_9.2\r\n"),
    error: ProtocolError,
    says: /malformed reply: "SSH-2.0/,
  },
  {
    name: "a terminal escape",
    act: say("\x1b]0;owned\x07\r\n"),
    error: ProtocolError,
    says: /"\\x1b\]0;owned\\x07"/,
  },
  {
    name: "silence",
    act: () => Promise.resolve(),
    error: TimeoutError,
    says: /no answer for 0.05 s/,
  },
  {
    name: "silence within a line",
    act: say("220 re"),
    error: TimeoutError,
    says: /no answer for 0.05 s/,
  },
];

async function meet(
  { act, style = "smtp", faults = {}, ...options }:
    & Pick<Case, "act" | "style" | "faults">
    & Pick<CommandChannelOptions, "onUnsolicited">,
  talk: (channel: CommandChannel) => Promise<void>,
): Promise<void> {
  const network = memoryNetwork(faults);
  using listener = network.listen({ port: 25 });
  const accepted = listener.accept();
  const client = await network.connect({ port: 25 });
  using server = await accepted;
  const acting = act(server).catch((error) => {
    if (String(error).includes("took everything")) throw error;
  });
  {
    using channel = new CommandChannel(client, {
      style,
      timeoutMs: 50,
      peer: "host:25",
      ...options,
    });
    await talk(channel);
    assert(channel.state === "closed" || channel.state === "ready");
  }
  await acting;
}

Deno.test("CommandChannel meets a hostile server with one clear error", async (t) => {
  for (const { name, error, says, ...rest } of CASES) {
    await t.step(name, async () => {
      await meet(rest, async (channel) => {
        const caught = await channel.expect([220], "greet").catch((error) => error);
        assertInstanceOf(caught, error);
        assert(says.test(caught.message), caught.message);
        assertEquals(caught.peer, "host:25");
        assertEquals(channel.state, "closed");
        const again = await channel.send(command`NOOP`).catch((error) => error);
        assertInstanceOf(again, DisconnectedError);
      });
    });
  }
});

Deno.test("CommandChannel reads replies that come a byte at a time", async () => {
  const faults = { toClient: { maxReadBytes: 1, delayMs: 0.01 } };
  const act = answer("220-first\r\n220 second\r\n", "250 ok\r\n");
  await meet({ act, faults }, async (channel) => {
    const { lines } = await channel.expect([220], "greet");
    assertEquals(lines.map((line) => line.forDisplay()), ["first", "second"]);
    assertEquals((await channel.send(command`NOOP`)).code, 250);
  });
});

Deno.test("CommandChannel stays usable after a refusal", async () => {
  await meet({ act: answer("220 hi\r\n", "550 no\r\n", "250 yes\r\n") }, async (channel) => {
    await channel.expect([220], "greet");
    const refused = await channel.send(command`VRFY ${"ann"}`).catch((error) => error);
    assertInstanceOf(refused, ReplyError);
    assertEquals([refused.code, refused.lines.map((line) => line.forDisplay())], [
      550,
      ["no"],
    ]);
    assertEquals((await channel.send(command`NOOP`)).code, 250);
  });
});

Deno.test("CommandChannel takes nothing that was said unasked for the reply to a command", async () => {
  const act = say("220 hi\r\n250 you have won\r\n421 bye\r\n");
  await meet({ act }, async (channel) => {
    await channel.expect([220], "greet");
    const error = await channel.send(command`NOOP`).catch((error) => error);
    assertInstanceOf(error, ProtocolError);
    assert(/unasked: 250 you have won/.test(error.message), error.message);
    assertEquals(channel.state, "closed");
  });
  const received: (number | string)[] = [];
  const answered = answer("220 hi\r\n421 soon\r\n", "250 ok\r\n");
  await meet(
    { act: answered, onUnsolicited: ({ code }) => received.push(code) },
    async (channel) => {
      await channel.expect([220], "greet");
      assertEquals((await channel.send(command`NOOP`)).code, 250);
    },
  );
  assertEquals(received, [421]);
});

Deno.test("CommandChannel pipelines, and does one thing at a time", async () => {
  const act = answer("220 hi\r\n", "250 a\r\n550 b\r\n", "", "250 c\r\n");
  await meet({ act }, async (channel) => {
    await channel.expect([220], "greet");
    const first = channel.pipeline([command`A`, command`B`, command`C`]);
    const second = await channel.send(command`NOOP`).catch((error) => error);
    assertInstanceOf(second, TypeError);
    assertEquals((await first).map(({ code }) => code), [250, 550, 250]);
  });
});

Deno.test("CommandChannel stays usable after a line that must not be sent, and sends none of its group", async () => {
  await meet({ act: answer("220 hi\r\n", "250 ok\r\n") }, async (channel) => {
    await channel.expect([220], "greet");
    const bad = { line: "RSET\r\nQUIT", shown: "RSET", verb: "RSET" };
    for (const attempt of [() => channel.send(bad), () => channel.pipeline([command`QUIT`, bad])]) {
      assertInstanceOf(await attempt().catch((error) => error), InjectionError);
      assertEquals(channel.state, "ready");
    }
    assertEquals((await channel.send(command`NOOP`)).code, 250);
  });
});
