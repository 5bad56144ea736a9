/**
 * Debian's `ab`, `curl`, `wget` and `wrk` against `serve http`, under each model: every request is answered.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { serveWords } from "./model_conversations.ts";
import { type RunOptions, serve } from "./netwright.ts";

async function output(program: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    signal: AbortSignal.timeout(30_000),
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

/** Programs that it needs. */
export const HTTP_PROGRAMS = ["ab", "curl", "wget", "wrk"] as const;

/**
 * Serves by one model, and has each program ask.
 *
 * @param model The model.
 * @param options How the server runs.
 */
export async function loadHttp(model: string, options: RunOptions = {}): Promise<void> {
  // Where each client costs a start, fewer come.
  const total = /^(?:fork|thread)$/.test(model) ? 40 : 400;
  const more = ["--quiet", "--root", "tests/support"];
  await using server = await serve(serveWords("http", model, ...more).slice(1), options);
  const url = `http://${server.endpoint}/bytes.ts`;
  for (const [program, ...args] of [["curl", "-s", url], ["wget", "-q", "-O", "-", url]]) {
    assertMatch(await output(program!, args), /^export function latin1/m);
  }
  // A client that keeps its connection keeps the others of a serial server waiting.
  const [atOnce, width] = model === "serial" ? ["1", "1"] : ["4", "2"];
  for (const keepAlive of [[], ["-k"]]) {
    const reported = await output("ab", ["-q", "-n", `${total}`, "-c", atOnce, ...keepAlive, url]);
    assertMatch(reported, new RegExp(`Complete requests: +${total}\nFailed requests: +0\n`));
  }
  const reported = await output("wrk", ["-t", "1", "-c", width, "-d", "1", url]);
  assertMatch(reported, /\n {2}[1-9]\d* requests in /);
  assertEquals(/Socket errors|Non-2xx/.test(reported), false, reported);
  assertEquals((await server.stop("SIGTERM")).code, 0);
}
