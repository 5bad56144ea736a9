/** `netwright ftp shell` as a process: scripts, a person at a terminal, and limits. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { systemNetwork } from "../../../../src/net/mod.ts";
import { DiskTree } from "../../../../src/stores/mod.ts";
import { Served } from "../../../support/ftp_served.ts";
import { atTerminal } from "../../../support/at_terminal.ts";
import { netwright } from "../../../support/netwright.ts";
import { put, TestFolder } from "../../../support/trees.ts";

async function started() {
  const folder = await TestFolder.make();
  const [root, local] = [`${folder.path}/root`, `${folder.path}/local`];
  await put(`${root}/pub/a.txt`, "hello\n");
  await put(`${root}/pub/b c.txt`, "two\n");
  await put(`${root}/my dir/x`, "x");
  await put(`${local}/up.txt`, "up\n");
  await put(`${local}/in/er.txt`, "");
  const served = new Served({}, systemNetwork(), new DiskTree(root));
  return {
    root,
    local,
    url: `ftp://ann@127.0.0.1:${served.endpoint.port}`,
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const ENV = { NETWRIGHT_PASSWORD: "secret" };

Deno.test("a shell runs scripts", async (t) => {
  await using at = await started();
  const shell = (lines: string, ...options: string[]) =>
    netwright(["ftp", "shell", at.url, "--local", at.local, ...options], {
      env: ENV,
      stdin: lines,
    });
  const here = (text: string): string => text.replaceAll("LOCAL", at.local);
  const cases: readonly [
    name: string,
    lines: string,
    code: number,
    stdout: string,
    stderr: RegExp,
  ][] = [
    ["nothing", "", 0, "", /^$/],
    ["remarks and empty lines", "# one\n\n  \npwd # two\n", 0, "/\n", /^$/],
    [
      "where it is",
      "cd pub\npwd\ncd ..\npwd\ncd pub/../pub\npwd\ncd\npwd\n",
      0,
      "/pub\n/\n/pub\n/\n",
      /^$/,
    ],
    [
      "lists",
      "ls\ncd pub\nls\nls ..\nls *.txt\nls . '../my dir'\n",
      0,
      "my dir\npub\na.txt\nb c.txt\nmy dir\npub\n/pub/a.txt\n/pub/b c.txt\n/pub:\na.txt\nb c.txt\n\n/my dir:\nx\n",
      /^$/,
    ],
    ["shows", "cat pub/a.txt 'pub/b c.txt' pub/b\\ *\n", 0, "hello\ntwo\ntwo\n", /^$/],
    ["gets", "cd pub\nget *.txt --to got.\nlls\n", 2, "", /a folder for several files/],
    [
      "gets by pattern",
      "cd pub\nlcd in\nget *.txt\nlls\nlcd\nlls in\n",
      0,
      "a.txt\nb c.txt\ner.txt\na.txt\nb c.txt\ner.txt\n",
      /^LOCAL\/in\/a\.txt: 6 bytes\nLOCAL\/in\/b c\.txt: 4 bytes\n$/,
    ],
    [
      "puts by pattern",
      "mkdir new\ncd new\nput up* in/er.txt\nls\ncat up.txt\n",
      0,
      "er.txt\nup.txt\nup\n",
      /^\/new\/up\.txt: 3 bytes\n\/new\/er\.txt: 0 bytes\n$/,
    ],
    [
      "renames, removes",
      "mv new/up.txt pub/\nmv pub/up.txt pub/down.txt\nls pub\nrm pub/down.txt new/er.txt new/\nls\n",
      0,
      "a.txt\nb c.txt\ndown.txt\nmy dir\npub\n",
      /^$/,
    ],
    [
      "mirrors",
      "mirror pub\nlls pub\nmirror pub pub\n",
      0,
      "a.txt\nb c.txt\n",
      /^2 files transferred \(10 bytes\), 0 unchanged\n0 files transferred \(0 bytes\), 2 unchanged\n$/,
    ],
    ["sends commands", "cd pub\nquote PWD\n", 0, '257 "/pub" is the current folder.\n', /^$/],
    ["stops at the first failure", "cat none\npwd\n", 1, "", /550/],
    ["unless a dash says otherwise", "-cat none\npwd\n", 0, "/\n", /550/],
    ["stops at exit", "pwd\nbye\npwd\n", 0, "/\n", /^$/],
    ["a slip", "gte a\n", 2, "", /there is no "gte"; did you mean get\?/],
    ["an open quote", "cat 'a\n", 2, "", /a quote is not closed/],
    ["too many words", "cd a b\n", 2, "", /too many words: cd \[PATH\]/],
    ["an unknown option", "ls --lng\n", 2, "", /did you mean --long/],
    [
      "help",
      "help cd\nhelp chmod\n",
      0,
      "cd [PATH]\n    go to another folder; without one, to the first\nchmod MODE PATH…\n    change permission bits\n",
      /^$/,
    ],
    ["nothing outside", "get pub/a.txt --to ../x\n", 2, "", /\.\.\/x: this is outside of LOCAL/],
    ["nothing outside by a way back", "lcd in/../..\n", 2, "", /this is outside/],
    ["nothing outside from the root", "put /etc/passwd\n", 2, "", /\/etc\/passwd: this is outside/],
    [
      "no program",
      "!true\n",
      2,
      "",
      /true: programs are started only if they were allowed .*--allow-program true/,
    ],
    ["no input of its own", "put -\n", 2, "", /standard input is the shell's/],
  ];
  for (const [name, lines, code, stdout, stderr] of cases) {
    await t.step(name, async () => {
      const result = await shell(lines);
      assertMatch(result.stderr, new RegExp(here(stderr.source), stderr.flags));
      assertEquals([result.code, result.stdout], [code, stdout]);
    });
  }
  await t.step("an allowed program, in the local folder", async () => {
    const { code, stdout, stderr } = await shell(
      "lcd in\n!ls er.txt\n!ls none\n",
      "--allow-program",
      "ls",
    );
    assertEquals([code, stdout], [1, "er.txt\n"]);
    assertMatch(stderr, /ls: it ended with status 2/);
  });
  await t.step("lines of the command line", async () => {
    const { code, stdout } = await shell("cd nowhere\n", "-e", "cd pub", "-e", "ls");
    assertEquals([code, stdout], [0, "a.txt\nb c.txt\n"]);
  });
  await t.step("a server that hung up is called again", async () => {
    const { code, stdout } = await shell("cd pub\nquote QUIT\n-ls\nls\n");
    assertEquals([code, stdout], [0, "221 Goodbye.\na.txt\nb c.txt\n"]);
  });
  await t.step("its permissions", async () => {
    const { stdout } = await shell("", "--permissions", "--allow-program", "ls");
    assertMatch(
      stdout,
      new RegExp(here("^net +127\\.0\\.0\\.1\nread +LOCAL\nwrite +LOCAL\nenv .*\nrun +ls\n")),
    );
  });
  await t.step("no server", async () => {
    const { code, stderr } = await netwright(["ftp", "shell", "ftp://127.0.0.1:1", "-e", "pwd"]);
    assertEquals(code, 1);
    assertMatch(stderr, /^netwright: ftp shell: 127\.0\.0\.1:1: connection refused/);
  });
});

Deno.test({
  name: "a shell at a terminal: completion, history, Control-C",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using at = await started();
    await put(`${at.root}/pub/big`, "x".repeat(200_000));
    const history = `${at.local}/history`;
    const words = [
      ...[
        "ftp",
        "shell",
        at.url,
        "--local",
        at.local,
        "--history",
        history,
        "--allow-program",
        "sh",
      ],
    ];
    await using shell = await atTerminal(words, ENV);
    await shell.until("ann@127.0.0.1:/> ");
    await shell.type("ca\tmy\tx\t\r");
    await shell.until("cat my\\ dir/x \x1b[K\r\r\nx");
    await shell.until("/> ");
    // Candidates are listed, and the edited line is drawn again below.
    await shell.type("cd pu\t\rcat \t\t");
    await shell.until("a.txt    b c.txt  big\r\r\n");
    await shell.type("a\t\r");
    await shell.until("hello\r\n");
    await shell.until("/pub> ");
    await shell.type("\x1b[A\x1b[A\x03");
    await shell.until("cd pub/");
    await shell.until("^C");
    await shell.type("!sh -c 'echo ready; exec cat'\r");
    // Keys count as the terminal's own mode has them only once it is in that mode.
    await shell.until("\nready\r\n");
    // Only what runs in the terminal's own mode is interrupted by its key.
    await shell.type("echo\r");
    await shell.until("echo\r\necho\r\n");
    await shell.type("\x03");
    // The key reaches both; either may report it first.
    await shell.until("SIGINT");
    await shell.until("/pub> ");
    using watcher = Deno.watchFs(at.local);
    await shell.type("get big --limit-rate 1K\r");
    // An ended program writes nothing more: the next wait then shows its output.
    const onTimeout = setTimeout(() => watcher.close(), 20_000);
    for await (const { paths } of watcher) if (paths.some((path) => path.endsWith(".part"))) break;
    clearTimeout(onTimeout);
    await shell.type("\x03");
    await shell.until("stopped by SIGINT");
    await shell.until("/pub> ");
    await shell.type("get -c big\r");
    await shell.until("big: 200000 bytes");
    await shell.until("/pub> ");
    await shell.type(" pwd\r");
    await shell.until("\r\n/pub\r\n");
    await shell.until("/pub> ");
    await shell.type("\x04");
    assertEquals(await shell.status(), 0);
    assertEquals(
      (await Deno.readTextFile(history)).split("\n").map((line) => line.trim()),
      [
        "cat my\\ dir/x",
        "cd pub/",
        "cat a.txt",
        "!sh -c 'echo ready; exec cat'",
        "get big --limit-rate 1K",
        "get -c big",
        "",
      ],
    );
    assertEquals((await Deno.stat(history)).mode! & 0o777, 0o600);
    assertEquals(await Deno.readTextFile(`${at.local}/big`), "x".repeat(200_000));
  },
});

Deno.test({
  name: "TERM ends a shell at a terminal, which is left unchanged",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using at = await started();
    await using shell = await atTerminal(
      ["ftp", "shell", at.url, "--local", at.local],
      ENV,
      "; stty -a",
    );
    await shell.until("/> ");
    Deno.kill(shell.pid, "SIGTERM");
    await shell.until("stopped by SIGTERM");
    await shell.until("icanon");
    assert(!shell.text().includes("-icanon"));
  },
});
