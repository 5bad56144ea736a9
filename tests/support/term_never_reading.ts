/**
 * TERM with clients that never read and clients that never send: every server ends within its grace.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { Register } from "./isolation.ts";
import { type RunOptions, serve } from "./netwright.ts";

const SERVERS: readonly (readonly [service: string, model: string, line?: string])[] = [
  ["chargen", "multiplex"],
  ["chargen", "serial"],
  ["chargen", "fork"],
  ["chargen", "thread"],
  ["chargen", "prefork"],
  ["chargen", "prethread"],
  ["echo", "multiplex", "hello\r\n"],
  ["http", "multiplex", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"],
  ["smtp", "multiplex", "NOOP\r\n"],
  ["ftp", "multiplex", "NOOP\r\n"],
];
/** Time in milliseconds for the grace, half a second, and the end of all connections. */
const LONGEST_MS = 5000;

/** Writes until the server takes no more, or has taken much. */
async function flood(connection: Deno.TcpConn, line: string): Promise<void> {
  const bytes = new TextEncoder().encode(line.repeat(1000));
  for (let done = 0; done < 8 * 1024 * 1024;) done += await connection.write(bytes);
}

/** Registers the tests. */
export function termNeverReadingTests(register: Register, options: RunOptions): void {
  register("TERM ends servers whose clients never read", async (t) => {
    for (const [service, model, line] of SERVERS) {
      await t.step(`${service}, ${model}`, async () => {
        const words = [service, "--listen", "127.0.0.1:0", "--model", model];
        await using server = await serve(words, options);
        const [hostname, port] = server.endpoint.split(":") as [string, string];
        using client = await Deno.connect({ hostname, port: Number(port) });
        using _silent = await Deno.connect({ hostname, port: Number(port) });
        // The first byte shows that the conversation has begun.
        const begun = line === undefined ? client.read(new Uint8Array(1)) : client.write(
          new TextEncoder().encode(line),
        );
        await begun;
        const flooding = line === undefined ? undefined : flood(client, line).catch(() => {});
        const start = performance.now();
        const { code } = await server.stop();
        assertEquals([code, performance.now() - start < LONGEST_MS], [0, true]);
        client.close();
        await flooding;
      });
    }
  });
}
