import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { TerminalFilter } from "../../../src/cli/telnet/terminal_filter.ts";

const KEPT = [
  "plain text\r\n\ttab\b",
  "\x1b[1;31mred\x1b[0m",
  "\x1b[2J\x1b[H\x1b[10;20H\x1b[K",
  "\x1b[?25l\x1b[?1049h",
  "\x1b7\x1b8\x1bM\x1b(0lqk\x1b(B",
  "\x1b[5;20r\x1b[L\x1b[M\x1b[P\x1b[@\x1b[X",
  "\x1b[6n\x1b[c",
];

const DROPPED: readonly [title: string, sent: string, left: string][] = [
  ["the title of the window", "\x1b]0;evil\x07a", "a"],
  ["the clipboard", "\x1b]52;c;ZXZpbA==\x1b\\a", "a"],
  ["a question for the title", "\x1b[21ta", "a"],
  ["sizes of the window", "\x1b[8;500;500ta", "a"],
  ["a question for settings", "\x1bP$q m\x1b\\a", "a"],
  ["printing", "\x1b[5ia", "a"],
  ["a question for the answerback text", "\x05a", "a"],
  ["other reports", "\x1b[15n\x1b[?26na", "a"],
  ["programs of function keys", "\x1bP0;1|17/68\x1b\\a", "a"],
  ["private messages", "\x1b^x\x1b\\\x1b_y\x1b\\\x1bXz\x1b\\a", "a"],
  ["8-bit controls", "\x9d0;evil\x9ca\x9b21t", "a"],
  ["a keyboard that is locked", "\x1b[2ha".replace("[2h", "[?2h"), "a"],
  ["a locked keyboard, and a local echo", "\x1b[2h\x1b[12la", "a"],
  ["a character for ever", "\x1b[1000000000ba", "a"],
  ["a title without its end", "\x1b]0;title\x1b[ma", "\x1b[ma"],
  ["132 columns", "\x1b[?3ha", "a"],
  ["memory lock", "\x1bla", "a"],
];

Deno.test("what programs on a terminal need is passed on", () => {
  for (const text of KEPT) {
    assertEquals(new TerminalFilter().filter(text), text);
    const filter = new TerminalFilter();
    assertEquals([...text].map((character) => filter.filter(character)).join(""), text);
  }
});

Deno.test("what reaches beyond the screen is left out", () => {
  for (const [title, sent, left] of DROPPED) {
    assertEquals(new TerminalFilter().filter(sent), left, title);
  }
});

Deno.test("the terminal is restored: only modes that are still changed", () => {
  const filter = new TerminalFilter();
  filter.filter("\x1b[?25l\x1b[?1049h\x1b[?2004h\x1b[?2004l\x1b[?7h\x1b[31m\x1b=\x1b(0\x0e");
  assertEquals(
    filter.restore(),
    "\x1b[m\x1b>\x1b(B\x0f\x1b[?25h\x1b[?1049l",
  );
  assertEquals(filter.restore(), "");
});

Deno.test("whatever comes, no string of commands and no report but two gets through", () => {
  const part = fc.oneof(
    fc.constantFrom(
      "\x1b",
      "[",
      "]",
      "52;c;",
      "\x07",
      "\x9d",
      "\x9c",
      "P",
      "\\",
      "?",
      "21",
      "t",
      "n",
      "6",
      "5",
      "i",
    ),
    fc.string({ maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
      const out = parts.map((text) => filter.filter(text)).join("");
      assertEquals(
        /[\x80-\x9f\x05]|\x1b[\]P^_X]|\x1b\[[^@-~]*[ti]/.test(out),
        false,
        JSON.stringify(out),
      );
    }),
    { numRuns: 3000 },
  );
});

const filter = new TerminalFilter();
