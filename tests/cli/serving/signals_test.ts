/** INT counted, TERM, HUP, and pipes that close (2.2 of the book's list), sandboxed and in place. */

import { assertEquals, assertMatch } from "@std/assert";
import {
  flagsOf,
  MAIN,
  netwright,
  OFFLINE_FLAGS,
  ROOT,
  type RunOptions,
  serve,
} from "../../support/netwright.ts";

const WAYS = ["sandboxed", "in place"] as const;

async function optionsFor(
  way: typeof WAYS[number],
  words: readonly string[],
): Promise<RunOptions> {
  return way === "sandboxed" ? {} : { flags: await flagsOf(words) };
}

/** Connects, and keeps the conversation open. */
async function talkTo(endpoint: string): Promise<Deno.Conn> {
  const [hostname = "", port] = endpoint.split(":");
  const connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(Uint8Array.of(1));
  await connection.read(new Uint8Array(1));
  return connection;
}

for (const way of WAYS) {
  Deno.test(`the first INT warns, the second quits (${way})`, async () => {
    const words = ["echo", "--listen", "127.0.0.1:0", "--quiet", "--grace", "600"];
    await using server = await serve(words, await optionsFor(way, ["serve", ...words]));
    using _client = await talkTo(server.endpoint);
    server.child.kill("SIGINT");
    assertEquals(
      await server.errorLine(),
      "netwright: stopping; a second signal ends it at once",
    );
    assertEquals((await server.stop("SIGINT")).code, 130);
  });

  Deno.test(`HUP makes a server read its files again (${way})`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      const file = `${folder}/quotes`;
      await Deno.writeTextFile(file, "first\n");
      const words = ["qotd", "--listen", "127.0.0.1:0", "--file", `${file}`];
      await using server = await serve(words, await optionsFor(way, ["serve", ...words]));
      const ask = async (): Promise<string> => (await netwright(["qotd", server.endpoint])).stdout;
      const event = async (kind: RegExp): Promise<void> => {
        for (let line = ""; !kind.test(line);) line = await server.errorLine() ?? "qotd ended";
      };
      assertEquals(await ask(), "first\n");
      await Deno.writeTextFile(file, "second\n");
      server.child.kill("SIGHUP");
      await event(/qotd reloaded$/);
      assertEquals(await ask(), "second\n");
      await Deno.writeTextFile(file, "");
      server.child.kill("SIGHUP");
      await event(/qotd failed \(reload: .*the file holds no quote\)$/);
      assertEquals(await ask(), "second\n");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("a closed standard output ends a command quietly", async () => {
  await using server = await serve(["chargen", "--listen", "127.0.0.1:0", "--quiet"]);
  for (const words of [`chargen ${server.endpoint} --bytes 10000000`, "ref ports"]) {
    const script = `set -o pipefail; ${Deno.execPath()} run -A ${
      OFFLINE_FLAGS.join(" ")
    } ${MAIN} ${words} | head -c 1`;
    const { code, stderr } = await new Deno.Command("bash", {
      args: ["-c", script],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals([code, new TextDecoder().decode(stderr)], [141, ""], words);
  }
});

Deno.test("a child is reaped, and how it ended is reported", async () => {
  await using server = await serve(["echo", "--listen", "127.0.0.1:0", "--quiet"]);
  const cases = [
    ["exit 3", /pipe: sh: it ended with status 3\n$/],
    ["kill -9 $$", /pipe: sh: SIGKILL ended it\n$/],
  ] as const;
  for (const [script, stderr] of cases) {
    const ended = await netwright(["pipe", server.endpoint, "--", "sh", "-c", script]);
    assertEquals(ended.code, 1);
    assertMatch(ended.stderr, stderr);
  }
});
