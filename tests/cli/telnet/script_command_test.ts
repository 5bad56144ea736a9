/** `telnet script` as a process: local programs on a terminal, checks, mistakes. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { flagsOf, netwright } from "../../support/netwright.ts";
import { TestFolder } from "../../support/trees.ts";

const ASK = 'printf "name? "; read name; stty -echo; printf "Password: "; read word; stty echo; ' +
  'echo; echo "hello $name, $' + '{#word} characters"; stty size; exit 3';

const TALK = `
- expect: "name? "
- send: "\${name}"
- secret: { file: word.txt }
- expect: { pattern: '(?<count>\\d+) characters' }
- expect: { end: true }
  save: rest
- print: "\${count}:\${rest}"
`;

Deno.test("a program on a terminal of its own, sandboxed and in place", async () => {
  await using folder = await TestFolder.make();
  const file = `${folder.path}/talk.yaml`;
  await Deno.writeTextFile(file, TALK);
  await Deno.writeTextFile(`${folder.path}/word.txt`, "hidden-word\n");
  const words = ["telnet", "script", file, "--set", "name=ann", "--wire", "--exec", "sh"];
  const line = [...words, "--", "-c", ASK];
  const before = (await Deno.readTextFile(file)).length;
  assert(before > 0);
  for (const options of [{}, { flags: await flagsOf(line) }]) {
    const { code, stdout, stderr } = await netwright(line, options);
    assertEquals([code, stdout], [0, "11:\n50 200\n"], stderr);
    assert(!stderr.includes("hidden-word") && stderr.includes("C: ********"), stderr);
  }
});

Deno.test("mistakes of the command line and of the file", async () => {
  await using folder = await TestFolder.make();
  const file = `${folder.path}/a.yaml`;
  const run = async (content: string, ...more: string[]) => {
    await Deno.writeTextFile(file, content);
    return await netwright(["telnet", "script", file, ...more]);
  };
  const cases: [content: string, more: string[], code: number, message: RegExp][] = [
    ["- expect: x\n", [], 2, /a TARGET or --exec is missing/],
    ["- expect: x\n", ["host", "--exec", "sh"], 2, /exclude each other/],
    ["- expect: x\n", ["--exec", "sh", "--set", "usr=x"], 2, /a\.yaml has no variable usr/],
    ["- expext: x\n", ["--exec", "sh"], 2, /a\.yaml:1:1: "expext" is unknown; a step is one of/],
    ["- expect: x\n  - b\n", ["--exec", "sh"], 2, /a\.yaml:\d+:\d+: /],
    ["- send: ${x}\n", ["--exec", "sh"], 2, /a\.yaml:1:1: nothing sets the variable x/],
    ["- expect: x\n", ["--exec", "/nowhere/at/all"], 1, /\/nowhere\/at\/all: No such file/],
    ["- expect: x\n", ["--exec", "true"], 1, /a\.yaml:1:1: the conversation ended before "x" came/],
    [
      "- secret: { env: NETWRIGHT_TEST_UNSET }\n",
      ["--exec", "cat"],
      1,
      /a\.yaml:1:1: .*UNSET is not set/,
    ],
  ];
  for (const [content, more, code, message] of cases) {
    const ended = await run(content, ...more);
    assertEquals([ended.code, ended.stdout], [code, ""], ended.stderr);
    assertMatch(ended.stderr, message);
  }
  const checked = await run("- expect: { pattern: '(a' }\n- sned: b\n- send: c\n", "--check");
  assertEquals(checked.code, 1);
  assertMatch(
    checked.stdout,
    /^\S+a\.yaml:1:1: not a pattern: missing closing \): `\(a`\n\S+a\.yaml:2:1: "sned" is unknown; .*\n$/,
  );
  assertMatch((await run("- send: c\n", "--check")).stdout, /a\.yaml: 1 steps, no mistakes\n$/);
});

Deno.test("a program that stays is ended with the command, by a signal too", async () => {
  await using folder = await TestFolder.make();
  const file = `${folder.path}/a.yaml`;
  await Deno.writeTextFile(file, "- timeout: 0.3\n- expect: never\n");
  const mark = `7${Math.floor(Math.random() * 1e6)}`;
  const { code } = await netwright([
    ...["telnet", "script", file, "--exec", "sh", "--"],
    ...["-c", `trap "" HUP TERM; sleep ${mark}; :`],
  ]);
  assertEquals(code, 1);
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "args"] }).output();
  assert(!new TextDecoder().decode(stdout).includes(`sleep ${mark}`));
});
