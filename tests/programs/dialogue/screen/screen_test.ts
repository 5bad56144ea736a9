import { assertEquals } from "@std/assert";
import { Screen } from "../../../../src/programs/dialogue/screen/screen.ts";

const CASES: readonly [title: string, sent: string, shown: string, toCursor?: string][] = [
  ["plain text", "one\r\ntwo", "one\ntwo", "two"],
  ["LF alone begins a line too", "one\ntwo", "one\ntwo"],
  ["trailing blanks stay", "one  \r\n$ ", "one  \n$ ", "$ "],
  ["a tab stays one", "a\tb\r\n\tc", "a\tb\n\tc"],
  ["a tab that is overwritten", "a\tb\rxyz", "xyz     b"],
  ["Backspace", "abc\b\b\bx", "xbc"],
  ["rubbed out", "abc\b \b\b \b", "a  ", "a"],
  ["a longer text that was blanked out", "%         \r \r\r$ ps\r\nx", "$ ps\nx"],
  ["carriage return", "100%\rdone", "done", "done"],
  ["ESC[K clears a longer line", "please wait\rok\x1b[K", "ok", "ok"],
  ["ESC[2K", "please wait\x1b[2K\rok", "ok", "ok"],
  ["ESC[1K", "abc\x1b[1K\rx", "x", "x"],
  ["colours", "\x1b[1;32mann@host\x1b[0m:\x1b[34m~\x1b[m$ ", "ann@host:~$ ", "ann@host:~$ "],
  ["bracketed paste", "\x1b[?2004h$ ", "$ ", "$ "],
  ["a title", "\x1b]0;ann@host: ~\x07$ ", "$ ", "$ "],
  ["a title that ends with ST", "\x1b]0;ann\x1b\\$ ", "$ ", "$ "],
  ["a string with ESC in it", "\x1bPq\x1bx\x1b\\$ ", "$ ", "$ "],
  ["character sets", "\x1b(B\x1b)0$ ", "$ ", "$ "],
  ["keypad modes", "\x1b=\x1b>$ ", "$ ", "$ "],
  ["8-bit CSI", "\x9b1m$ ", "$ ", "$ "],
  ["cursor forward", "a\x1b[3Cb", "a   b", "a   b"],
  ["cursor back", "abc\x1b[2Dx", "axc"],
  ["column", "abc\x1b[2Gx", "axc"],
  ["position", "\x1b[2;3Hx\x1b[1;1Hy", "y\n  x"],
  ["up and down", "a\r\nb\x1b[Ac\x1b[Bd", "ac\nb d"],
  ["save and restore", "a\x1b7bc\x1b8x", "axc"],
  ["erase to the end of the screen", "a\r\nb\r\nc\x1b[1;1H\x1b[Jx", "x"],
  ["erase the screen", "abc\r\ndef\x1b[2J\x1b[Hx", "x"],
  ["delete characters", "abcd\r\x1b[2P", "cd"],
  ["insert characters", "ab\r\x1b[2@x", "x ab"],
  ["erase characters", "abcd\r\x1b[2X", "  cd"],
  ["insert a line", "a\r\nb\x1b[Lc", "a\n c\nb"],
  ["delete a line", "a\r\nb\x1b[1;1H\x1b[M", "b"],
  ["an editor's own screen", "$ vi\x1b[?1049h\x1b[Htext\r\nmore\x1b[?1049l ok", "$ vi ok"],
  ["reset", "abc\x1bc$ ", "$ "],
  ["wide characters", "日本\x1b[3Gx", "日x"],
  ["half of a wide character", "日\rx", "x "],
  ["marks", "e\u0301x", "e\u0301x"],
  ["an unfinished sequence", "abc\x1b[12", "abc", "abc"],
  ["ESC inside a sequence", "\x1b[1\x1b[mx", "x"],
  ["an overlong sequence", `\x1b[${"1".repeat(100)}mx`, `${"1".repeat(35)}mx`],
  ["a line as wide as the terminal", `${"x".repeat(80)}\r\ny`, `${"x".repeat(80)}\ny`, "y"],
  ["a line that wraps is one", "x".repeat(100), "x".repeat(100), "x".repeat(100)],
];

/** The text before the cursor is checked where the table has it. */
Deno.test("text is found as a person would see it, in any pieces", () => {
  for (const [title, sent, shown, toCursor] of CASES) {
    for (const size of [sent.length, 1, 3]) {
      const screen = new Screen();
      for (let at = 0; at < sent.length; at += size) screen.write(sent.slice(at, at + size));
      assertEquals(screen.unread().trimEnd(), shown.trimEnd(), title);
      if (toCursor !== undefined) assertEquals(screen.lineToCursor(), toCursor, title);
    }
  }
});

Deno.test("rows that leave the screen are given once, those of an editor never", () => {
  const gone: string[] = [];
  const screen = new Screen({ columns: 5, rows: 3, onScroll: (text) => gone.push(text) });
  screen.write("1\r\n2\r\n3\r\n4444444\r\n");
  assertEquals(gone, ["1", "2", "3"]);
  screen.write("\x1b[?1049h\r\na\r\nb\r\nc\r\nd\x1b[?1049l");
  assertEquals(gone, ["1", "2", "3"]);
  assertEquals(screen.textFrom({ row: 0, column: 0 }), "4444444\n");
});

Deno.test("the mark goes back when text before it changes", () => {
  const screen = new Screen();
  screen.write("login: ");
  screen.setMark();
  assertEquals(screen.unread(), "");
  screen.write("\r\x1b[KPassword: ");
  assertEquals(screen.unread(), "Password: ");
  screen.write("\r\nnext");
  assertEquals(screen.unread(), "Password: \nnext");
  screen.setMark(screen.placeAfter(screen.mark, "Password: \n".length));
  assertEquals(screen.unread(), "next");
});

Deno.test("rows above the screen can be kept, and do not change", () => {
  const screen = new Screen({ columns: 10, rows: 3, keptRows: 100 });
  for (let line = 0; line < 90; line++) screen.write(`line ${line}\r\n`);
  screen.write("\x1b[1;1Hchanged\x1b[9;1H");
  const lines = screen.unread().split("\n");
  assertEquals([lines[0], lines[87], lines[88]], ["line 0", "line 87", "changed"]);
  for (let line = 0; line < 90; line++) screen.write(`line ${line}\r\n`);
  assertEquals(screen.unread().split("\n").length <= 103, true);
  assertEquals(screen.mark.row > 50, true);
});

Deno.test("places and offsets agree", () => {
  const screen = new Screen({ columns: 10 });
  screen.write("abc\r\n日本語 and more of it\r\n\tx");
  const text = screen.unread();
  for (let at = 0; at <= text.length; at++) {
    const place = screen.placeAfter({ row: 0, column: 0 }, at);
    const before = screen.textFrom({ row: 0, column: 0 }, place);
    // A place is never within a tab or a wide character.
    if (before.length === at) assertEquals(text.startsWith(before), true);
  }
  assertEquals(
    screen.textFrom(screen.placeAfter(screen.mark, text.indexOf("and"))).startsWith("and more"),
    true,
  );
});
