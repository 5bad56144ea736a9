/**
 * Ways in which code in a Worker could end it without a word.
 *
 * @module
 */

/**
 * Replaces `Deno.exit` and `close`, which end only the Worker: its starter would wait for it for ever, and its
 * connections would stay open.
 *
 * @param ended Called in their place, with the name of the call; the code that made it gets an error.
 */
export function replaceExits(ended: (call: string) => void): void {
  const end = (call: string) => (): never => {
    ended(call);
    throw new Error(`${call} has ended this Worker`);
  };
  Object.defineProperty(Deno, "exit", { value: end("Deno.exit()") });
  Object.defineProperty(globalThis, "close", { value: end("close()") });
}
