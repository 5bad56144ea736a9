import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  type Connection,
  LimitError,
  memoryNetwork,
  UsageError,
  writeAll,
} from "../../../src/net/mod.ts";
import {
  COMMAND,
  IAC,
  OPTION,
  TelnetClient,
  type TelnetClientOptions,
  TelnetServer,
} from "../../../src/protocols/telnet/mod.ts";
import { Transcript } from "../../../src/protocols/wire/mod.ts";

const { will, wont, do: DO, dont, sb, se } = COMMAND;
const encoder = new TextEncoder();

/** Two connected ends. */
async function pair(): Promise<[near: Connection, far: Connection]> {
  const network = memoryNetwork();
  using listener = network.listen({ port: 23 });
  const [far, near] = await Promise.all([listener.accept(), network.connect({ port: 23 })]);
  return [near, far];
}

/** Reads so many bytes of a raw end. */
async function take(connection: Connection, count: number): Promise<number[]> {
  const buffer = new Uint8Array(count);
  let length = 0;
  while (length < count) {
    const more = await connection.read(buffer.subarray(length));
    if (more === null) break;
    length += more;
  }
  return [...buffer.subarray(0, length)];
}

/** Reads data until so many characters came. */
async function text(connection: Connection, count: number): Promise<string> {
  return new TextDecoder().decode(Uint8Array.from(await take(connection, count)));
}

/** The answers of a client to bytes of a server, which end with a byte of data. */
async function answers(
  options: TelnetClientOptions,
  bytes: readonly number[],
  count: number,
): Promise<number[]> {
  const [near, far] = await pair();
  using client = new TelnetClient(near, options);
  using server = far;
  await server.write(Uint8Array.from([...bytes, 33]));
  assertEquals(await text(client, 1), "!");
  return await take(server, count);
}

const SEND_TYPE = [IAC, sb, 24, 1, IAC, se];

Deno.test("a client agrees to options that it knows, and refuses the rest", async () => {
  const cases: [title: string, options: TelnetClientOptions, sent: number[], answer: number[]][] = [
    ["ECHO and SGA of the server", {}, [IAC, will, 1, IAC, will, 3], [IAC, DO, 1, IAC, DO, 3]],
    ["it does not echo itself", {}, [IAC, DO, 1], [IAC, wont, 1]],
    ["LINEMODE", {}, [IAC, DO, 34], [IAC, wont, 34]],
    ["AUTHENTICATION and ENCRYPT", {}, [IAC, DO, 37, IAC, will, 38], [
      ...[IAC, wont, 37, IAC, dont, 38],
    ]],
    ["no window size that is not known", {}, [IAC, DO, 31], [IAC, wont, 31]],
    ["the window size", { windowSize: { columns: 255, rows: 24 } }, [IAC, DO, 31], [
      ...[IAC, will, 31, IAC, sb, 31, 0, IAC, IAC, 0, 24, IAC, se],
    ]],
    ["no environment that was not named", {}, [IAC, DO, 39], [IAC, wont, 39]],
    ["the old environment option", { environment: { USER: "ann" } }, [IAC, DO, 36], [
      ...[IAC, wont, 36],
    ]],
    ["the terminal's type", { terminalType: "vt100" }, [IAC, DO, 24, ...SEND_TYPE], [
      ...[IAC, will, 24, IAC, sb, 24, 0, ...encoder.encode("vt100"), IAC, se],
    ]],
    ["a type that was not agreed on", { terminalType: "vt100" }, [...SEND_TYPE, IAC, DO, 200], [
      ...[IAC, wont, 200],
    ]],
    ["UTF-8", {}, [
      ...[IAC, will, 42, IAC, sb, 42, 1, ...encoder.encode(";ISO-8859-1;utf-8"), IAC, se],
    ], [IAC, DO, 42, IAC, sb, 42, 2, ...encoder.encode("utf-8"), IAC, se]],
    ["an unknown character set", {}, [
      ...[IAC, will, 42, IAC, sb, 42, 1, ...encoder.encode(" KOI8-R"), IAC, se],
    ], [IAC, DO, 42, IAC, sb, 42, 3, IAC, se]],
  ];
  for (const [title, options, sent, answer] of cases) {
    assertEquals(await answers(options, sent, answer.length), answer, title);
  }
});

Deno.test("names of the terminal are reported one by one, the last one twice", async () => {
  const sent = [IAC, DO, 24, ...SEND_TYPE, ...SEND_TYPE, ...SEND_TYPE, ...SEND_TYPE];
  const told = await answers({ terminalType: ["a", "b"] }, sent, 3 + 4 * 7);
  const names = String.fromCharCode(...told.slice(3)).match(/[ab]/g)?.join("");
  assertEquals(names, "abba");
});

