/** Our client against Debian's `telnetd`. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { netwright, OFFLINE_FLAGS } from "../support/netwright.ts";
import { needs } from "./peers/needs.ts";
import { startTelnetd, type Telnetd } from "./peers/telnetd.ts";
import { Terminal } from "./peers/tmux.ts";

const IS_MISSING = !(await needs("telnetd") && await needs("socat"));

/** The options of a login. */
function login({ user, passwordFile }: Telnetd): string[] {
  return ["--login", user, "--password-file", passwordFile];
}

Deno.test({
  name: "telnet run: login, commands, their output and the status of the one that failed",
  ignore: IS_MISSING,
  async fn() {
    await using server = await startTelnetd();
    const run = (commands: readonly string[], stdin = "") =>
      netwright(["telnet", "run", server.endpoint, ...login(server), "--", ...commands], { stdin });
    const { code, stdout, stderr } = await run([
      ...["whoami", "cd /tmp", "pwd", "printf 'no end'", "stty size", "false", "nosuchprogram"],
    ]);
    assertEquals(stderr, "");
    assertEquals(
      stdout,
      `${server.user}\n/tmp\nno end50 200\n-bash: nosuchprogram: command not found\n`,
    );
    assertEquals(code, 1);
    assertMatch((await run(["ps"])).stdout, /^ +PID TTY +TIME CMD\n(?: *\d+ pts\/\d+ .*\n)+$/);
    const many = Array.from({ length: 1000 }, (_, at) => `echo ${at} $((${at} * 7))`);
    const all = await run([], many.join("\n"));
    assertEquals(all.stdout.split("\n").length, 1001);
    assertEquals(all.stdout, many.map((_, at) => `${at} ${at * 7}\n`).join(""));
    const large = await run(["seq 1 20000", "exit 3"]);
    const numbers = Array.from({ length: 20_000 }, (_, at) => `${at + 1}\n`).join("");
    assertEquals(large.stdout.slice(0, numbers.length), numbers);
  },
});

Deno.test({
  name: "telnet run: a wrong password is one clear error, and is shown nowhere",
  ignore: IS_MISSING,
  async fn() {
    await using server = await startTelnetd();
    const words = ["telnet", "run", server.endpoint, "--login", server.user, "--wire"];
    const env = { NETWRIGHT_PASSWORD: "not-the-password" };
    const { code, stdout, stderr } = await netwright([...words, "--", "ps"], { env });
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /\nnetwright: telnet run: the login of \w+ was rejected \(last seen: /);
    assert(!stderr.includes("not-the-password"), stderr);
    assert(stderr.includes("C: ********"), stderr);
  },
});

Deno.test({
  name: "the shipped dialogues: remote ps, and a password that is changed and changed back",
  ignore: IS_MISSING,
  async fn() {
    await using server = await startTelnetd();
    const script = (name: string, env: Record<string, string>, ...more: string[]) =>
      netwright(
        [
          ...["telnet", "script", `docs/dialogues/${name}.yaml`, server.endpoint, "--wire"],
          ...["--set", `user=${server.user}`, ...more],
        ],
        { env },
      );
    const { user, password } = server;
    const ps = await script("remote_ps", { NETWRIGHT_PASSWORD: password }, "--set", "command=ps");
    assertMatch(ps.stdout, /^ +PID TTY +TIME CMD\n(?: *\d+ pts\/\d+ .*\n)+$/);
    assert(!ps.stderr.includes(password), ps.stderr);
    const other = `b-${crypto.randomUUID()}`;
    for (const [before, after] of [[password, other], [other, password]] as const) {
      const env = { OLD_PASSWORD: before, NEW_PASSWORD: after };
      const changed = await script("change_password", env);
      assertEquals(changed.stdout, `the password of ${user} was changed\n`, changed.stderr);
      assert(!changed.stderr.includes(before) && !changed.stderr.includes(after));
    }
    const wrong = await script("change_password", { OLD_PASSWORD: other, NEW_PASSWORD: "x" });
    assertEquals([wrong.code, wrong.stdout], [1, ""]);
    assertMatch(wrong.stderr, /change_password\.yaml:\d+:\d+: the login of \w+ was rejected/);
  },
});

Deno.test({
  name: "telnet at a terminal: keys, sizes, the escape key; the terminal is restored",
  ignore: IS_MISSING || !await needs("tmux"),
  async fn() {
    await using server = await startTelnetd();
    await using terminal = await Terminal.open();
    const settings = async (): Promise<string> => {
      await terminal.type("clear; stty -g; echo done");
      await terminal.press("Enter");
      return /^[0-9a-f:]+$/m.exec(await terminal.until(/^done$/m))?.[0] ?? "none";
    };
    const before = await settings();
    const telnet = `${Deno.execPath()} run -A ${OFFLINE_FLAGS.join(" ")} main.ts telnet`;
    await terminal.type(`clear; ${telnet} ${server.endpoint}`);
    await terminal.press("Enter");
    await terminal.until(/^connected to .*; \^\] opens the prompt$/m);
    await terminal.until(/login: ?$/);
    await terminal.type(server.user);
    await terminal.press("Enter");
    await terminal.until(/Password: ?$/);
    await terminal.type(server.password);
    await terminal.press("Enter");
    const prompt = `${server.user}@host:~\\$`;
    const shown = await terminal.until(new RegExp(`^${prompt} ?$`, "m"));
    assert(!shown.includes(server.password));
    const run = async (line: string, expected: RegExp): Promise<string> => {
      await terminal.type(line);
      await terminal.press("Enter");
      return await terminal.until(expected);
    };
    await run("clear; stty size", /^30 100$/m);
    await terminal.resize(90, 25);
    await run("clear; stty size; echo $TERM", /^25 90\n\S+$/m);
    await run("clear; echo waiting; sleep 100; echo never", /^waiting$/m);
    await terminal.press("C-c");
    await terminal.until(new RegExp(`\\^C\\n(?:never\\n)?${prompt} ?$`));
    await run("clear; echo begun; cat", /^begun$/m);
    await run("to cat", /to cat\nto cat$/);
    await terminal.press("C-d");
    await terminal.until(new RegExp(`to cat\\nto cat\\n${prompt} ?$`));
    await terminal.press("C-]");
    await terminal.until(/^telnet> ?$/m);
    await run("status", /input: character by character, shown by the server/);
    await terminal.press("C-]");
    await run("send ayt", /\[Yes\]/);
    await terminal.press("C-d");
    await terminal.until(/^connection closed by 127\.0\.0\.1:\d+\n\$$/m);
    assertEquals(await settings(), before);
  },
});
