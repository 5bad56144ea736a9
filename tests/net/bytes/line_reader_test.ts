import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import fc from "fast-check";
import {
  Deadline,
  DisconnectedError,
  LimitError,
  type LineEnding,
  LineReader,
  memoryNetwork,
  ProtocolError,
  TimeoutError,
} from "../../../src/net/mod.ts";
import { cutAt, source } from "../../support/bytes.ts";

const encoder = new TextEncoder();

async function linesOf(
  pieces: readonly Uint8Array[],
  ending: LineEnding,
): Promise<string[]> {
  const reader = new LineReader(source(pieces), { ending, encoding: "latin1", maxLineBytes: 40 });
  const result: string[] = [];
  while (result.length < 1000) {
    try {
      const line = await reader.readLine();
      if (line === undefined) return result;
      result.push(line);
    } catch (error) {
      assertInstanceOf(error, Error);
      if (error instanceof LimitError) result.push("<limit>");
      else if (error instanceof ProtocolError) result.push("<bare>");
      else throw error;
      if (!await reader.skipLine()) return result;
    }
  }
  throw new Error("no end");
}

const ENDINGS: readonly LineEnding[] = [
  "lf",
  "crlf",
  "any",
  "paragraph",
  encoder.encode("--"),
];

Deno.test("LineReader reads the same lines however the bytes are cut", async (t) => {
  // Few different bytes, so that endings, halves of endings and long lines are frequent.
  const bytes = fc.array(fc.constantFrom(10, 13, 45, 65, 0, 255), { maxLength: 200 })
    .map((list) => Uint8Array.from(list));
  for (const ending of ENDINGS) {
    await t.step(`ending ${typeof ending === "string" ? ending : "--"}`, async () => {
      await fc.assert(fc.asyncProperty(bytes, fc.array(fc.nat()), async (input, cuts) => {
        const whole = await linesOf([input], ending);
        assertEquals(await linesOf(cutAt(input, cuts), ending), whole);
        assertEquals(await linesOf([...input].map((byte) => Uint8Array.of(byte)), ending), whole);
      }));
    });
  }
});

Deno.test("LineReader returns lines as written", async () => {
  const line = fc.string({ maxLength: 30 }).filter((text) => !/[\r\n]/.test(text));
  await fc.assert(fc.asyncProperty(fc.array(line), fc.array(fc.nat()), async (lines, cuts) => {
    const wire = encoder.encode(lines.map((text) => `${text}\r\n`).join(""));
    const reader = new LineReader(source(cutAt(wire, cuts)));
    assertEquals(await Array.fromAsync(reader.lines()), lines);
  }));
});

const CASES: readonly [name: string, ending: LineEnding, wire: string, expected: string[]][] = [
  ["LF and CRLF", "lf", "a\nb\r\n\nc", ["a", "b", "", "c"]],
  ["a CR inside a line", "lf", "a\rb\n", ["a\rb"]],
  ["CRLF only", "crlf", "a\r\n\r\nb\r\n", ["a", "", "b"]],
  ["a lone CR", "any", "a\rb\r\nc\n\rd", ["a", "b", "c", "", "d"]],
  ["paragraphs", "paragraph", "\n\na\nb\n\n\nc\r\n\r\nd", ["a\nb", "c", "d"]],
  ["a custom ending", encoder.encode("::"), "a:b::c::", ["a:b", "c"]],
];
Deno.test("LineReader knows the endings", async (t) => {
  for (const [name, ending, wire, expected] of CASES) {
    await t.step(name, async () => {
      assertEquals(await linesOf([encoder.encode(wire)], ending), expected);
    });
  }
});

Deno.test("LineReader refuses a line over its limit and takes no more memory", async () => {
  const chunk = new Uint8Array(1024).fill(65);
  let asked = 0;
  const endless = {
    read(p: Uint8Array): Promise<number> {
      const count = Math.min(p.length, chunk.length);
      p.set(chunk.subarray(0, count));
      asked += count;
      return Promise.resolve(count);
    },
  };
  const reader = new LineReader(endless, { maxLineBytes: 10_000, chunkBytes: 1024 });
  const error = await assertRejects(() => reader.readLine(), LimitError, "10000 bytes");
  assertEquals(error.limit, 10_000);
  assertEquals(asked <= 10_000 + 1024, true, `took ${asked} bytes`);
  assertEquals(reader.buffered, asked);
  await assertRejects(() => reader.readLine(), LimitError);
  assertEquals(asked <= 10_000 + 1024, true, "a second try took more");
});

Deno.test("LineReader goes past a long line in constant memory", async () => {
  const pieces = [...Array(1000).fill(new Uint8Array(1024).fill(65)), encoder.encode("\nnext\n")];
  const reader = new LineReader(source(pieces), { maxLineBytes: 100, chunkBytes: 1024 });
  await assertRejects(() => reader.readLine(), LimitError);
  assertEquals(await reader.skipLine(), true);
  assertEquals(await reader.readLine(), "next");
});

Deno.test("LineReader switches between lines, counts and raw bytes without losing one", async () => {
  const wire = encoder.encode("one\r\n12345two\nrest of it");
  for (let cut = 0; cut <= wire.length; cut++) {
    const reader = new LineReader(source([wire.subarray(0, cut), wire.subarray(cut)]));
    assertEquals(await reader.readLine(), "one");
    assertEquals(await reader.readExact(5), encoder.encode("12345"));
    assertEquals(await reader.readLine(), "two");
    const rest = await Array.fromAsync(reader.body(), (piece) => new TextDecoder().decode(piece));
    assertEquals(rest.join(""), "rest of it");
  }
});

Deno.test("LineReader.readExact() refuses a count over its limit and an early end", async () => {
  const reader = new LineReader(source([encoder.encode("abc")]));
  await assertRejects(() => reader.readExact(1000, 999), LimitError);
  await assertRejects(() => reader.readExact(4), DisconnectedError, "1 bytes too early");
});

Deno.test("LineReader with unfinished: error takes half a line for a lost connection", async () => {
  const options = { unfinished: "error" } as const;
  const reader = new LineReader(source([encoder.encode("a\nhalf")]), options);
  assertEquals(await reader.readLine(), "a");
  await assertRejects(() => reader.readLine(), DisconnectedError, "in the middle of a line");
});

Deno.test("LineReader ends a wait at its deadline and closes the source", async () => {
  const network = memoryNetwork();
  using listener = network.listen({ port: 1 });
  using client = await network.connect({ port: 1 });
  using _server = await listener.accept();
  using deadline = new Deadline({ timeoutMs: 20 });
  const reader = new LineReader(client, { deadline });
  await assertRejects(() => reader.readLine(), TimeoutError);
  await assertRejects(() => client.read(new Uint8Array(1)), Deno.errors.Interrupted);
  await assertRejects(() => reader.readLine(), TimeoutError);
});

Deno.test("LineReader rejects a second read while one is under way", async () => {
  const reader = new LineReader({ read: () => new Promise(() => {}) });
  void reader.readLine();
  await assertRejects(() => reader.readLine(), TypeError, "another read");
});
