/** TLS servers as processes: refusals at start and at HUP. */

import { assertEquals, assertMatch } from "@std/assert";
import { certificates } from "../../support/certificates.ts";
import { MODEL_CHOICES, serveWords } from "../../support/model_conversations.ts";
import { netwright, serve } from "../../support/netwright.ts";

Deno.test("a certificate or key that cannot be used is refused before the server listens", async (t) => {
  const { folder } = await certificates();
  const cases: readonly [name: string, words: readonly string[], says: RegExp][] = [
    ["--implicit alone", ["--implicit"], /--implicit requires --tls-cert and --tls-key/],
    ["no key", ["--tls-cert", `${folder}/server.pem`], /--tls-cert and --tls-key belong together/],
    [
      "no certificate",
      ["--tls-cert", "/etc/passwd", "--tls-key", "/etc/passwd"],
      /--tls-cert \/etc\/passwd, --tls-key \/etc\/passwd: the certificate is not valid PEM/,
    ],
    [
      "no private key",
      ["--tls-cert", `${folder}/server.pem`, "--tls-key", `${folder}/server.pem`],
      /the private key is not valid PEM/,
    ],
    [
      "the key of another certificate",
      ["--tls-cert", `${folder}/server.pem`, "--tls-key", `${folder}/client.key`],
      /the private key does not belong to the certificate/,
    ],
  ];
  for (const service of ["echo", "http", "smtp", "ftp"]) {
    for (const [name, words, says] of cases) {
      await t.step(`${service}: ${name}`, async () => {
        const line = ["serve", service, "--listen", "127.0.0.1:0", ...words];
        const { code, stdout, stderr } = await netwright(line);
        assertEquals([code, stdout], [2, ""], stderr);
        assertMatch(stderr, says);
        assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
      });
    }
  }
});

Deno.test("HUP with a certificate that is none keeps the old one, in every model", async (t) => {
  const { folder } = await certificates();
  const own = await Deno.makeTempDir({ prefix: "netwright-" });
  try {
    for (const model of MODEL_CHOICES) {
      await t.step(model, async () => {
        const [cert, key] = [`${own}/cert.pem`, `${own}/key.pem`];
        await Deno.copyFile(`${folder}/expired.pem`, cert);
        await Deno.copyFile(`${folder}/expired.key`, key);
        const words = serveWords("echo", model, "--tls-cert", cert, "--tls-key", key, "--quiet");
        await using server = await serve(words.slice(1));
        assertMatch(await server.errorLine() ?? "", /warning \(the certificate expired on /);
        await Deno.writeTextFile(cert, "no certificate\n");
        server.child.kill("SIGHUP");
        assertMatch(await server.errorLine() ?? "", /failed \(reload: .*not valid PEM/);
        const port = server.endpoint.split(":").at(-1)!;
        const { stdout } = await new Deno.Command("openssl", {
          args: ["s_client", "-connect", `127.0.0.1:${port}`],
          stdin: "null",
          stderr: "null",
          signal: AbortSignal.timeout(20_000),
        }).output();
        assertMatch(new TextDecoder().decode(stdout), /-----BEGIN CERTIFICATE-----/);
        assertEquals((await server.stop("SIGTERM")).code, 0);
      });
    }
  } finally {
    await Deno.remove(own, { recursive: true });
  }
});
