import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { UsageError } from "../../../../src/net/mod.ts";
import { expand } from "../../../../src/cli/ftp/shell/patterns.ts";
import { escapeWord, parseLine } from "../../../../src/cli/ftp/shell/words.ts";

Deno.test("parseLine() takes words apart as sh does", async (t) => {
  const cases: readonly [line: string, words: readonly string[], patterns?: readonly string[]][] = [
    ["", []],
    ["  get\ta  b ", ["get", "a", "b"]],
    ["get 'my file' \"your file\"", ["get", "my file", "your file"]],
    ["get my\\ file", ["get", "my file"]],
    ["a'b'\"c\"d", ["abcd"]],
    ["'' \"\"", ["", ""]],
    ['"a \\" \\\\ \\n"', ['a " \\ \\n']],
    ["'a \\ b'", ["a \\ b"]],
    ["get a # not b", ["get", "a"]],
    ["get a#b '#c'", ["get", "a#b", "#c"]],
    ["get *.txt", ["get", "*.txt"], ["*.txt"]],
    ["get '*'.txt \\*.txt", ["get", "*.txt", "*.txt"]],
    ["get '*'*[a]", ["get", "**[a]"], ["\\**[a]"]],
    ["get 'a\"b'", ["get", 'a"b']],
  ];
  for (const [line, words, patterns = []] of cases) {
    await t.step(line, () => {
      const parsed = parseLine(line);
      assertEquals(parsed.words.map(({ text }) => text), words);
      assertEquals(parsed.words.flatMap(({ pattern }) => pattern ?? []), patterns);
      assertEquals(parsed.isOpen, false);
    });
  }
  for (const line of ["'a", 'x "b c', "a\\"]) assert(parseLine(line).isOpen);
});

Deno.test("escapeWord() and parseLine() are each other's inverse", () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1 }), (texts) => {
    const { words, isOpen } = parseLine(texts.map(escapeWord).join(" "));
    assertEquals(words.map(({ text }) => text), texts);
    assert(!isOpen && words.every(({ pattern }) => pattern === undefined));
  }));
  fc.assert(fc.property(fc.string({ unit: "binary" }), (line) => {
    for (const { start } of parseLine(line).words) assert(start < line.length);
  }));
});

const TREE: Readonly<Record<string, readonly string[]>> = {
  "": ["a.txt", "b.txt", ".hidden", "sub/", "sub2/", "c*d"],
  "sub/": ["x.txt", "y"],
  "sub2/": ["x.txt"],
  "/": ["top.txt"],
};

Deno.test("expand() finds names that match a pattern", async (t) => {
  const list = (folder: string) =>
    Promise.resolve((TREE[folder] ?? []).map((name) => ({
      name: name.replace("/", ""),
      isFolder: name.endsWith("/"),
    })));
  const cases: readonly [typed: string, paths: readonly string[]][] = [
    ["*.txt", ["a.txt", "b.txt"]],
    ["?.txt", ["a.txt", "b.txt"]],
    ["[b-z].txt", ["b.txt"]],
    ["*", ["a.txt", "b.txt", "c*d", "sub", "sub2"]],
    [".*", [".hidden"]],
    ["sub*/x*", ["sub/x.txt", "sub2/x.txt"]],
    ["sub/*", ["sub/x.txt", "sub/y"]],
    ["/*", ["/top.txt"]],
    ["*/", ["sub/", "sub2/"]],
    ["*\\**", ["c*d"]],
    ["plain", ["plain"]],
    ["'*.txt'", ["*.txt"]],
    ["{a,b}.txt", ["{a,b}.txt"]],
  ];
  for (const [typed, paths] of cases) {
    await t.step(typed, async () => {
      const [word] = parseLine(typed).words;
      assertEquals(await expand(word!, list), paths);
    });
  }
  await t.step("nothing", async () => {
    const [word] = parseLine("*.none").words;
    await assertRejects(() => expand(word!, list), UsageError, "nothing is called like this");
  });
});
