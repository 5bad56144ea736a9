import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { columns, inColumns, loadWidths } from "../../../src/cli/terminal/columns.ts";
import { KeyDecoder } from "../../../src/cli/terminal/keys.ts";
import { LineEditor } from "../../../src/cli/terminal/line_editor.ts";
import { commonStart, LineInput } from "../../../src/cli/terminal/line_input.ts";
import { cutAt } from "../../support/bytes.ts";
import { terminal } from "../../support/fake_terminal.ts";

const [UP, DOWN, LEFT, RIGHT] = ["\x1b[A", "\x1b[B", "\x1b[D", "\x1b[C"];

Deno.test("LineInput returns the edited text", async (t) => {
  const cases: readonly [name: string, keys: string, line: string | undefined][] = [
    ["a line", "get a.txt\r", "get a.txt"],
    ["a correction", "lss\x7f\r", "ls"],
    ["in the middle", `lx${LEFT}s\x1b[3~\r`, "ls"],
    ["at the start", "s\x01l\r", "ls"],
    ["and at the end", "s\x01l\x05 -l\r", "ls -l"],
    ["by the keys of xterm", "b\x1bOHa\x1bOFc\r", "abc"],
    ["by the keys of others", "b\x1b[1~a\x1b[4~c\r", "abc"],
    ["a word taken back", "get one two\x17three\r", "get one three"],
    ["a part of a path", "get a/b\x17c\r", "get a/c"],
    ["to the start, and back", "abc\x15x \x19\r", "x abc"],
    ["to the end", `abcd${LEFT}${LEFT}\x0b\r`, "ab"],
    ["word by word", "aa bb\x1b[1;5D\x1b[1;5DX\x1bfY\r", "XaaY bb"],
    ["a character of several units", "a👩‍👩‍👧é日\x7f\x7f\x7f\r", "a"],
    ["moving over it", `👩‍👩‍👧x${LEFT}${LEFT}y${RIGHT}z\r`, "y👩‍👩‍👧zx"],
    ["an unknown key", "a\x1b[99~\x1b[200;1Rb\x1bZ\x00c\r", "abc"],
    ["Control-C begins anew", "ab\x03c\r", "c"],
    ["Control-D deletes", `ab${LEFT}\x04\r`, "a"],
    ["Control-D ends", "\x04", undefined],
    ["an end", "abc", undefined],
  ];
  for (const [name, keys, line] of cases) {
    await t.step(name, async () => {
      const length = new TextEncoder().encode(keys).length;
      for (const cuts of [[], Array.from({ length }, (_, i) => i)]) {
        const at = terminal(keys, cuts);
        assertEquals(await new LineInput(at).read("> "), line);
        assertEquals(at.modes, [true, false]);
      }
    });
  }
});

Deno.test("LineInput remembers lines", async (t) => {
  const cases: readonly [name: string, keys: string, lines: readonly string[]][] = [
    ["the last", `a\rb\r${UP}\r`, ["a", "b", "b"]],
    ["the one before", `a\rb\r${UP}${UP}\r`, ["a", "b", "a"]],
    ["no further than the oldest", `a\r${UP}${UP}${UP}\r`, ["a", "a"]],
    ["what begins alike", `get x\rls\rget y\rls -l\rget${UP}${UP}\r`, [
      "get x",
      "ls",
      "get y",
      "ls -l",
      "get x",
    ]],
    ["back to the typed text", `a\rnew${UP}${UP}${DOWN}\r`, ["a", "new"]],
    ["down again", `a\rb\r${UP}${UP}${DOWN}${DOWN}x\r`, ["a", "b", "x"]],
    ["changed", `a\rb\r${UP}x\r${UP}\r`, ["a", "b", "bx", "bx"]],
    ["no repetition", `a\rb\rb\r${UP}${UP}\r`, ["a", "b", "b", "a"]],
    ["nothing secret", `a\r b\r${UP}\r`, ["a", " b", "a"]],
  ];
  for (const [name, keys, lines] of cases) {
    await t.step(name, async () => {
      const input = new LineInput(terminal(keys));
      const read = [];
      for (let line = await input.read(""); line !== undefined; line = await input.read("")) {
        read.push(line);
      }
      assertEquals(read, lines);
    });
  }
});

Deno.test("LineInput searches the history (Control-R)", async (t) => {
  const before = "get x\rls -l\rget yz\rput x\r";
  const cases: readonly [name: string, keys: string, line: string][] = [
    ["the last that holds it", "\x12get\r", "get yz"],
    ["an older one", "\x12get\x12\r", "get x"],
    ["no older one", "\x12yz\x12\x12\r", "get yz"],
    ["a shorter query", "\x12ls\x7f\x7f\x7fput\r", "put x"],
    ["nothing", "ab\x12qqq\r", "ab"],
    ["given up", "ab\x12get\x07c\r", "abc"],
    ["by Control-C too", "ab\x12get\x03c\r", "abc"],
    ["found, and changed", "\x12ls\x01x\x05 y\r", "xls -l y"],
  ];
  for (const [name, keys, line] of cases) {
    await t.step(name, async () => {
      const at = terminal(before + keys);
      const input = new LineInput(at);
      for (let count = 0; count < 4; count++) await input.read("> ");
      assertEquals(await input.read("> "), line);
      assert(at.shown().includes("(search: "));
      // The next search begins at the end again.
      assertEquals(input.editor.query, undefined);
    });
  }
});

