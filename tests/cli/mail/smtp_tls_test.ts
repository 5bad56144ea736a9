/** `smtp verify` inside TLS: the negotiated parameters, certificates of both sides, and an untrusted server. */

import { assertEquals, assertMatch } from "@std/assert";
import { systemNetwork } from "../../../src/net/mod.ts";
import { SmtpClient } from "../../../src/protocols/smtp/mod.ts";
import { Secret } from "../../../src/protocols/wire/mod.ts";
import { certificates } from "../../support/certificates.ts";
import { flagsOf, netwright, serve } from "../../support/netwright.ts";

const { folder } = await certificates();

const start = async (name: string, ...options: string[]) => {
  const server = await serve([
    ...["smtp", "--listen", "127.0.0.1:0", ...options],
    ...["--tls-cert", `${folder}/${name}.pem`, "--tls-key", `${folder}/${name}.key`],
  ]);
  return { server, port: Number(server.endpoint.split(":")[1]) };
};

Deno.test("smtp verify shows version, cipher and certificate", async (t) => {
  for (const implicit of [true, false]) {
    await t.step(implicit ? "implicit" : "STARTTLS", async () => {
      const { server, port } = await start("server", ...implicit ? ["--implicit"] : []);
      await using _ = server;
      const url = `${implicit ? "smtps" : "smtp"}://localhost:${port}`;
      const words = ["smtp", "verify", url, "--ca", `${folder}/ca.pem`];
      const shown = await netwright(words);
      assertEquals([shown.code, shown.stderr], [0, ""]);
      assertMatch(
        shown.stdout,
        /\nok {4}TLS\n {8}TLSv1\.3, TLS_\w+\n {8}certificate for localhost, [^\n]*, by CN=[^\n]*\n {8}from [\d-]+ until [\d-]+\n {8}SHA-256 [0-9a-f]{64}\n/,
      );
      const { stdout } = await netwright([...words, "--json"]);
      const steps = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
      const { tls, ok } = steps.find(({ step }) => step === "TLS");
      assertEquals([ok, tls.version, tls.certificate.names[0]], [true, "TLSv1.3", "localhost"]);
      assertEquals(steps.every(({ ms }) => ms === Math.round(ms * 1000) / 1000), true);
    });
  }
});

Deno.test("--insecure-tls shows a certificate that is not accepted, and why", async () => {
  const { server, port } = await start("self-signed");
  await using _ = server;
  const words = ["smtp", "verify", `smtp://localhost:${port}`];
  const refused = await netwright(words);
  assertEquals(refused.code, 1);
  assertMatch(refused.stderr, /the certificate is self-signed/);
  const shown = await netwright([...words, "--insecure-tls"]);
  assertEquals([shown.code, shown.stderr], [0, ""]);
  assertMatch(
    shown.stdout,
    /\nFAIL {2}TLS\n[^]*\n {8}not accepted: the certificate is self-signed\n/,
  );
});

Deno.test("a client shows its certificate, within exactly its permissions", async () => {
  const { server, port } = await start("server");
  await using _ = server;
  const words = [
    ...["smtp", "verify", `smtp://localhost:${port}`, "--ca", `${folder}/ca.pem`],
    ...["--tls-cert", `${folder}/client.pem`, "--tls-key", `${folder}/client.key`],
  ];
  assertEquals((await netwright(words)).code, 0);
  const flags = await flagsOf(words);
  assertEquals(flags.filter((flag) => flag.startsWith("--allow-read")).length, 1);
  assertEquals((await netwright(words, { flags })).code, 0);
  const half = await netwright(words.slice(0, -2));
  assertEquals(half.code, 2);
  assertMatch(half.stderr, /--tls-cert and --tls-key go together\n$/);
  const wrong = await netwright([...words.slice(0, -1), `${folder}/ca.pem`]);
  assertEquals(wrong.code, 2);
  assertMatch(wrong.stderr, /ca\.pem holds no private key in PEM\n$/);
});

Deno.test("no password goes over a network to a server whose certificate is not accepted", async () => {
  const { server, port } = await start("self-signed");
  await using _ = server;
  const network = systemNetwork();
  // As if it were on another host.
  const elsewhere = {
    ...network,
    connect: async (options: Parameters<typeof network.connect>[0]) => {
      const connection = await network.connect(options);
      return new Proxy(connection, {
        get: (target, name) => {
          if (name === "remoteAddr") return { transport: "tcp", hostname: "192.0.2.1", port };
          const value = Reflect.get(target, name);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    },
  };
  const options = {
    network: elsewhere,
    credentials: { user: "ann", password: new Secret("sesame") },
  } as const;
  const outcome = async (trust: object) => {
    try {
      await using client = await SmtpClient.connect(`localhost:${port}`, { ...options, trust });
      return client.greeting;
    } catch (error) {
      return String(error);
    }
  };
  assertMatch(await outcome({}), /signed by itself or an unknown authority/);
  const received = await outcome({ anyCertificate: true });
  assertMatch(received, /AUTH/);
  assertEquals(received.includes("sesame"), false);
});