Deno.test("only variables that the user named are reported to a server", async () => {
  const asked = [0, ...encoder.encode("USER"), 3, ...encoder.encode("HOME")];
  for (const question of [[1], [1, 0, 3], [1, ...asked], [1, 3, 2, 3, 65, 1, 66]]) {
    const [near, far] = await pair();
    using client = new TelnetClient(near, { environment: { USER: "ann", A: "\x01b" } });
    using server = far;
    await server.write(Uint8Array.from([IAC, DO, 39, IAC, sb, 39, ...question, IAC, se, 33]));
    await text(client, 1);
    client.close();
    const told = await take(server, 1000);
    const shown = String.fromCharCode(...told.slice(7, -2));
    const expected = question.length > 10 ? "\x00USER\x01ann\x03HOME" : question.length > 3
      // An unknown name with an escaped byte.
      ? "\x03\x02\x03A"
      : "\x00USER\x01ann\x03A\x01\x02\x01b";
    assertEquals(shown, expected);
  }
});

Deno.test("a user name that a login program would take for an option is refused (CVE-2026-24061)", async () => {
  const [near, far] = await pair();
  using _ends = { [Symbol.dispose]: () => (near.close(), far.close()) };
  for (const name of ["-f root", "-froot", "", "a\nb"]) {
    assertThrows(() => new TelnetClient(near, { environment: { USER: name } }), UsageError);
  }
  assertThrows(() => new TelnetClient(near, { environment: { "A=B": "c" } }), UsageError);
  assertThrows(() => new TelnetClient(near, { size: 1 } as TelnetClientOptions), TypeError);
});

Deno.test("a flood of negotiations ends the connection, and little is sent", async () => {
  const [near, far] = await pair();
  using client = new TelnetClient(near, { maxNegotiations: 100 });
  using server = far;
  const flood = Uint8Array.from({ length: 3000 }, (_, at) => [IAC, DO, at & 127][at % 3]!);
  const reading = assertRejects(() => text(client, 1), LimitError, "more than 100 negotiations");
  await server.write(flood).catch(() => {});
  await reading;
  assert((await take(server, 10_000)).length <= 300);
});

Deno.test("a peer that negotiates without reading is given up", async () => {
  const network = memoryNetwork({ bufferBytes: 1000 });
  using listener = network.listen({ port: 23 });
  const [server, near] = await Promise.all([listener.accept(), network.connect({ port: 23 })]);
  using client = new TelnetClient(near, { maxNegotiations: Infinity });
  const reading = assertRejects(() => text(client, 1), LimitError, "without reading");
  const question = Uint8Array.from(
    Array.from({ length: 3000 }, () => [IAC, DO, 200]).flat(),
  );
  try {
    for (let round = 0; round < 100; round++) await writeAll(server, question);
  } catch {
    // The client has closed the connection.
  }
  await reading;
  server.close();
});

