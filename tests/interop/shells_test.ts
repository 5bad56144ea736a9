/** Our completions as the shells themselves use them. */

import { assertEquals } from "@std/assert";
import { OFFLINE_FLAGS, ROOT } from "../support/netwright.ts";
import { needs } from "./peers/needs.ts";

async function denoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

/** Runs a script in a shell where `netwright` is a program, and gives its output. */
async function inShell(shell: string, script: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const program = `#!/bin/sh\nexec ${Deno.execPath()} run -A ${
      OFFLINE_FLAGS.join(" ")
    } ${ROOT}main.ts "$@"\n`;
    await Deno.writeTextFile(`${folder}/netwright`, program, { mode: 0o755 });
    const { stdout, stderr } = await new Deno.Command(shell, {
      args: ["-c", script],
      cwd: folder,
      env: {
        NO_COLOR: "1",
        HOME: folder,
        // Shells keep things in a home of their own, Deno keeps its modules where they are.
        DENO_DIR: await denoDir(),
        PATH: `${folder}:${Deno.env.get("PATH")}`,
      },
      signal: AbortSignal.timeout(20_000),
    }).output();
    assertEquals(new TextDecoder().decode(stderr), "");
    return new TextDecoder().decode(stdout);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("bash completes words, values after an equals sign, and files", async () => {
  const ask = (line: string): string =>
    `COMP_LINE='${
      line.replaceAll("'", `'\\''`)
    }' COMP_POINT=${line.length}; _netwright; echo "\${COMPREPLY[*]}"`;
  const script = [
    'eval "$(netwright completions bash)"',
    ask("netwright ec"),
    ask("netwright serve da"),
    ask("netwright serve --model=m"),
    ask("netwright daytime --ca /etc/hostna"),
    ask("netwright help ftp ge"),
    ask("netwright help serve ht"),
    "mkdir -p 'fi les' && touch 'fi les/a b.yaml' fine.yaml",
    ask("netwright serve http --users fi\\ les/a"),
    ask('netwright serve http --users "fi les/a'),
    ask("netwright 'serve' http --users=fin"),
    ask("netwright serve http --users `touch evil`$(touch evil) fin"),
    "echo evil*",
  ].join("\n");
  assertEquals(
    await inShell("bash", script),
    "echo\ndaytime\nmultiplex\n/etc/hostname\nget\nhttp\n" +
      "fi les/a b.yaml\nfi les/a b.yaml\nfine.yaml\n\nevil*\n",
  );
});

Deno.test({
  name: "fish completes words and options, with their meaning",
  ignore: !await needs("fish"),
  async fn() {
    const script = [
      "netwright completions fish | source",
      "complete -C 'netwright ec'",
      "complete -C 'netwright serve --mod'",
      "complete -C 'netwright gab --starttls=im'",
      "mkdir -p 'fi les' && touch 'fi les/a b.yaml' fine.yaml",
      "complete -C 'netwright serve http --users fi\\\\ les/'",
      "complete -C 'netwright serve http --users=fin'",
    ].join("\n");
    assertEquals(
      await inShell("fish", script),
      "echo\tmeasure round trips to an echo server (RFC 862)\n" +
        "--model\thow connections run\n--starttls=imap\n" +
        "fi les/a b.yaml\n--users=fine.yaml\n",
    );
  },
});

Deno.test({
  name: "zsh takes the script and completes",
  ignore: !await needs("zsh"),
  async fn() {
    // Completion itself needs a line editor; the one function that it calls reports its arguments.
    const script = [
      'compdef() { print -r -- "$1 for $2" }',
      "_describe() { local -a list=(${(P)2}); print -rl -- $list }",
      'eval "$(netwright completions zsh)"',
      "words=(netwright serve da) CURRENT=3; _netwright",
      "words=(netwright gab --starttls=im) CURRENT=3; _netwright",
    ].join("\n");
    assertEquals(
      await inShell("zsh", script),
      "_netwright for netwright\ndaytime\n--starttls=imap\n",
    );
  },
});
