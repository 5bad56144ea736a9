/**
 * A module of the user's own under every server model.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { ConnectError, dial, DisconnectedError, LineReader, writeAll } from "../../src/net/mod.ts";
import type { Register } from "./isolation.ts";
import { flagsOf, netwright, type RunOptions, serve } from "./netwright.ts";

const MODELS = ["multiplex", "serial", "fork", "thread", "prefork", "prethread"];

/** Adds numbers, and tries to read a file without a permission for it. */
const ADDER = `
const text = (bytes) => new TextDecoder().decode(bytes);
export default {
  name: "adder",
  options: { start: { value: "N", help: "where to begin" } },
  parse: ({ options }) => ({ start: Number(options.start ?? 0) }),
  stream: ({ start }) => ({
    name: "adder",
    async handle(connection, { log }) {
      const buffer = new Uint8Array(1024);
      for (let count; (count = await connection.read(buffer)) !== null;) {
        const line = text(buffer.subarray(0, count)).trim();
        log?.(line);
        const reply = line === "steal" ? steal() : line.split(" ").reduce((a, b) => a + Number(b), start);
        await connection.write(new TextEncoder().encode(reply + "\\n"));
      }
    },
  }),
};
function steal() {
  try { return Deno.readTextFileSync("/etc/passwd").length > 0; } catch (error) { return error.name; }
}
`;

/** A module with an attack for each word of a client: its server must outlive them all. */
const HOSTILE = `
const text = (bytes) => new TextDecoder().decode(bytes).trim();
const secret = (name) => [name].join("");
export default {
  name: "hostile",
  async handle(connection) {
    const buffer = new Uint8Array(100);
    const count = await connection.read(buffer);
    const word = text(buffer.subarray(0, count));
    console.log("DEBUG");
    let reply = word;
    if (word === "exit") Deno.exit(0);
    if (word === "close") close();
    if (word === "undefined") throw undefined;
    if (word === "odd") throw { toString() { throw 1; } };
    if (word === "import") {
      reply = await import(secret("https://netwright.invalid/x.js")).then(() => "IMPORTED", (e) => e.message);
      reply = /cached-only|import access/.test(reply) ? "refused" : reply;
    }
    if (word === "storage") reply = String(globalThis.localStorage);
    await connection.write(new TextEncoder().encode(reply + "\\n"));
  },
};
`;

/** Words, and the reply: none if the conversation fails. */
const ATTACKS: readonly (readonly [word: string, reply: string | undefined])[] = [
  ["exit", undefined],
  ["close", undefined],
  ["undefined", undefined],
  ["odd", undefined],
  ["import", "refused"],
  ["storage", "undefined"],
  ["fine", "fine"],
];

/** Modules that cannot be served, and the errors. */
const WRONG: readonly (readonly [file: string, code: string, exit: number, message: RegExp])[] = [
  ["none.js", "export const adder = {};", 2, /the default export of none is not a service/],
  ["fails.js", "throw new Error('not today');", 2, /fails cannot be loaded: not today\n$/],
  ["broken.js", "export default {", 2, /broken cannot be loaded: /],
  ["udp.js", "export default { name: 'udp', reply: (m) => m };", 1, /udp is not defined over TCP/],
  [
    "reads.js",
    'import "./none.js";',
    3,
    /may not read \S+none\.js \(add --allow-read=\S+none\.js\)/,
  ],
];

/** The first line that a server sends after a word; undefined if it sends none. */
async function ask(endpoint: string, word: string): Promise<string | undefined> {
  // A worker that ended may be missed for a moment.
  for (let tries = 0;; tries++) {
    try {
      using client = await dial(endpoint);
      await writeAll(client, new TextEncoder().encode(`${word}\n`));
      return await new LineReader(client).readLine();
    } catch (error) {
      if (error instanceof ConnectError && tries < 50) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        continue;
      }
      if (error instanceof DisconnectedError) return undefined;
      throw error;
    }
  }
}

