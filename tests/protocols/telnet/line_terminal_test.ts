import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import {
  type Connection,
  LimitError,
  LineReader,
  LineWriter,
  memoryNetwork,
} from "../../../src/net/mod.ts";
import { COMMAND, IAC, LineTerminal } from "../../../src/protocols/telnet/mod.ts";

const { do: DO, will, sb, se } = COMMAND;
const encoder = new TextEncoder();

async function open(): Promise<{ person: Connection; terminal: LineTerminal }> {
  const network = memoryNetwork();
  using listener = network.listen({ port: 23 });
  const [far, person] = await Promise.all([listener.accept(), network.connect({ port: 23 })]);
  return { person, terminal: new LineTerminal(far) };
}

/** All that the service sent, without negotiations, once it has closed. */
async function shown(person: Connection): Promise<string> {
  const bytes: number[] = [];
  const buffer = new Uint8Array(1000);
  for (let count; (count = await person.read(buffer)) !== null;) {
    bytes.push(...buffer.subarray(0, count));
  }
  return String.fromCharCode(...bytes).replace(/\xff(?:\xfa[^]*?\xff\xf0|[\xfb-\xfe][^])/g, "");
}

/** The client sends characters one by one, and leaves showing them to the server. */
const CHARACTER_MODE = [IAC, DO, 1, IAC, DO, 3];
/** Its terminal is one that can clear a line. */
const XTERM = [IAC, will, 24, IAC, sb, 24, 0, ...encoder.encode("xterm"), IAC, se];

const CASES: readonly [title: string, typed: string, line: string, echo: string][] = [
  ["CR LF", "hello\r\n", "hello", "hello\r\n"],
  ["CR NUL", "hello\r\0", "hello", "hello\r\n"],
  ["LF", "hello\n", "hello", "hello\r\n"],
  ["Backspace and Delete", "helo\b\x7fllo\r\n", "hello", "helo\b \b\b \bllo\r\n"],
  ["nothing to erase", "\b\x7fa\r\n", "a", "a\r\n"],
  ["Control-U", "abc\x15d\r\n", "d", "abc\b \b\b \b\b \bd\r\n"],
  ["Control-W", "one two \x17x\r\n", "one x", "one two \b \b\b \b\b \b\b \bx\r\n"],
  ["Control-C", "abc\x03d\r\n", "d", "abc^C\r\nd\r\n"],
  ["arrows mean nothing", "a\x1b[A\x1bOB\x1b[1;5Cb\r\n", "ab", "ab\r\n"],
  ["controls are left out", "a\x01\x07b\r\n", "ab", "ab\r\n"],
  ["EC and EL", "ab\xff\xf7c\xff\xf8d\r\n", "d", "ab\b \bc\b \b\b \bd\r\n"],
];

Deno.test("a line is edited and shown here, if the client agrees", async () => {
  for (const [title, typed, line, echo] of CASES) {
    for (const size of [1, 100]) {
      const { person, terminal } = await open();
      const bytes = [...CHARACTER_MODE, ...[...typed].map((c) => c.charCodeAt(0))];
      for (let at = 0; at < bytes.length; at += size) {
        await person.write(Uint8Array.from(bytes.slice(at, at + size)));
      }
      assertEquals(await new LineReader(terminal).readLine(), line, title);
      terminal.close();
      assertEquals(await shown(person), echo, title);
      person.close();
    }
  }
});

Deno.test("wide characters are rubbed out whole", async () => {
  const { person, terminal } = await open();
  await person.write(Uint8Array.from(CHARACTER_MODE));
  await person.write(encoder.encode("日é\x7f\x7fx\r\n"));
  assertEquals(await new LineReader(terminal).readLine(), "x");
  terminal.close();
  assertEquals(
    new TextDecoder().decode(encoder.encode(await shown(person))).slice(-9),
    "\b \b\b \bx\r\n".slice(-9),
  );
  person.close();
});

Deno.test("a client that echoes by itself gets no echo", async () => {
  const { person, terminal } = await open();
  await person.write(encoder.encode("hello\r\nworld"));
  await person.closeWrite();
  const reader = new LineReader(terminal);
  assertEquals([await reader.readLine(), await reader.readLine()], ["hello", "world"]);
  assertEquals(await reader.readLine(), undefined);
  terminal.close();
  assertEquals(await shown(person), "");
  person.close();
});

Deno.test("Control-D in an empty line ends the input, in another it does nothing", async () => {
  const { person, terminal } = await open();
  await person.write(encoder.encode("a\x04b\r\n\x04"));
  const reader = new LineReader(terminal);
  assertEquals([await reader.readLine(), await reader.readLine()], ["ab", undefined]);
  terminal.close();
  person.close();
});

