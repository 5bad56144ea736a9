import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InjectionError, LimitError, LineReader, ProtocolError } from "../../../src/net/mod.ts";
import {
  DotDecoder,
  DotEncoder,
  formatReply,
  readDotText,
  readReply,
  type ReplyText,
} from "../../../src/protocols/wire/internal.ts";
import { command, type ReplyStyle, Secret, Token } from "../../../src/protocols/wire/mod.ts";
import { cutAt, join, latin1, readerOf } from "../../support/bytes.ts";

function encodeAll(pieces: readonly Uint8Array[]): Uint8Array {
  const encoder = new DotEncoder();
  return join([...pieces.map((piece) => encoder.encode(piece).slice()), encoder.end()]);
}

/** Few different bytes, so that dots, line endings and halves of them are frequent. */
const dotty = fc.array(fc.constantFrom(10, 13, 46, 65, 0, 255), { maxLength: 120 })
  .map((bytes) => Uint8Array.from(bytes));
const cuts = fc.array(fc.nat());

Deno.test("DotEncoder and DotDecoder give the same however the bytes are cut", () => {
  fc.assert(fc.property(dotty, cuts, (text, places) => {
    const whole = encodeAll([text]);
    assertEquals(latin1(encodeAll(cutAt(text, places))), latin1(whole));
    const decoder = new DotDecoder();
    const pieces: Uint8Array[] = [];
    let done = false;
    for (const piece of cutAt(whole, places)) {
      const decoded = decoder.decode(piece);
      pieces.push(decoded.bytes);
      assert(!done || piece.length === 0, "continued after the end");
      done ||= decoded.done;
      if (piece.length > 0) assertEquals(decoded.consumed, piece.length);
    }
    assert(done);
    assertEquals(decoder.bare, undefined);
    // The output is the input, each line ended by CRLF.
    const canonical = latin1(text).replace(/\r\n|\r|\n/g, "\r\n");
    assertEquals(
      latin1(join(pieces)),
      canonical === "" || canonical.endsWith("\r\n") ? canonical : `${canonical}\r\n`,
    );
  }));
});

Deno.test("DotDecoder never takes a byte after the end, whatever comes", () => {
  fc.assert(fc.property(dotty, cuts, (text, places) => {
    const wire = join([encodeAll([text]), new TextEncoder().encode("QUIT\r\n.\r\n")]);
    const decoder = new DotDecoder();
    let consumed = 0;
    for (const piece of cutAt(wire, places)) {
      const decoded = decoder.decode(piece);
      consumed += decoded.consumed;
      if (decoded.done) break;
    }
    assertEquals(wire.length - consumed, "QUIT\r\n.\r\n".length);
  }));
});

Deno.test("DotDecoder ends a text only at CRLF . CRLF (CVE-2023-51764)", async (t) => {
  for (const fake of ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\r\n..\r\n"]) {
    await t.step(JSON.stringify(fake), async () => {
      const wire = new TextEncoder().encode(`a${fake}b\r\n.\r\nrest`);
      const reader = readerOf([wire]);
      const pieces: Uint8Array[] = [];
      for await (const piece of readDotText(reader)) pieces.push(piece.slice());
      assert(latin1(join(pieces)).endsWith("b\r\n"), latin1(join(pieces)));
      assertEquals(latin1(reader.takeBuffered()), "rest");
      if (fake === "\r\n..\r\n") return;
      const refused = readDotText(readerOf([wire]), { bare: "refuse" });
      let caught: unknown;
      try {
        for await (const _ of refused);
      } catch (error) {
        caught = error;
      }
      assertInstanceOf(caught, ProtocolError);
    });
  }
});

Deno.test("readDotText() stops at its limit", async () => {
  const reader = readerOf([new Uint8Array(5000).fill(65)]);
  let bytes = 0;
  let caught: unknown;
  try {
    for await (const piece of readDotText(reader, { maxBytes: 1000 })) bytes += piece.length;
  } catch (error) {
    caught = error;
  }
  assertInstanceOf(caught, LimitError);
  assert(bytes <= 1000);
});

const STYLES: readonly ReplyStyle[] = ["smtp", "ftp", "nntp", "pop3"];