Deno.test("a paste of several lines must be confirmed", async (t) => {
  const paste = (text: string) => `\x1b[200~${text}\x1b[201~`;
  const cases: readonly [name: string, keys: string, lines: readonly string[]][] = [
    ["one line", `a${paste("b c")}d\r`, ["ab cd"]],
    ["characters of two units", `${paste("👩‍👩‍👧😀😀😀😀")}\r`, ["👩‍👩‍👧😀😀😀😀"]],
    ["control characters are text", `${paste("a\x03\x04\x1b[A\x7fb")}\r`, ["a[Ab"]],
    ["taken", `${paste("one\ntwo\rthree\r\n")}\rx\r`, ["one", "two", "three", "x"]],
    ["the last line can be edited", `${paste("one\ntwo")}\rx\r`, ["one", "twox"]],
    ["around typed text", `ac${LEFT}${paste("1\n2")}\r\r`, ["a1", "2c"]],
    ["dropped", `${paste("rm a\nrm b\n")}\x03ls\r`, ["ls"]],
    ["dropped by any key", `${paste("rm a\nrm b\n")}nls\r`, ["ls"]],
  ];
  for (const [name, keys, lines] of cases) {
    await t.step(name, async () => {
      const length = new TextEncoder().encode(keys).length;
      for (const cuts of [[], Array.from({ length }, (_, i) => i)]) {
        const at = terminal(keys, cuts);
        const input = new LineInput(at);
        const read = [];
        for (let line = await input.read(""); line !== undefined; line = await input.read("")) {
          read.push(line);
        }
        assertEquals(read, lines);
        assertEquals(
          at.shown().includes(" lines were pasted: Enter takes them"),
          /\n|\r./.test(
            keys.slice(0, keys.indexOf("\x1b[201~")),
          ),
        );
      }
    });
  }
  await t.step("one whose end does not come is not waited for", async () => {
    const at = terminal("\x1b[200~ls\x03");
    const read = at.read;
    at.read = async (p) => {
      const count = await read(p);
      if (count !== null) return count;
      // By now the person has noticed that nothing happens.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      p[0] = 13;
      return 1;
    };
    assertEquals(await new LineInput(at).read(""), "ls");
  });
  await t.step("no more than 64 KiB of it, and its end is found", async () => {
    const at = terminal(`${paste("x".repeat(200_000))}y\r`);
    const input = new LineInput(at, { editor: new LineEditor({ maxLength: 100_000 }) });
    assertEquals((await input.read(""))?.length, 65_537);
  });
});

Deno.test("a line that a narrower terminal has broken is drawn anew from its beginning", async () => {
  const at = terminal("0123456789012345678901234567890123456789x\r", [], 60);
  const read = at.read;
  let count = 0;
  let width = 60;
  Object.defineProperty(at, "columns", { get: () => width });
  at.read = async (p) => {
    if (++count === 41) width = 20;
    return await read(p);
  };
  assertEquals((await new LineInput(at).read("> "))?.length, 41);
  // The cursor was in column 42: two lines of twenty below the first.
  assert(at.shown().includes("\r\x1b[2A\x1b[J> "));
});

Deno.test("LineInput completes", async (t) => {
  const names = ["readme.md", "readme.txt", "src/", "\\x1b[2J"];
  const cases: readonly [name: string, keys: string, line: string, list: boolean][] = [
    ["the only one", "get s\t\r", "get src/", false],
    ["what all have in common", "get r\t\r", "get readme.", false],
    ["in the middle", `get s x${LEFT}${LEFT}\t\r`, "get src/ x", false],
    ["and lists the rest", "get readme.\t\r", "get readme.", true],
    ["nothing", "get q\t\r", "get q", false],
    ["nothing after a failure", "fail\t\r", "fail", false],
  ];
  for (const [name, keys, line, list] of cases) {
    await t.step(name, async () => {
      const at = terminal(keys);
      const input = new LineInput(at, {
        complete(before) {
          if (before === "fail") return Promise.reject(new Error("gone"));
          const typed = before.slice(before.lastIndexOf(" ") + 1);
          const shown = names.filter((name) => name.startsWith(typed));
          return Promise.resolve({ length: typed.length, insert: commonStart(shown), shown });
        },
      });
      assertEquals(await input.read("> "), line);
      assertEquals(at.shown().includes("readme.md   readme.txt"), list);
    });
  }
});

