/** Each client against servers that do what no server should: one clear line, and never a hang. */

import { assertEquals, assertMatch } from "@std/assert";
import { HOSTILE_SERVERS, type HostileKind } from "../../support/hostile_servers.ts";
import { netwright, OFFLINE_FLAGS, ROOT } from "../../support/netwright.ts";

/** The command lines; `@` is for the server's endpoint. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  chargen: ["chargen", "@", "--bytes", "1000"],
  daytime: ["daytime", "@"],
  discard: ["discard", "@"],
  echo: ["echo", "@", "--message", "hi"],
  finger: ["finger", "@@"],
  gab: ["gab", "@"],
  line: ["line", "@"],
  pipe: ["pipe", "@", "--", "cat"],
  qotd: ["qotd", "@"],
  time: ["time", "@"],
};

/** What each says of each server, after its own name and the server's; nothing where it succeeds. */
const REMARKS: Readonly<Record<HostileKind, Readonly<Record<string, RegExp>>>> = {
  reset: {
    chargen: /connection reset by the peer/,
    daytime: /connection reset by the peer/,
    discard: /connection reset by the peer/,
    // Its four bytes may come before the reset or not.
    echo: /(?:connection reset by the peer|something else came back than was sent)/,
    finger: /connection reset by the peer/,
    gab: /connection reset by the peer/,
    line: /connection reset by the peer/,
    pipe: /connection reset by the peer/,
    qotd: /connection reset by the peer/,
  },
  hangup: {
    daytime: /the answer is empty/,
    echo: /the peer closed after 0 of 4 bytes/,
    line: /no line was received/,
    qotd: /the answer is empty/,
    time: /the answer has fewer than 4 bytes/,
  },
  silence: {
    chargen: /no answer for 0\.3 s/,
    daytime: /not done within 0\.3 s/,
    echo: /no answer for 0\.3 s/,
    finger: /not done within 0\.3 s/,
    gab: /no answer for 0\.3 s/,
    line: /no answer for 0\.3 s/,
    pipe: /no answer for 0\.3 s/,
    qotd: /not done within 0\.3 s/,
    time: /not done within 0\.3 s/,
  },
  endless: {
    daytime: /more than 4096 bytes came/,
    echo: /something else came back than was sent/,
    finger: /more than 1048576 bytes came/,
    line: /a line is longer than 65536 bytes/,
    qotd: /more than 65536 bytes came/,
  },
  rubbish: {
    daytime: /more than 4096 bytes came/,
    echo: /something else came back than was sent/,
  },
  escapes: { echo: /something else came back than was sent/ },
};

for (const [kind, start] of Object.entries(HOSTILE_SERVERS)) {
  Deno.test(`a server's ${kind} ends no client with a trace or a hang`, async (t) => {
    await using server = await start();
    const timeout = ["--timeout", kind === "silence" ? "0.3" : "20"];
    for (const [name, line] of Object.entries(COMMANDS)) {
      // Here as well, and then they are an answer.
      if (kind === "reset" && name === "time") continue;
      await t.step(name, async () => {
        const [command = "", ...rest] = line.map((word) => word.replace(/@$/, server.endpoint));
        const ended = await netwright([command, ...timeout, ...rest], { stdin: "x\n" });
        const remark = REMARKS[kind as HostileKind][name];
        if (remark === undefined) assertEquals([ended.code, ended.stderr], [0, ""]);
        else {
          assertEquals(ended.code, 1, ended.stderr);
          assertMatch(
            ended.stderr,
            new RegExp(`^netwright: ${name}: ${server.endpoint}: ${remark.source}[^\\n]*\\n$`),
          );
        }
      });
    }
  });
}

Deno.test("escapes are removed for a terminal, and reach a pipe unchanged", async (t) => {
  await using server = await HOSTILE_SERVERS.escapes();
  const sending = { pipe: ["pipe", "--send", "@", "--", "true"] };
  for (const [name, line] of Object.entries({ ...COMMANDS, ...sending })) {
    // These print nothing that came.
    if (["discard", "echo", "time"].includes(name)) continue;
    await t.step(name, async () => {
      const words = line.map((word) => word.replace(/@$/, server.endpoint));
      const { stdout } = await new Deno.Command("script", {
        args: [
          "-qec",
          `deno run -A ${OFFLINE_FLAGS.join(" ")} main.ts ${words.join(" ")} < /dev/null`,
          "/dev/null",
        ],
        cwd: ROOT,
        env: { NO_COLOR: "1" },
        stdin: "null",
      }).output();
      const text = new TextDecoder().decode(stdout);
      assertMatch(text, /^\\x1b\]0;owned\\x07\\x1b\[2J\\u\{202e\}gnp\.exe(\\x9b)?.*31mred\r\n$/);
      const piped = await netwright(words);
      assertMatch(piped.stdout, /^\x1b\]0;owned\x07\x1b\[2J/);
    });
  }
});