Deno.test("output of the service goes above the typed line", async () => {
  for (const isPlain of [false, true]) {
    const { person, terminal } = await open();
    await person.write(Uint8Array.from([...CHARACTER_MODE, ...(isPlain ? [] : XTERM)]));
    const reader = new LineReader(terminal);
    const line = reader.readLine();
    await person.write(encoder.encode("abc"));
    while (terminal.telnet.isEchoing === false) await new Promise((done) => setTimeout(done));
    await new Promise((done) => setTimeout(done));
    await new LineWriter(terminal).writeLine("news");
    await person.write(encoder.encode("d\r\n"));
    assertEquals(await line, "abcd");
    terminal.close();
    assertEquals(
      await shown(person),
      isPlain ? "abc\r\nnews\r\nabcd\r\n" : "abc\r\0\x1b[Knews\r\nabcd\r\n",
    );
    person.close();
  }
});

Deno.test("a secret is not shown, its end is", async () => {
  const { person, terminal } = await open();
  terminal.isEchoing = false;
  await person.write(Uint8Array.from([...CHARACTER_MODE, ...encoder.encode("hidden\x7fn\r\n")]));
  assertEquals(await new LineReader(terminal).readLine(), "hidden");
  terminal.close();
  assertEquals(await shown(person), "\r\n");
  person.close();
});

Deno.test("the window's width is reported, and odd ones are replaced", async () => {
  for (const [columns, expected] of [[100, 100], [0, 80], [1, 20], [65_535, 1000]] as const) {
    const { person, terminal } = await open();
    await person.write(Uint8Array.from([
      ...[IAC, will, 31, IAC, sb, 31, columns >> 8, columns & 255].flatMap((byte, at) =>
        at > 5 && byte === IAC ? [byte, byte] : [byte]
      ),
      ...[0, 24, IAC, se, 10],
    ]));
    await new LineReader(terminal).readLine();
    assertEquals(terminal.columns, expected);
    terminal.close();
    person.close();
  }
});

Deno.test("whatever is typed, lines have no controls and no more than their length", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      const network = memoryNetwork();
      using listener = network.listen({ port: 23 });
      const [far, person] = await Promise.all([listener.accept(), network.connect({ port: 23 })]);
      using terminal = new LineTerminal(far, { maxLineLength: 10 });
      await person.write(bytes);
      await person.closeWrite();
      try {
        for await (const line of new LineReader(terminal).lines()) {
          assertEquals(/[\x00-\x08\x0a-\x1f\x7f]/.test(line) || [...line].length > 10, false, line);
        }
      } catch (error) {
        if (!(error instanceof LimitError)) throw error;
      }
      person.close();
    }),
    { numRuns: 300 },
  );
});

Deno.test("whether a line is echoed is decided when it is read", async () => {
  const { person, terminal } = await open();
  await person.write(Uint8Array.from([
    ...CHARACTER_MODE,
    ...encoder.encode("bob\r\0pass\r\0mo\r\0"),
  ]));
  const reader = new LineReader(terminal);
  assertEquals(await reader.readLine(), "bob");
  terminal.isEchoing = false;
  assertEquals(await reader.readLine(), "pass");
  terminal.isEchoing = true;
  assertEquals(await reader.readLine(), "mo");
  terminal.close();
  assertEquals(await shown(person), "bob\r\n\r\nmo\r\n");
  person.close();
});

Deno.test("a command works without data behind it", async () => {
  const { person, terminal } = await open();
  const line = new LineReader(terminal).readLine();
  await person.write(Uint8Array.from([...CHARACTER_MODE, ...encoder.encode("secret"), IAC, 244]));
  let text = "";
  const buffer = new Uint8Array(1000);
  while (!text.includes("^C")) {
    const count = await person.read(buffer);
    text += String.fromCharCode(...buffer.subarray(0, count ?? 0));
  }
  await person.write(encoder.encode("x\x1b\r\0"));
  assertEquals(await line, "x");
  terminal.close();
  person.close();
});

Deno.test("a line that is too long ends a client without echo, instead of being cut", async () => {
  const network = memoryNetwork();
  using listener = network.listen({ port: 23 });
  const [far, person] = await Promise.all([listener.accept(), network.connect({ port: 23 })]);
  using terminal = new LineTerminal(far, { maxLineLength: 5 });
  await person.write(encoder.encode("abcdefgh\r\n"));
  await assertRejects(() => new LineReader(terminal).readLine(), LimitError, "5 characters");
  person.close();
});