/** Registers the tests. */
export function ownServiceTests(register: Register, options: RunOptions): void {
  const isSource = (options.executable ?? options.main) === undefined;
  register("a module of the user's own under every model", async (t) => {
    const folder = await Deno.makeTempDir({ prefix: "netwright-" });
    try {
      const path = `${folder}/adder.js`;
      await Deno.writeTextFile(path, ADDER);
      for (const model of MODELS) {
        for (const inPlace of isSource ? [false, true] : [false]) {
          await t.step(`${model}${inPlace ? ", in place" : ""}`, async () => {
            const words = [path, "--set", "start=100", "--listen", "127.0.0.1:0", "--model", model];
            const flags = inPlace ? { flags: await flagsOf(["serve", ...words]) } : {};
            await using server = await serve(words, { ...options, ...flags });
            for (const [line, answer] of [["1 2 39", "142"], ["steal", "NotCapable"]]) {
              using client = await dial(server.endpoint);
              await writeAll(client, new TextEncoder().encode(`${line}\n`));
              assertEquals(await new LineReader(client).readLine(), answer);
            }
            const { code } = await server.stop();
            assertEquals(code, 0, await server.stderr);
          });
        }
      }
      for (const model of ["fork", "thread", "prefork", "prethread"]) {
        await t.step(`a hostile module under ${model}`, async () => {
          const hostile = `${folder}/hostile.js`;
          await Deno.writeTextFile(hostile, HOSTILE);
          const words = [hostile, "--listen", "127.0.0.1:0", "--model", model];
          await using server = await serve(words, options);
          // More often than there are workers, so that lost places would show.
          for (let round = 0; round < 5; round++) {
            for (const [word, reply] of ATTACKS) {
              // The stand-in runtime of the executable lets import() try.
              if (word === "import" && !isSource) continue;
              // Outside of a Worker it does nothing.
              if (word === "close" && model.endsWith("fork")) continue;
              let got = await ask(server.endpoint, word);
              // A client in the queue of a worker that ends is reset, where each has a socket of its own.
              for (let tries = 0; got !== reply && model === "prethread" && tries < 5; tries++) {
                got = await ask(server.endpoint, word);
              }
              assertEquals(got, reply, word);
            }
          }
          const { code } = await server.stop();
          assertEquals(code, 0, await server.stderr);
        });
      }
      await t.step("a module that was changed is loaded again on HUP", async () => {
        const changed = `${folder}/changed.js`;
        const write = (reply: string) =>
          Deno.writeTextFile(
            changed,
            `export default { name: "changed", async handle(connection) {
               await connection.write(new TextEncoder().encode("${reply}\\n"));
             } };`,
          );
        await write("old");
        await using server = await serve([changed, "--listen", "127.0.0.1:0"], options);
        assertEquals(await ask(server.endpoint, "x"), "old");
        const reloaded = async (outcome: RegExp): Promise<void> => {
          server.child.kill("SIGHUP");
          let line: string | undefined;
          do line = await server.errorLine(); while (line !== undefined && !outcome.test(line));
        };
        await write("new");
        await reloaded(/ reloaded/);
        assertEquals(await ask(server.endpoint, "x"), "new");
        await Deno.writeTextFile(changed, "export default {");
        await reloaded(/ failed .*cannot be loaded/);
        assertEquals(await ask(server.endpoint, "x"), "new");
      });
      for (const [file, code, exit, message] of WRONG) {
        // The stand-in runtime of the executable lets import() read every script.
        if (file === "reads.js" && !isSource) continue;
        await t.step(file, async () => {
          await Deno.writeTextFile(`${folder}/${file}`, code);
          const words = ["serve", `${folder}/${file}`, "--listen", "127.0.0.1:0"];
          const ended = await netwright(words, options);
          assertMatch(ended.stderr, message);
          assertEquals(ended.code, exit, ended.stderr);
        });
      }
      await t.step("options", async () => {
        for (
          const [words, message] of [
            [[path, "--set", "strat=1"], /adder has no option "strat"; it has start\n$/],
            [[path, "--set", "=1"], /--set takes NAME=VALUE\n$/],
            [[path, "--set", "start=1", "--set", "start=2"], /--set start was given twice\n$/],
            [["echo", "--set", "start=1"], /unknown option "--set"/],
            [[`${folder}/nosuch.js`], /nosuch cannot be loaded: Module not found/],
          ] as const
        ) {
          const { code, stderr } = await netwright(["serve", ...words], options);
          assertMatch(stderr, message);
          assertEquals(code, 2);
        }
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
