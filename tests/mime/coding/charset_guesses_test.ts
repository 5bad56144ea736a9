/** Charsets that a text names for itself, names wrongly, or does not name at all. */

import { assertEquals } from "@std/assert";
import { decodeCharset, decodeWords, parseMessage } from "../../../src/mime/mod.ts";
import { charsetOfHtml } from "../../../src/mime/coding/charset.ts";

const bytes = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

Deno.test("the charset in an HTML document's own meta element (HTML §13.2.3.2)", async (t) => {
  const rows: readonly [html: string, charset: string | undefined][] = [
    ['<meta charset="koi8-r">', "koi8-r"],
    ["<META CHARSET=koi8-r>", "koi8-r"],
    ["<meta/charset=koi8-r>", "koi8-r"],
    ["<meta name=x charset = 'koi8-r' >", "koi8-r"],
    ['<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', "koi8-r"],
    ['<meta content="text/html;charset=koi8-r" http-equiv=content-type>', "koi8-r"],
    ['<meta name="x" content="charset=koi8-r">', undefined],
    ['<!-- <meta charset="koi8-r"> --><meta charset="utf-8">', "utf-8"],
    ['<script>"<meta charset=koi8-r>"</script>', undefined],
    ['<meta charset="utf-16">', "utf-8"],
    ['<meta charset="utf-16le">', "utf-8"],
    ['<meta charset="x-user-defined">', "windows-1252"],
    ['<meta content="a>b" charset="koi8-r">', "koi8-r"],
    ["<p>none", undefined],
    [`${" ".repeat(1024)}<meta charset="koi8-r">`, undefined],
  ];
  for (const [html, charset] of rows) {
    await t.step(html.trim(), () => assertEquals(charsetOfHtml(bytes(html)), charset));
  }
});

Deno.test("an HTML part that calls itself UTF-16 in ASCII is read as UTF-8", () => {
  const html = 'Content-Type: text/html\r\n\r\n<meta charset="utf-16"><p>Gr\xc3\xbcn';
  assertEquals(parseMessage(bytes(html)).text, '<meta charset="utf-16"><p>Grün');
});

Deno.test("orders of UTF-16 and UTF-32, with a mark and without one", async (t) => {
  const rows: readonly [label: string | undefined, input: string, text: string][] = [
    [undefined, "\xff\xfeG\0r\0", "Gr"],
    [undefined, "\xfe\xff\0G\0r", "Gr"],
    ["utf-16", "\0G\0r", "Gr"],
    ["utf-16", "G\0r\0", "Gr"],
    ["utf-32", "\0\0\0G", "G"],
    ["utf-32", "G\0\0\0", "G"],
    ["utf-32", "\xff\xfe\0\0G\0\0\0", "G"],
  ];
  for (const [label, input, text] of rows) {
    await t.step(`${label} ${JSON.stringify(input)}`, () => {
      assertEquals(decodeCharset(bytes(input), label).text, text);
    });
  }
  await t.step("words that each begin with a mark", () => {
    assertEquals(decodeWords("=?utf-16?B?//5HAA==?= =?utf-16?B?//5yAA==?="), "Gr");
  });
});

Deno.test("extensions of ISO-2022-JP (RFC 1554), and charsets that are approximated", async (t) => {
  const rows: readonly [label: string, input: string, text: string, asNamed: boolean][] = [
    ["iso-2022-jp-2", "\x1b.A\x1bNi", "é", true],
    ["iso-2022-jp-2", "\x1b.F\x1bNa", "α", true],
    ["iso-2022-jp-2", "\x1b$A<:\x1b(B!", "己!", true],
    ["iso-2022-jp-2", "\x1b$B8l\x1b.A\x1bNi\x1b$B8l\x1b(B", "語é語", true],
    ["iso-2022-jp-3", "\x1b$(O8l\x1b(B", "語", false],
    ["iso-2022-jp-2004", "\x1b$(Q8l\x1b(B!", "語!", false],
    ["iso-2022-jp-2004", "\x1b$(P!!\x1b(B!", "\ufffd!", false],
    ["euc_jis_2004", "a", "a", false],
    ["shift_jisx0213", "a", "a", false],
    ["euc-jp", "a", "a", true],
    ["shift_jis", "a", "a", true],
    ["iso-2022-jp", "a", "a", true],
  ];
  for (const [label, input, text, asNamed] of rows) {
    await t.step(`${label} ${JSON.stringify(input)}`, () => {
      const decoded = decodeCharset(bytes(input), label);
      assertEquals([decoded.text, decoded.asNamed], [text, asNamed]);
    });
  }
});

Deno.test("ISO-2022-JP that no one has labelled, in a header", () => {
  const { header } = parseMessage(bytes("Subject: re \x1b$BF|K\\8l\x1b(B!\r\n\r\n"));
  assertEquals(header.text("subject"), "re 日本語!");
});
