/**
 * Every TLS client against certificates that must not be trusted: one line, status 1.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { certificates } from "./certificates.ts";
import type { Register } from "./isolation.ts";
import { netwright, type RunOptions } from "./netwright.ts";

/** Command lines; `PORT` is for the server's port. */
const COMMANDS: readonly (readonly string[])[] = [
  ["line", "tls://localhost:PORT"],
  ["gab", "--tls", "localhost:PORT"],
  ["pipe", "--tls", "localhost:PORT", "--", "cat"],
  ["smtp", "send", "smtps://localhost:PORT", "--from", "a@b.example", "--to", "c@d.example"],
  ["smtp", "verify", "smtps://localhost:PORT"],
  ["pop", "stats", "pop3s://ann:x@localhost:PORT"],
  ["ftp", "ls", "ftps://localhost:PORT/"],
];

/** Registers a test of each client with each kind of certificate. */
export function untrustedCertificateTests(register: Register, options: RunOptions): void {
  register("a TLS client reports an untrusted certificate in one line", async (t) => {
    const { selfSigned, expired, wrongHost, server } = await certificates();
    for (const [kind, pair] of Object.entries({ selfSigned, expired, wrongHost, server })) {
      using listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...pair });
      const serving = (async () => {
        for await (const connection of listener) {
          connection.handshake().catch(() => {}).finally(() => connection.close());
        }
      })();
      for (const words of COMMANDS) {
        await t.step(`${words[0]} ${words[1]}, ${kind}`, async () => {
          const line = words.map((word) => word.replace("PORT", String(listener.addr.port)));
          const { code, stderr } = await netwright(line, options);
          assertEquals(code, 1, stderr);
          assertMatch(stderr, /^netwright: [^\n]*certificate[^\n]*\n$/);
        });
      }
      await t.step(`bench load, ${kind}`, async () => {
        const url = `https://localhost:${listener.addr.port}/`;
        const ended = await netwright(["bench", "load", url, "--duration", "0.2"], options);
        assertEquals([ended.code, ended.stderr], [1, ""]);
        assertMatch(ended.stdout, /certificate/);
      });
      listener.close();
      await serving;
    }
  });
}
