/**
 * Stands in for `@std/net` where JSR is out of reach.
 *
 * @module
 */

/** As in `@std/net`: a TCP port that no program listens on. */
export function getAvailablePort(): number {
  using listener = Deno.listen({ port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}
