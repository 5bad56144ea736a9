/**
 * A hostile service under each model: its refusals.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { attemptNames } from "../../src/services/hostile/attempts.ts";
import { netwright, type RunOptions, serve } from "./netwright.ts";
import { MODEL_CHOICES, serveWords } from "./model_conversations.ts";

/** Registers a test. */
export type Register = (name: string, fn: (t: Deno.TestContext) => Promise<void>) => void;

/**
 * Registers a test of each model.
 *
 * @param register Registers one.
 * @param options How the server runs.
 * @param known Attempts that this runtime cannot refuse.
 */
export function isolationTests(
  register: Register,
  options: RunOptions,
  known: readonly string[] = [],
): void {
  for (const model of MODEL_CHOICES) {
    register(`a hostile service is refused everything by --model ${model}`, async () => {
      await using server = await serve(serveWords("hostile", model).slice(1), options);
      const { code, stdout, stderr } = await netwright(["gab", "--crlf", server.endpoint]);
      assertEquals([code, stderr], [0, ""]);
      const outcomes = stdout.trimEnd().split("\r\n").map((line) => line.split("\t"));
      assertEquals(outcomes.map(([, name]) => name), attemptNames());
      const others = outcomes.filter(([outcome, name = ""]) =>
        outcome !== "refused" && !known.includes(name)
      );
      assertEquals(others, []);
      assertEquals((await server.stop("SIGTERM")).code, 0);
    });
  }
}
