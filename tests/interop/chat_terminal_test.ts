/** `chat` typed at a terminal, as a person would. */

import { assert, assertEquals } from "@std/assert";
import { netwright, OFFLINE_FLAGS, serve } from "../support/netwright.ts";
import { needs } from "./peers/needs.ts";
import { Terminal } from "./peers/tmux.ts";

Deno.test({
  name: "chat at a terminal: messages scroll above the edited line, which stays",
  ignore: !await needs("tmux"),
  async fn() {
    await using server = await serve(["chat", "--listen", "127.0.0.1:0"]);
    await using terminal = await Terminal.open();
    const settings = async (): Promise<string> => {
      await terminal.type("clear; stty -g; echo done");
      await terminal.press("Enter");
      return /^[0-9a-f:]+$/m.exec(await terminal.until(/^done$/m))?.[0] ?? "none";
    };
    const before = await settings();
    const bob = (stdin: string) =>
      netwright(["chat", `bob@${server.endpoint}`, "--join", "Pets", "--wait", "0.2"], { stdin });
    await terminal.type(
      `clear; ${Deno.execPath()} run -A ${
        OFFLINE_FLAGS.join(" ")
      } main.ts chat ann@${server.endpoint} --join pets`,
    );
    await terminal.press("Enter");
    await terminal.until(/you are in Pets with 1 in all.*\nPets> ?$/);
    await terminal.type("half a th");
    await terminal.until(/^Pets> half a th$/m);
    const { stdout } = await bob("hello everybody\n/private ann psst\n");
    assert(stdout.includes("[Pets] bob: hello everybody"));
    // The line is below all that came meanwhile, and can be gone on with.
    await terminal.until(
      /bob enters Pets\n.*bob: hello everybody\n.*\*bob\* psst\n.*bob leaves Pets\nPets> half a th$/,
    );
    await terminal.type("ought");
    await terminal.press("Enter");
    await terminal.until(/ann: half a thought\nPets> ?$/);
    // Names are completed: one who spoke, a command, a channel.
    await terminal.type("bo");
    await terminal.press("Tab");
    await terminal.until(/^Pets> bob: ?$/m);
    await terminal.press("C-u");
    await terminal.type("/jo");
    await terminal.press("Tab");
    await terminal.until(/^Pets> \/join ?$/m);
    await terminal.type("Pe");
    await terminal.press("Tab");
    await terminal.until(/^Pets> \/join Pets ?$/m);
    await terminal.press("C-c");
    // More lines than the screen has.
    await bob(Array.from({ length: 35 }, (_, n) => `line ${n}\n`).join(""));
    const screen = await terminal.until(/bob leaves Pets\nPets> ?$/);
    assertEquals(
      [...screen.matchAll(/bob: line (\d+)$/gm)].map(([, n]) => Number(n)).at(-1),
      34,
    );
    await terminal.press("C-c");
    await terminal.until(/\$$/);
    await terminal.type("echo status $?");
    await terminal.press("Enter");
    await terminal.until(/^status 130$/m);
    assertEquals(await settings(), before);
  },
});
