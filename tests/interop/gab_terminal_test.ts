/** `gab` typed at a terminal, as a person would. */

import { assertEquals, assertMatch } from "@std/assert";
import { OFFLINE_FLAGS, serve } from "../support/netwright.ts";
import { needs } from "./peers/needs.ts";
import { Terminal } from "./peers/tmux.ts";

/** The settings of the terminal by `stty`; a program that ends must restore them. */
async function settings(terminal: Terminal): Promise<string> {
  await terminal.type("clear; stty -g; echo done");
  await terminal.press("Enter");
  const shown = await terminal.until(/^done$/m);
  return /^[0-9a-f:]+$/m.exec(shown)?.[0] ?? "none";
}

/** How the last command ended; a shell forgets the rest of a line on which Control-C was typed. */
async function status(terminal: Terminal): Promise<string> {
  await terminal.type("echo status $?");
  await terminal.press("Enter");
  return /^status \d+$/m.exec(await terminal.until(/^status \d+$/m))?.[0] ?? "";
}

Deno.test({
  name: "gab at a terminal: Control-D half-closes, Control-C ends, the terminal is restored",
  ignore: !await needs("tmux"),
  async fn() {
    await using server = await serve(["echo", "--listen", "127.0.0.1:0"]);
    await using terminal = await Terminal.open();
    const before = await settings(terminal);
    const gab = `${Deno.execPath()} run -A ${OFFLINE_FLAGS.join(" ")} main.ts gab`;

    await terminal.type(`clear; ${gab} ${server.endpoint}`);
    await terminal.press("Enter");
    assertMatch(await server.errorLine() ?? "", / echo connected /);
    await terminal.type("hello there");
    await terminal.press("Enter");
    await terminal.until(/^hello there\nhello there$/m);
    // The server's log reports that it saw the end of our input, sent the rest and closed.
    await terminal.press("C-d");
    await terminal.until(/\$$/);
    assertEquals(await status(terminal), "status 0");
    assertMatch(await server.errorLine() ?? "", /disconnected .* 12 bytes received, 12 sent/);
    assertEquals(await settings(terminal), before);

    await terminal.type(`clear; ${gab} ${server.endpoint}`);
    await terminal.press("Enter");
    assertMatch(await server.errorLine() ?? "", / echo connected /);
    await terminal.type("half a line");
    await terminal.press("C-c");
    await terminal.until(/\$$/);
    assertEquals(await status(terminal), "status 130");
    assertMatch(await server.errorLine() ?? "", /disconnected .*, 0 bytes received, 0 sent/);
    assertEquals(await settings(terminal), before);
  },
});

Deno.test({
  name: "gab shows a server's terminal escapes cleaned, and continues while a person types nothing",
  ignore: !await needs("tmux"),
  async fn() {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    await using terminal = await Terminal.open();
    const gab = `${Deno.execPath()} run -A ${OFFLINE_FLAGS.join(" ")} main.ts gab`;
    await terminal.type(`clear; ${gab} 127.0.0.1:${listener.addr.port}`);
    await terminal.press("Enter");
    using connection = await listener.accept();
    await connection.write(new TextEncoder().encode("220 \x1b[2J\x07\u202eevil\r\n"));
    await terminal.until(/^220 \\x1b\[2J\\x07\\u\{202e\}evil$/m);
    await terminal.press("C-c");
    await terminal.until(/\$$/);
    assertEquals(await status(terminal), "status 130");
  },
});
