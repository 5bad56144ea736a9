import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InjectionError, LimitError, LineReader, LineWriter } from "../../../src/net/mod.ts";

/** Takes at most `max` bytes a write. */
function sink(max: number): { write(p: Uint8Array): Promise<number>; bytes: number[] } {
  return {
    bytes: [],
    write(p) {
      const count = Math.min(max, p.length);
      this.bytes.push(...p.subarray(0, count));
      return Promise.resolve(count);
    },
  };
}

Deno.test("LineWriter writes whole lines in order through short writes", async () => {
  const line = fc.string({ unit: "binary" }).filter((text) =>
    !/[\r\n\0]/.test(text) && text.isWellFormed()
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 9 }), async (lines, max) => {
      const out = sink(max);
      const writer = new LineWriter(out);
      await Promise.all(lines.map((text) => writer.writeLine(text)));
      let at = 0;
      const reader = new LineReader({
        read(p) {
          if (at >= out.bytes.length) return Promise.resolve(null);
          const piece = out.bytes.slice(at, at + p.length);
          p.set(piece);
          at += piece.length;
          return Promise.resolve(piece.length);
        },
      }, { ending: "crlf" });
      assertEquals(await Array.fromAsync(reader.lines()), lines);
    }),
  );
});

Deno.test("LineWriter refuses CR, LF and NUL before a byte is written", async () => {
  const out = sink(100);
  const writer = new LineWriter(out);
  for (const text of ["a\rb", "a\nb", "a\0b", "\r\n"]) {
    await assertRejects(() => writer.writeLine(text), InjectionError);
  }
  await writer.writeLine("innocent");
  assertEquals(new TextDecoder().decode(Uint8Array.from(out.bytes)), "innocent\r\n");
});

Deno.test("LineWriter limits what waits", () => {
  const writer = new LineWriter(sink(1), { maxQueuedBytes: 10 });
  writer.queueLine("12345678");
  const error = assertThrows(() => writer.queueLine("x"), LimitError);
  assertEquals(error.limit, 10);
});

Deno.test("LineWriter in Latin-1 writes a byte a character and refuses others", async () => {
  const out = sink(100);
  const writer = new LineWriter(out, { encoding: "latin1", ending: "\n" });
  await writer.writeLine("\xe4\xff");
  assertEquals(out.bytes, [0xe4, 0xff, 10]);
  assertThrows(() => writer.queueLine("\u20ac"), InjectionError);
});
