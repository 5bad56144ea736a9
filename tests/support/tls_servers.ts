/**
 * Every service with TLS under every model, tried with `openssl s_client`.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { certificates } from "./certificates.ts";
import { MODEL_CHOICES, serveWords } from "./model_conversations.ts";
import { netwright, type RunOptions, serve } from "./netwright.ts";
import type { Register } from "./isolation.ts";

/** Input of `openssl s_client` to a service, the expected output, and the flags for STARTTLS. */
const SERVICES: Readonly<
  Record<string, readonly [says: string, receives: RegExp, starttls?: string]>
> = {
  echo: ["one\n", /one\r?\n/],
  http: ["GET /README.md HTTP/1.0\r\n\r\n", /HTTP\/1\.1 200 OK\r\n[^]*# Netwright\n/],
  smtp: ["quit\r\n", /\b221 /, "smtp"],
  ftp: ["quit\r\n", /\b221 /, "ftp"],
  pop3: ["user ann\r\npass x\r\nquit\r\n", /\+OK 0 messages\r\n\+OK goodbye/, "pop3"],
  nntp: ["quit\r\n", /205 goodbye/, "nntp"],
  imap: ["a login ann x\r\nb logout\r\n", /a OK [^]*\* BYE goodbye\r\nb OK done/, "imap"],
};

/** All combinations of service, model and kind of TLS. */
export const TLS_CASES = MODEL_CHOICES.flatMap((model) =>
  Object.entries(SERVICES).flatMap(([service, [, , starttls]]) =>
    (starttls === undefined ? ["implicit"] : ["implicit", "STARTTLS"]).map((kind) => ({
      model,
      service,
      kind,
    }))
  )
);

/** Registers a test for each model: a handshake and a dialogue, then TERM while a silent client stays. */
export function tlsServerTests(register: Register, options: RunOptions): void {
  for (const model of MODEL_CHOICES) {
    register(`openssl s_client talks to every service by --model ${model}`, async (t) => {
      for (const { service, kind } of TLS_CASES.filter((choice) => choice.model === model)) {
        await t.step(`${service}, ${kind}`, () => tryTls(service, model, kind, options));
      }
    });
  }
}

async function tryTls(
  service: string,
  model: string,
  kind: string,
  options: RunOptions,
): Promise<void> {
  await using server = await serve(await tlsWords(service, model, kind), options);
  const [says, receives, starttls] = SERVICES[service]!;
  const port = server.endpoint.split(":").at(-1)!;
  const { folder } = await certificates();
  const flags = kind === "implicit" ? [] : ["-starttls", starttls!];
  const child = new Deno.Command("openssl", {
    args: [
      ...["s_client", "-quiet", "-verify_return_error", "-no_ign_eof"],
      ...["-CAfile", `${folder}/ca.pem`, "-servername", "localhost"],
      ...["-connect", `127.0.0.1:${port}`, ...flags],
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(20_000),
  }).spawn();
  // s_client ends at the end of its input, so that stays open until the reply is here.
  const input = child.stdin.getWriter();
  await input.write(new TextEncoder().encode(says));
  let text = "";
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  for (let next; !receives.test(text) && !(next = await output.read()).done;) text += next.value;
  await input.close().catch(() => {});
  await output.cancel();
  const errors = await new Response(child.stderr).text();
  await child.status;
  assertMatch(text, receives, errors);
  // A client that is silent and one within its handshake hold up no shutdown.
  using _silent = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  assertEquals((await server.stop("SIGTERM")).code, 0);
}

/** The words of a server with TLS, without `serve`. */
export async function tlsWords(service: string, model: string, kind: string): Promise<string[]> {
  const { folder } = await certificates();
  const tls = ["--tls-cert", `${folder}/server.pem`, "--tls-key", `${folder}/server.key`];
  const mail = ["--maildir", `${folder}/mail`, "--any-password"];
  const own = service === "pop3" || service === "imap" ? mail : [];
  const words = serveWords(
    service,
    model,
    ...own,
    ...tls,
    ...(kind === "implicit" ? ["--implicit"] : []),
  );
  return words.slice(1);
}

/** Registers a test: on a runtime that cannot serve TLS every such server is refused at start with one line. */
export function tlsRefusedTests(register: Register, options: RunOptions): void {
  for (const model of MODEL_CHOICES) {
    register(`TLS is refused at start by --model ${model}`, async () => {
      for (const { service, kind } of TLS_CASES.filter((choice) => choice.model === model)) {
        const words = await tlsWords(service, model, kind);
        const { code, stdout, stderr } = await netwright(["serve", ...words], options);
        assertEquals([code, stdout], [1, ""]);
        assertMatch(stderr, /^netwright: serve: this build cannot serve TLS: [^\n]*\n$/);
      }
    });
  }
}
