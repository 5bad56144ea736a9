/**
 * Closing what may be closed already.
 *
 * @module
 */

/**
 * Closes a socket or file at once; one that is closed already stays so.
 *
 * The runtime throws when a socket is closed twice, yet the code that gives up waiting cannot know whether the
 * other side of the program has closed it meanwhile.
 *
 * @param resource What to close; something without `close` is left alone.
 *
 * @example Close twice
 * ```ts
 * import { closeQuietly } from "./close.ts";
 * using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
 * closeQuietly(listener);
 * closeQuietly(listener);
 * ```
 */
export function closeQuietly(resource: { close?(): void }): void {
  try {
    resource.close?.();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
