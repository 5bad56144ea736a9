/** Charsets with escape sequences, cut in every way in which mail cuts them. */

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { decodeCharset, decodeWords } from "../../../src/mime/mod.ts";

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const base64 = (text: string): string => btoa(text);

// postal-mime#68, rspamd#1669: each word ends in ASCII, so two escape sequences are side by side.
Deno.test("two encoded words of ISO-2022-JP are read as one text", () => {
  const header = "=?iso-2022-jp?B?GyRCMnE1RBsoQg==?=\r\n =?iso-2022-jp?B?GyRCO3FOQRsoQg==?=";
  assertEquals(decodeWords(header), "会議資料");
});

/** 会議資料 and a space and text in several sets. */
const TEXT = "\x1b$B2q5D;qNA\x1b(B and \x1b(JY\\~\x1b(I1\x1b(B, \x1b$A1$\x1b$(C4k\x1b(B!";

Deno.test("ISO-2022-JP is the same text in every split into two words", () => {
  const whole = decodeCharset(bytes(TEXT), "iso-2022-jp").text;
  assertEquals(whole.slice(0, 14), "会議資料 and Y\u00a5\u203eｱ,");
  for (let cut = 0; cut <= TEXT.length; cut++) {
    const words = [TEXT.slice(0, cut), TEXT.slice(cut)].filter((text) => text !== "")
      .map((text) => `=?ISO-2022-JP?B?${base64(text)}?=`);
    assertEquals(decodeWords(words.join(" ")), whole, `cut at ${cut}`);
  }
});

Deno.test("repeated and needless escape sequences are not errors", () => {
  const cases: readonly [text: string, meaning: string][] = [
    ["\x1b$B2q\x1b(B\x1b$B5D\x1b(B", "会議"],
    ["\x1b(B\x1b(Ba", "a"],
    ["\x1b$B\x1b(Ba", "a"],
    ["\x1b$B2q\x1b$@5D\x1b(B", "会議"],
    // A line ends in ASCII, whatever its writer forgot.
    ["\x1b$B2q\r\nplain", "会\r\nplain"],
    ["\x1b(I1\x1b(B", "ｱ"],
    ["\x1b$B2", "\ufffd"],
    ["\x1b!a", "\ufffd!a"],
    ["\x1b$B2q 5D\x1b(B", "会 議"],
  ];
  for (const [text, meaning] of cases) {
    assertEquals(decodeCharset(bytes(text), "iso-2022-jp").text, meaning, JSON.stringify(text));
  }
});

Deno.test("ISO-2022-JP reads what Python's codec reads", async () => {
  const samples = ["会議資料", "ABC日本語xyz", "ｶﾅ半角", "~\\", "仝々〆〇ー", "まとめ\r\n次の行"];
  const program = "import sys,json\n" +
    "print(json.dumps([s.encode('iso2022_jp_ext').hex() for s in json.loads(sys.argv[1])]))";
  const { stdout } = await new Deno.Command("python3", {
    args: ["-c", program, JSON.stringify(samples)],
  }).output();
  const encoded: string[] = JSON.parse(new TextDecoder().decode(stdout));
  for (const [index, sample] of samples.entries()) {
    const raw = Uint8Array.from(encoded[index]!.match(/../g)!, (pair) => parseInt(pair, 16));
    assertEquals(decodeCharset(raw, "iso-2022-jp").text, sample);
  }
});

Deno.test("ISO-2022-KR and HZ in two words", () => {
  const korean = "\x1b$)C\x0e0!3*\x0f!";
  assertEquals(
    decodeWords(`=?iso-2022-kr?b?${base64(korean)}?= =?iso-2022-kr?b?${base64(korean)}?=`),
    "가나!가나!",
  );
  const chinese = "~{<:Ky2;~}a~~";
  assertEquals(
    decodeWords(`=?hz-gb-2312?b?${base64(chinese)}?= =?hz-gb-2312?b?${base64(chinese)}?=`),
    "己所不a~己所不a~",
  );
});

Deno.test("any bytes give some text, and ASCII is unchanged", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (raw) => {
    for (const label of ["iso-2022-jp", "iso-2022-kr", "hz-gb-2312"]) decodeCharset(raw, label);
  }));
  fc.assert(fc.property(fc.string({ unit: "grapheme-ascii" }), (text) => {
    assertEquals(decodeCharset(bytes(text), "iso-2022-jp").text, text);
  }));
});
