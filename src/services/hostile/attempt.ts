/**
 * Runs attempts to break out, and reports what each came to.
 *
 * @module
 */

/** The result of one attempt. */
export interface Attempt {
  /** The attempt. */
  readonly name: string;
  /** Whether the runtime refused it, it was done, or it failed for another reason. */
  readonly outcome: "refused" | "done" | "failed";
  /** The error's text; empty if it was done. */
  readonly text: string;
}

/** A name and what to try. */
export type Try = readonly [name: string, run: () => unknown];

/**
 * Tries one thing after the other.
 *
 * @param tries What.
 * @returns What each came to.
 */
export async function attempt(tries: readonly Try[]): Promise<Attempt[]> {
  const results: Attempt[] = [];
  for (const [name, run] of tries) {
    try {
      await run();
      results.push({ name, outcome: "done", text: "" });
    } catch (error) {
      const refused = error instanceof Deno.errors.NotCapable ||
        error instanceof Error &&
          /Requires \w+ access|EPERM|--cached-only|--no-npm|blocked\./.test(error.message);
      const text = (String(error).split("\n")[0] ?? "").slice(0, 200);
      results.push({ name, outcome: refused ? "refused" : "failed", text });
    }
  }
  return results;
}
