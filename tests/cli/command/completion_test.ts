/** What may follow a half-typed command line. */

import { assertEquals } from "@std/assert";
import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { completeLine } from "../../../src/cli/command/completion.ts";

/** Words, the last being typed; the words that fit, or the kind that the shell adds. */
const CASES: readonly [line: string[], words: string[], ask?: "files" | "hosts"][] = [
  [["ec"], ["echo"]],
  [["serve", "da"], ["daytime"]],
  [["--verbose", "serve", "da"], ["daytime"]],
  [["serve", "--udp", "da"], ["daytime"]],
  [["serve", "--model", "m"], ["multiplex"]],
  [["serve", "--model", "x"], []],
  [["serve", "--model=m"], ["--model=multiplex"]],
  [["serve", "echo", ""], []],
  [["serve", "echo", "--tls-k"], ["--tls-key"]],
  [["serve", "echo", "--tls-key", ""], [], "files"],
  [["gab", "--starttls=im"], ["--starttls=imap"]],
  [["gab", "-4", "--ca", "/et"], [], "files"],
  [["daytime", "--timeout", "3", ""], [], "hosts"],
  [["daytime", "--ipv"], ["--ipv4", "--ipv6"]],
  [["daytime", "--ipv4", "--ipv"], ["--ipv6"]],
  [["help", "daytime", ""], []],
  [["help", "net"], ["netmask"]],
  [["completions", ""], ["bash", "zsh", "fish"]],
  [["ref", "e"], ["errors"]],
  [["pipe", "127.0.0.1:7", "--", "ca"], [], "files"],
  [["nosuch", ""], []],
  [["nosuch", "--"], []],
];

Deno.test("completeLine()", async (t) => {
  for (const [line, words, ask] of CASES) {
    await t.step(line.join(" "), async () => {
      const found = await completeLine(COMMANDS, line);
      assertEquals([found.candidates.map(({ word }) => word), found.ask], [words, ask]);
    });
  }
});