/** Any reply that the style can carry. */
function replies(style: ReplyStyle): fc.Arbitrary<ReplyText> {
  const text = fc.string({ unit: fc.constantFrom("a", "2", "5", "0", "-", " ", ".", "\t", "ü") });
  const lines = style === "smtp" || style === "ftp"
    ? fc.array(text, { minLength: 1, maxLength: 5 })
    : fc.tuple(text);
  const code: fc.Arbitrary<number | string> = style === "pop3"
    ? fc.constantFrom("+OK", "-ERR", "+")
    : fc.integer({ min: 100, max: 599 });
  return fc.record({ code, lines });
}

Deno.test("readReply() reads what formatReply() writes, however it is cut, and no byte more", async (t) => {
  for (const style of STYLES) {
    await t.step(style, async () => {
      await fc.assert(fc.asyncProperty(replies(style), cuts, async (reply, places) => {
        const wire = new TextEncoder().encode(
          formatReply(reply, style).map((line) => `${line}\r\n`).join("") + "rest",
        );
        const reader = readerOf(cutAt(wire, places));
        const read = await readReply(reader, style);
        assertEquals(read.code, reply.code);
        // FTP cannot distinguish an inner line that begins with a digit from one with a space before it.
        const shown = (lines: readonly string[]) => lines.map((line) => line.trimStart());
        assertEquals(shown(read.lines.map((line) => line.validate(String))), shown(reply.lines));
        assertEquals(await reader.readLine(), "rest");
      }));
    });
  }
});

Deno.test("readReply() ends in a reply or one of our errors, whatever comes", async (t) => {
  const bytes = fc.array(fc.constantFrom(10, 13, 43, 45, 50, 53, 32, 79, 75, 0, 255), {
    maxLength: 100,
  }).map((list) => Uint8Array.from(list));
  for (const style of STYLES) {
    await t.step(style, async () => {
      await fc.assert(fc.asyncProperty(bytes, cuts, async (input, places) => {
        const outcome = async (pieces: readonly Uint8Array[]) => {
          try {
            const { code, lines } = await readReply(readerOf(pieces), style);
            return [code, ...lines.map((line) => line.validate(String))];
          } catch (error) {
            assert(/^(Protocol|Disconnected|Limit)Error$/.test((error as Error).name), `${error}`);
            return (error as Error).message;
          }
        };
        assertEquals(await outcome(cutAt(input, places)), await outcome([input]));
      }));
    });
  }
});

Deno.test("a line of an FTP reply cannot end it early", () => {
  assertEquals(formatReply({ code: 211, lines: ["Features", "211 end", "x", "End"] }, "ftp"), [
    "211-Features",
    " 211 end",
    "x",
    "211 End",
  ]);
});

Deno.test("command`` lets no value out of its line", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (value) => {
    const breaks = /[\r\n\0]/.test(value);
    if (breaks) assertThrows(() => command`MAIL FROM:<${value}>`, InjectionError);
    else assertEquals(command`MAIL FROM:<${value}>`.line, `MAIL FROM:<${value}>`);
    const word = /^[^\x00-\x20\x7f]+$/.test(value);
    if (word) assertEquals(command`USER ${new Token(value)}`.line, `USER ${value}`);
    else assertThrows(() => command`USER ${new Token(value)}`, InjectionError);
  }));
  const secret = command`PASS ${new Secret("a b")}`;
  assertEquals([secret.line, secret.shown, secret.verb], ["PASS a b", "PASS ********", "PASS"]);
  assert(!JSON.stringify({ secret: new Secret("sesame") }).includes("sesame"));
});

Deno.test("LineReader switches between lines, counts and texts without losing a byte", async () => {
  await fc.assert(fc.asyncProperty(cuts, async (places) => {
    const wire = new TextEncoder().encode("+ go\r\nüabc\r\n..x\r\n.\r\n* 3\r\nlast");
    const reader: LineReader = readerOf(cutAt(wire, places));
    assertEquals(await reader.readLine(), "+ go");
    assertEquals((await reader.readExact(2)).length, 2);
    assertEquals(await reader.readLine(), "abc");
    const text: Uint8Array[] = [];
    for await (const piece of readDotText(reader)) text.push(piece);
    assertEquals(latin1(join(text)), ".x\r\n");
    assertEquals(await reader.readLine(), "* 3");
    const raw: Uint8Array[] = [];
    for await (const piece of reader.body()) raw.push(piece.slice());
    assertEquals(latin1(join(raw)), "last");
  }));
});