Deno.test("random bytes: the data does not depend on their cutting, and no more is sent than the limit", async () => {
  const byte = fc.oneof(
    fc.constantFrom(IAC, sb, se, will, wont, DO, dont, 1, 3, 24, 31, 39, 42, 13, 10, 0),
    fc.integer({ min: 0, max: 255 }),
  );
  const receive = async (bytes: Uint8Array, size: number): Promise<[string, number]> => {
    const [near, far] = await pair();
    using client = new TelnetClient(near, {
      environment: { USER: "ann" },
      windowSize: { columns: 80, rows: 24 },
    });
    using server = far;
    const reading = take(client, 1000);
    for (let at = 0; at < bytes.length; at += size) {
      await server.write(bytes.subarray(at, at + size));
    }
    await server.closeWrite();
    const data = await reading;
    await client.closeWrite();
    return [String(data), (await take(server, 100_000)).length];
  };
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 0 }).chain(() => fc.array(byte, { maxLength: 120 })),
      fc.integer({ min: 1, max: 5 }),
      async (bytes, size) => {
        const [whole, sent] = await receive(Uint8Array.from(bytes), 1000);
        const [cut] = await receive(Uint8Array.from(bytes), size);
        assertEquals(cut, whole);
        // Each negotiation is three bytes, and is answered by at most 40.
        assert(sent <= bytes.length / 3 * 40);
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("client and server agree: type, size, environment, character set, echo", async () => {
  const [near, far] = await pair();
  const lines: string[] = [];
  const transcript = new Transcript((speaker, line) => lines.push(`${speaker}: ${line}`));
  using client = new TelnetClient(near, {
    terminalType: ["XTERM-256COLOR", "VT100"],
    windowSize: { columns: 100, rows: 30 },
    environment: { USER: "ann", SHELL: "sh" },
    transcript,
  });
  let told = 0;
  using server = new TelnetServer(far, {
    variables: ["USER", "DISPLAY"],
    charsets: ["UTF-8"],
    onTerminal: () => told++,
  });
  // Both read, so that answers meet answers.
  const ends = [take(client, 1), take(server, 1)];
  const later = async (isDone: () => boolean): Promise<void> => {
    while (!isDone()) await new Promise((resolve) => setTimeout(resolve));
  };
  await later(() => server.charset !== undefined && server.terminalTypes.length === 2);
  assertEquals(server.terminalTypes, ["xterm-256color", "vt100"]);
  assertEquals(server.windowSize, { columns: 100, rows: 30 });
  assertEquals([...server.environment], [["USER", "ann"]]);
  assertEquals([server.charset, client.charset], ["UTF-8", "UTF-8"]);
  assertEquals([client.isEchoing, client.isCharacterMode, server.isEchoing], [true, true, true]);
  client.resize({ columns: 40, rows: 10 });
  await later(() => server.windowSize?.columns === 40);
  assert(told >= 4);
  assert(lines.includes("S: IAC DO TTYPE") && lines.includes("C: IAC WILL TTYPE"));
  assert(lines.includes("C: IAC SB NAWS [4 bytes] IAC SE"));
  await client.write(Uint8Array.of(1));
  await server.write(Uint8Array.of(1));
  await Promise.all(ends);
});

Deno.test("binary data goes both ways unchanged, once both agree", async () => {
  const [near, far] = await pair();
  const options: string[] = [];
  using client = new TelnetClient(near, {
    onOption: (side, option, isOn) => options.push(`${side} ${option} ${isOn}`),
  });
  using server = far;
  await server.write(Uint8Array.of(IAC, will, OPTION.binary, IAC, DO, OPTION.binary, 13, 0, 33));
  assertEquals(await take(client, 3), [13, 0, 33]);
  assertEquals(options, ["peer 0 true", "us 0 true"]);
  await client.write(Uint8Array.of(13, 255, 10));
  assertEquals(await take(server, 6 + 4), [IAC, DO, 0, IAC, will, 0, 13, 255, 255, 10]);
});

Deno.test("AYT is answered, and commands reach the program where they were sent", async () => {
  const [near, far] = await pair();
  const signals: string[] = [];
  using client = near;
  using server = new TelnetServer(far, { onSignal: (name, at) => signals.push(`${name} ${at}`) });
  await client.write(Uint8Array.of(97, IAC, COMMAND.ip, 98, IAC, COMMAND.ayt));
  assertEquals(await server.read(new Uint8Array(100)), 2);
  assertEquals(signals, ["ip 1", "ayt 2"]);
  const sent = String.fromCharCode(...await take(client, 4 * 3 + 9));
  assert(sent.endsWith("\r\n[Yes]\r\n"), sent);
});

Deno.test("a line end stays whole where a write is cut", async () => {
  const [near, far] = await pair();
  using client = new TelnetClient(near);
  const text = new Uint8Array(65_537).fill(65);
  text.set([13, 10], 65_535);
  const reading = take(far, 65_537);
  await writeAll(client, text);
  client.close();
  assertEquals((await reading).slice(-3), [65, 13, 10]);
  far.close();
});

Deno.test("the mark of a Synch whose IAC the system kept apart is no data", async () => {
  const [near, far] = await pair();
  using client = new TelnetClient(near);
  await client.write(Uint8Array.of(3));
  await far.write(Uint8Array.of(COMMAND.dm, 94, 67));
  assertEquals(await text(client, 2), "^C");
  // Later it is a byte like others.
  await far.write(Uint8Array.of(COMMAND.dm, 94));
  assertEquals(await take(client, 2), [COMMAND.dm, 94]);
  far.close();
});

Deno.test("variables are reported by the kind that is asked for (RFC 1572)", async () => {
  const environment = { USER: "ann", FOO: "bar" };
  const cases: [question: number[], answer: string][] = [
    [[1, 0], "\x00USER\x01ann"],
    [[1, 3], "\x03FOO\x01bar"],
    [[1, 0, ...encoder.encode("FOO")], "\x00FOO"],
    [[1, 3, ...encoder.encode("USER")], "\x03USER"],
    [[1, 3, ...encoder.encode("FOO")], "\x03FOO\x01bar"],
  ];
  for (const [question, answer] of cases) {
    const sent = [IAC, DO, 39, IAC, sb, 39, ...question, IAC, se];
    const told = await answers({ environment }, sent, 3 + 4 + answer.length + 2);
    assertEquals(String.fromCharCode(...told.slice(7, -2)), answer);
  }
});

Deno.test("options out of range are refused", async () => {
  const [near, far] = await pair();
  for (
    const options of [
      { windowSize: { columns: -1, rows: 24 } },
      { windowSize: { columns: 80, rows: 1e9 } },
      { terminalType: "" },
      { terminalType: ["x".repeat(41)] },
      { terminalType: 5 },
      { charsets: 5 },
      { environment: null },
      { maxNegotiations: 0 },
    ]
  ) {
    let failure: unknown;
    try {
      new TelnetClient(near, options as never);
    } catch (error) {
      failure = error;
    }
    assert(failure instanceof RangeError || failure instanceof TypeError, JSON.stringify(options));
  }
  near.close();
  far.close();
});
