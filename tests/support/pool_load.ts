/**
 * Many short conversations while workers come, go and are killed; and too few descriptors.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { dial, type Endpoint, parseEndpoint, systemNetwork } from "../../src/net/mod.ts";
import { netwright, type Running, type RunOptions, serve } from "./netwright.ts";
import type { Register } from "./isolation.ts";
import { MODEL_CHOICES, serveWords } from "./model_conversations.ts";

const network = systemNetwork();
const HELLO = new TextEncoder().encode("hello\r\n");
/** Clients at once. */
const WIDTH = 10;

/** Holds so many conversations with an echo server; reports how many of them failed. */
async function converse(
  endpoint: Endpoint,
  total: number,
  onDone: (done: number) => void = () => {},
): Promise<number> {
  let [begun, done, failed] = [0, 0, 0];
  await Promise.all(Array.from({ length: WIDTH }, async () => {
    while (begun++ < total) {
      try {
        using client = await dial(endpoint, { network });
        await client.write(HELLO);
        if (await client.read(new Uint8Array(16)) !== HELLO.length) failed++;
      } catch {
        failed++;
      }
      onDone(++done);
    }
  }));
  return failed;
}

/** The process id of some worker, by the status. */
async function someMember(server: Running): Promise<number> {
  server.child.kill("SIGUSR2");
  while (true) {
    const line = await server.errorLine();
    if (line === undefined) throw new Error("the server has ended");
    const pid = /^ {2}worker (\d+) (?:busy|idle)/.exec(line)?.[1];
    if (pid !== undefined) return Number(pid);
  }
}

/**
 * Registers the tests.
 *
 * @param register Registers one.
 * @param options How the server runs.
 * @param clients How many while workers retire.
 */
export function poolLoadTests(register: Register, options: RunOptions, clients: number): void {
  for (const model of ["prefork", "prethread --accept shared"]) {
    register(`no client is lost while workers of --model ${model} retire`, async () => {
      const words = serveWords("echo", model, "--requests-per-child", "50", "--quiet");
      await using server = await serve(words.slice(1), options);
      assertEquals(await converse(parseEndpoint(server.endpoint), clients), 0);
      assertEquals((await server.stop("SIGTERM")).code, 0);
      assertEquals(await server.stderr, "");
    });
  }

  register("a process that is killed amid a thousand clients loses at most its own", async () => {
    await using server = await serve(serveWords("echo", "prefork", "--quiet").slice(1), options);
    let killing: Promise<void> | undefined;
    const failed = await converse(parseEndpoint(server.endpoint), 1000, (done) => {
      if (done === 300) killing = someMember(server).then((pid) => Deno.kill(pid, "SIGKILL"));
    });
    await killing;
    assertEquals(failed <= 1, true, `${failed} failed`);
    assertEquals((await server.stop("SIGTERM")).code, 0);
  });

  register("with 80 descriptors every model continues serving after a crowd", async (t) => {
    for (const model of MODEL_CHOICES) {
      await t.step(model, async () => {
        const words = serveWords("echo", model, "--quiet").slice(1);
        await using server = await serve(words, { ...options, descriptors: 80 });
        const crowd = await Promise.all(
          Array.from({ length: 120 }, () => dial(parseEndpoint(server.endpoint), { network })),
        );
        // By then it has taken as many as it can.
        await crowd[0]!.write(HELLO);
        await crowd[0]!.read(new Uint8Array(16));
        for (const client of crowd) client.close();
        const line = ["echo", server.endpoint, "--message", "here", "--quiet", "--timeout", "30"];
        // A client is refused while the workers of the crowd still hold descriptors.
        let answer = await netwright(line);
        for (let tries = 0; tries < 20 && answer.stdout === ""; tries++) {
          answer = await netwright(line);
        }
        assertEquals([answer.stdout, answer.stderr], ["here\n", ""]);
        assertEquals((await server.stop("SIGTERM")).code, 0);
      });
    }
  });
}
