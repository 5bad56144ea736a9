/** Options may be anywhere, and short ones may be joined. */

import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { parseArguments } from "../../../src/cli/command/arguments.ts";
import type { Command } from "../../../src/cli/command/command.ts";
import { findCommand } from "../../../src/cli/command/find_command.ts";
import { parseEndpoint, UsageError } from "../../../src/net/mod.ts";
import { netwright } from "../../support/netwright.ts";

Deno.test("a command is found wherever its options are", async () => {
  const LINES: readonly (readonly [line: string, command: string, rest: string])[] = [
    ["daytime h --timeout 2", "daytime", "h --timeout 2"],
    ["--timeout 2 daytime h", "daytime", "--timeout 2 h"],
    ["--timeout=2 daytime h", "daytime", "--timeout=2 h"],
    ["-v daytime h", "daytime", "-v h"],
    ["ftp --retries 0 ls u", "ftp ls", "--retries 0 u"],
    ["--timeout 2 ftp --timeout 3 ls u", "ftp ls", "--timeout 2 --timeout 3 u"],
    ["--quiet serve echo", "serve", "--quiet echo"],
    ["serve -l :7 echo", "serve", "-l :7 echo"],
  ];
  for (const [line, name, rest] of LINES) {
    const found = await findCommand(COMMANDS, line.split(" "));
    assertEquals([found?.command.name, found?.words.join(" ")], [name, rest], line);
  }
  await assertRejects(
    () => findCommand(COMMANDS, ["--timeout", "2", "dayime", "h"]),
    UsageError,
    'unknown command "dayime"; did you mean "daytime"?',
  );
});

const command = {
  name: "x",
  operands: "[A…]",
  count: { min: 0 },
  options: {
    number: { short: "n", value: "N", help: "" },
    long: { short: "l", help: "" },
    tall: { short: "t", help: "" },
    color: { short: "c", value: "WHEN", optionalValue: true, help: "" },
  },
} as unknown as Command;

Deno.test("short options may be joined, with each other and with a value", () => {
  const read = (line: string): unknown[] => {
    const args = parseArguments(line.split(" "), command);
    return [args.value("number"), args.has("long"), args.has("tall"), args.operands];
  };
  assertEquals(read("-n2"), ["2", false, false, []]);
  assertEquals(read("-n 2"), ["2", false, false, []]);
  assertEquals(read("-n=2"), ["2", false, false, []]);
  assertEquals(read("-lt a"), [undefined, true, true, ["a"]]);
  assertEquals(read("-ltn2 a"), ["2", true, true, ["a"]]);
  assertEquals(read("-ltn 2 a"), ["2", true, true, ["a"]]);
  assertEquals(read("-n -lt"), ["-lt", false, false, []]);
  assertEquals(read("-- -lt"), [undefined, false, false, ["-lt"]]);
  assertThrows(() => read("-lx"), UsageError, 'unknown option "-lx"');
});

Deno.test("a bare number is distinguished from a port", () => {
  assertThrows(() => parseEndpoint("17555", { defaultPort: 7 }), UsageError, "written :17555)");
  assertEquals(parseEndpoint(":17555", { defaultHost: "127.0.0.1" }).transport, "tcp");
});

Deno.test("families of commands, services and their ports are listed", async (t) => {
  const rows: readonly [words: string[], status: number, output: RegExp][] = [
    [["ftp", "--help"], 0, /^netwright ftp: [^]*\n {2}ftp cat +\w[^]*\n {2}ftp shell +\w/],
    [["help", "mail"], 0, /\n {2}mail autoreply +\w[^]*COMMAND --help explains a command\.\n$/],
    [["host", "--help"], 0, /^netwright host: [^]*\n {2}resolve +\w/],
    [["help", "book", "6"], 0, /^Chapter 6: [^]*\n {4}netwright ftp mirror\n/],
    [["help", "book", "23"], 2, /^netwright: help: the book has chapters 1 to 22 /],
    [["help", "exit"], 0, /^netwright exit: /],
    [["help", "exit", "0"], 2, /help exit has no "0"\n$/],
    [["help", "commands"], 0, /\n {2}wrap +\w/],
    [["serve", "--help"], 0, /\n {2}http +8080 {2}\w[^]*\n {2}time +37 {2}\w/],
    [["serve", "http", "--help"], 0, /^(?![^]*--udp)[^]*\(default\s+127\.0\.0\.1:8080\)/],
    [["serve", "localtime", "--help"], 0, /^(?![^]*--model)(?![^]*--tls-cert)/],
    [["help", "ping", "--json"], 0, /^\{"name":"ping",.*\{"name":"count","short":"c","value":"N",/],
    [["help", "serve", "nosuch"], 2, /serve has no "nosuch"\n$/],
    [["ftp"], 2, /ftp needs one of: cat, /],
    [["ftp", "nosuch"], 2, /ftp has no "nosuch"; it has: cat, /],
    [["serve", "http", "--udp"], 2, /serve http has no "--udp"/],
    [["serve", "chat", "--model", "fork"], 2, /serve chat has no "--model"/],
    [["serve", "echo", "--idle-min", "2"], 2, /--idle-min is for --model prefork and prethread\n$/],
    [
      ["serve", "echo", "--model", "prefork", "--idle-min", "9", "--idle-max", "2"],
      2,
      /--idle-min is more than --idle-max\n$/,
    ],
    [["serve", "echo", "--listen", ""], 2, /--listen requires an ENDPOINT/],
  ];
  for (const [words, status, output] of rows) {
    await t.step(words.join(" "), async () => {
      const { code, stdout, stderr } = await netwright(words);
      assertEquals(code, status, stderr);
      assertMatch(status === 0 ? stdout : stderr, output);
    });
  }
});
