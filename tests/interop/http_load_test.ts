/** Debian's `ab` and `wrk` against `serve http`, under each model: every request is answered. */

import { assertEquals, assertMatch } from "@std/assert";
import { serve } from "../support/netwright.ts";
import { MODEL_CHOICES, serveWords } from "../support/model_conversations.ts";
import { needs } from "./peers/needs.ts";

const ignore = !await needs("ab") || !await needs("wrk");

async function output(program: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    signal: AbortSignal.timeout(30_000),
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

for (const model of MODEL_CHOICES) {
  Deno.test({
    name: `ab and wrk are served by --model ${model}`,
    ignore,
    async fn() {
      // Where each client costs a start, fewer come.
      const total = /^(?:fork|thread)$/.test(model) ? 40 : 400;
      const more = ["--quiet", "--root", "tests/support"];
      await using server = await serve(serveWords("http", model, ...more).slice(1));
      const url = `http://${server.endpoint}/bytes.ts`;
      // A client that keeps its connection keeps the others of a serial server waiting.
      const [atOnce, width] = model === "serial" ? ["1", "1"] : ["4", "2"];
      for (const keepAlive of [[], ["-k"]]) {
        const told = await output("ab", ["-q", "-n", `${total}`, "-c", atOnce, ...keepAlive, url]);
        assertMatch(told, new RegExp(`Complete requests: +${total}\nFailed requests: +0\n`));
      }
      const told = await output("wrk", ["-t", "1", "-c", width, "-d", "1", url]);
      assertMatch(told, /\n {2}[1-9]\d* requests in /);
      assertEquals(/Socket errors|Non-2xx/.test(told), false, told);
      assertEquals((await server.stop("SIGTERM")).code, 0);
    },
  });
}
