/** Every command as a process, then in place under exactly the flags that it asks for, then with one less. */

import { assertEquals, assertMatch } from "@std/assert";
import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { ENDLESS, type Row, ROWS, tableServers } from "../../support/command_table.ts";
import { flagsOf, netwright, type RunOptions } from "../../support/netwright.ts";
import { serveUntilSignals } from "../../support/serve_until_signals.ts";

Deno.test("the table has a row for each command", () => {
  assertEquals(Object.keys(ROWS), COMMANDS.map(({ name }) => name));
});

Deno.test("each command runs sandboxed and in place, and refuses with one flag less", async (t) => {
  await using servers = await tableServers();
  using trap = new Trap();
  for (const [name, row] of Object.entries(ROWS)) {
    if (ENDLESS.has(name)) continue;
    await t.step(name, async () => {
      const words = servers.words(row);
      const flags = await flagsOf(words);
      // One after the other: they share the servers of the table.
      const running = check(words, row, {}).then(() => check(words, row, { flags }));
      await Promise.all([running, checkRefusals(servers.words(row, trap.endpoint))]);
      assertEquals(trap.connections, 0, "something was sent in spite of the refusal");
    });
  }
});

async function check(words: readonly string[], row: Row, options: RunOptions): Promise<void> {
  const { code, stdout, stderr } = await netwright(words, { stdin: row.stdin ?? "", ...options });
  assertEquals(code, 0, `${options.flags?.join(" ")}\n${stderr}`);
  assertMatch(stdout, row.stdout);
  assertMatch(stderr, row.stderr ?? /^$/);
}

async function checkRefusals(words: readonly string[]): Promise<void> {
  const flags = await flagsOf(words);
  await Promise.all(flags.map(async (flag) => {
    const less = await netwright(words, { flags: flags.filter((other) => other !== flag) });
    assertEquals([less.code, less.stdout], [3, ""]);
    const kind = /^--allow-\w+/.exec(flag)![0];
    assertMatch(less.stderr, new RegExp(`^netwright: [\\w -]+: [^\\n]*${kind}[^\\n]*\\n$`));
  }));
}

/** A server that counts who connects, which no one should. */
class Trap implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  connections = 0;

  constructor() {
    void this.#count();
  }

  get endpoint(): string {
    return `127.0.0.1:${this.#listener.addr.port}`;
  }

  async #count(): Promise<void> {
    for await (const connection of this.#listener) {
      this.connections++;
      connection.close();
    }
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }
}

Deno.test("serve runs sandboxed and in place until it is ended", async (t) => {
  const words = ROWS.serve!.words;
  const flags = await flagsOf(words);
  await t.step("sandboxed", () => serveUntilSignals(words));
  await t.step("in place", () => serveUntilSignals(words, { flags }));
  for (const flag of flags) {
    const less = await netwright(words, { flags: flags.filter((other) => other !== flag) });
    assertEquals([less.code, less.stdout], [3, ""]);
  }
});
