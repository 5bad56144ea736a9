/**
 * Ways in which code in a Worker could end it without a report.
 *
 * @module
 */

/**
 * Replaces `Deno.exit` and `close`, which end only the Worker: its starter would wait for it for ever, and its
 * connections would stay open. The code that calls them gets an error.
 *
 * @param ended Called in their place, with the name of the call and the exit status.
 */
export function replaceExits(
  ended: (call: "Deno.exit()" | "close()", status: number) => void,
): void {
  const replace = (object: object, name: string, call: "Deno.exit()" | "close()"): void => {
    const value = (status: number = 0): never => {
      ended(call, status);
      throw new Error(`${call} has ended this Worker`);
    };
    Object.defineProperty(object, name, { value });
  };
  replace(Deno, "exit", "Deno.exit()");
  replace(globalThis, "close", "close()");
}