Deno.test("a long line shows the part around the cursor", async () => {
  const at = terminal(`0123456789abcdefghijklmnopqrstuvwxyz${LEFT.repeat(10)}X\r`, [], 30);
  await new LineInput(at).read("> ");
  // The last state before Enter: the window, then back to the cursor.
  const last = at.shown().split("\r").findLast((text) => text.startsWith("> "))!;
  assertEquals(last, "> 89abcdefghijklmnopXqrstuvwx\x1b[K\x1b[8D");
  assert(columns(last.split("\x1b")[0]!) < 30);
});

Deno.test("text is printed above the line, which stays", async () => {
  const at = terminal("hello\r");
  const input = new LineInput(at);
  const read = at.read;
  let count = 0;
  at.read = async (p) => {
    if (++count === 3) await input.print("one\ntwo");
    return await read(p);
  };
  assertEquals(await input.read("> "), "hello");
  assert(at.shown().includes("\r\x1b[Kone\r\ntwo\r\n> he\x1b[K"));
});

Deno.test("text that is printed while a line begins leaves no prompt behind", async () => {
  const at = terminal("x\r");
  const input = new LineInput(at);
  const write = at.write;
  at.write = async (text) => {
    // A line of another user comes with each of our writes.
    const printed = count++ < 3 ? input.print("hello") : undefined;
    await write(text);
    void printed;
  };
  let count = 0;
  assertEquals(await input.read("> "), "x");
  // Blanks behind a prompt would leave it in a line of its own.
  // deno-lint-ignore no-control-regex -- it begins with ESC
  assertEquals(/> \x1b\[K +\r/.test(at.shown()), false, JSON.stringify(at.shown()));
});

Deno.test("a finished line stays, or is taken away", async () => {
  const at = terminal("said\r/asked\r");
  const input = new LineInput(at, { stays: (line) => line.startsWith("/") });
  assertEquals(await input.read("> "), "said");
  assert(at.shown().endsWith("> said\x1b[K\r\x1b[K"));
  assertEquals(await input.read("> "), "/asked");
  assert(at.shown().endsWith("> /asked\x1b[K\r\n"));
});

Deno.test("pasted text cannot control the terminal", async () => {
  const at = terminal("a\u202eb\u200b\u009b2J\r");
  assertEquals(await new LineInput(at).read("> "), "a\u202eb\u200b2J");
  assert(at.shown().includes("a\\u{202e}b\\u{200b}2J"));
});

Deno.test("KeyDecoder gives the same keys however they are cut, and never fails", () => {
  const piece = fc.constantFrom(
    "\x1b",
    "[",
    "O",
    "1",
    ";",
    "5",
    "~",
    "C",
    "A",
    "é",
    "日",
    "\x03",
    "x",
  );
  fc.assert(fc.property(
    fc.oneof(
      fc.array(piece).map((parts) => new TextEncoder().encode(parts.join(""))),
      fc.uint8Array(),
    ),
    fc.array(fc.nat(20)),
    (bytes, cuts) => {
      const whole = new KeyDecoder().decode(bytes);
      const decoder = new KeyDecoder();
      const pieces = cutAt(bytes, cuts).flatMap((part) => decoder.decode(part));
      assertEquals(pieces, whole);
    },
  ));
});

Deno.test("LineEditor keeps its limits and its text whole, whatever is pressed", () => {
  const key = fc.oneof(
    fc.constantFrom("a", "é", "😀", "e\u0301", " ", "/").map((text) => ({ text })),
    fc.constantFrom(
      ...([
        "left",
        "right",
        "home",
        "line-end",
        "word-left",
        "word-right",
        "back",
        "delete",
        "older",
        "newer",
        "delete-word-left",
        "delete-word-right",
        "delete-to-start",
        "delete-to-end",
        "yank",
        "end",
      ] as const).map((name) => ({ name })),
    ),
  );
  fc.assert(fc.property(fc.array(key, { maxLength: 60 }), (keys) => {
    const editor = new LineEditor({ history: ["ls", "get a"], maxLength: 20 });
    for (const one of keys) {
      const { text } = editor;
      editor.press(one);
      assert(editor.text.length <= 20);
      assert(editor.text.isWellFormed());
      if (
        "name" in one && /left$|right$|home|line-end/.test(one.name) &&
        !one.name.startsWith("delete")
      ) {
        assertEquals(editor.text, text);
      }
    }
  }));
});

Deno.test("columns() and inColumns() measure text as a terminal shows it", async () => {
  await loadWidths();
  const words = ["ls", "né", "日本", "e\u0301", "👩‍👩‍👧", "❤️", "🇩🇪", "한", "ꥠ", "ｶﾞ", "a\ufe0f"];
  assertEquals(words.map(columns), [2, 2, 4, 1, 2, 2, 2, 2, 2, 2, 1]);
  assertEquals(inColumns(["a", "bb", "日", "d", "e"], 8), ["a   d", "bb  e", "日"]);
  assertEquals(inColumns([], 80), []);
  assertEquals(inColumns(["a".repeat(100), "b"], 80), ["a".repeat(100), "b"]);
});
