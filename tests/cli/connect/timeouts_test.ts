/** How long a command waits: for a connection, and for each reply. */

import { assertEquals, assertThrows } from "@std/assert";
import { parseArguments } from "../../../src/cli/command/arguments.ts";
import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { connectionOptions } from "../../../src/cli/connect/connecting.ts";
import { UsageError } from "../../../src/net/mod.ts";

const CASES: readonly [words: string, connect: number | undefined, each: number | undefined][] = [
  ["", undefined, undefined],
  ["--timeout 5", 5000, 5000],
  ["--connect-timeout 2", 2000, undefined],
  ["--connect-timeout 2 --timeout 60", 2000, 60_000],
];

for (const [name, operand] of [["gab", "h.example:1"], ["ftp ls", "ftp://h.example/"]] as const) {
  Deno.test(`${name}: --connect-timeout is for the connection, --timeout for every wait`, async () => {
    const command = await COMMANDS.find((entry) => entry.name === name)!.load();
    for (const [words, connectTimeoutMs, timeoutMs] of CASES) {
      const args = parseArguments([operand, ...words.split(" ").filter((w) => w !== "")], command);
      const options = connectionOptions(args);
      assertEquals([options.connectTimeoutMs, options.timeoutMs], [connectTimeoutMs, timeoutMs]);
    }
    for (const wrong of ["x", "-1", ""]) {
      const args = parseArguments([operand, `--connect-timeout=${wrong}`], command);
      assertThrows(() => connectionOptions(args), UsageError, "--connect-timeout");
    }
  });
}
