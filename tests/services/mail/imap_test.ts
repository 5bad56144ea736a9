import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { parseEndpoint, ReplyError, UnsupportedError } from "../../../src/net/mod.ts";
import { ImapClient, imapResponseCode } from "../../../src/protocols/imap/mod.ts";
import { Pop3Client } from "../../../src/protocols/pop3/mod.ts";
import { sendMail } from "../../../src/protocols/smtp/mod.ts";
import { Secret } from "../../../src/protocols/wire/mod.ts";
import { hashPassword, Maildir } from "../../../src/stores/mod.ts";
import { certificates } from "../../support/certificates.ts";
import { flagsOf, netwright, serve, startNetwright } from "../../support/netwright.ts";
import { inFolder } from "../../support/trees.ts";

const as = (user: string, password = "secret") => ({
  credentials: { user, password: new Secret(password) },
});
const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("serve imap gives users their own mail, and nothing to others", () =>
  inFolder(async (folder) => {
    const hash = await hashPassword("secret");
    await Deno.writeTextFile(`${folder}/users.yaml`, `ann: ${hash}\nbob: ${hash}\n`);
    await Deno.mkdir(`${folder}/mail`);
    const words = [
      ...["imap", "--listen", "127.0.0.1:0", "--maildir", `${folder}/mail`],
      ...["--users", `${folder}/users.yaml`, "--insecure-auth", "--quota", "1000"],
    ];
    // In place, under exactly the flags that it prints.
    await using server = await serve(words, { flags: await flagsOf(["serve", ...words]) });
    const endpoint = parseEndpoint(server.endpoint);
    await using ann = await ImapClient.connect(endpoint, { ...as("ann"), compress: true });
    await ann.append("INBOX", {
      content: encode("Subject: hi\r\n\r\nHello\r\n"),
      flags: ["\\Flagged"],
    });
    const full = await assertRejects(
      () => ann.append("INBOX", { content: new Uint8Array(2000).fill(65) }),
      ReplyError,
    );
    assertEquals(imapResponseCode(full), "OVERQUOTA");
    const inbox = await ann.open("INBOX");
    assertEquals(await inbox.search({ flagged: true }), [1]);
    await using bob = await ImapClient.connect(endpoint, as("bob"));
    assertEquals((await bob.open("INBOX")).exists, 0);
    const wrong = await assertRejects(
      () => ImapClient.connect(endpoint, as("bob", "x")),
      ReplyError,
    );
    assertEquals(imapResponseCode(wrong), "AUTHENTICATIONFAILED");
    await ann[Symbol.asyncDispose]();
    await bob[Symbol.asyncDispose]();
    await server.stop();
    assertMatch(await server.stderr, /refused bob: wrong[^]*\(ann: 0 read, 1 added, 0 removed\)/);
  }));

Deno.test("serve imap takes passwords in clear text only with --insecure-auth", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/users.yaml`, `ann: ${await hashPassword("secret")}\n`);
    await using server = await serve([
      ...[
        "imap",
        "--listen",
        "127.0.0.1:0",
        "--maildir",
        folder,
        "--users",
        `${folder}/users.yaml`,
      ],
    ]);
    await assertRejects(
      () =>
        ImapClient.connect(parseEndpoint(server.endpoint), { ...as("ann"), mechanism: "PLAIN" }),
      UnsupportedError,
    );
  }));

Deno.test("serve imap and serve mail report mistakes in their options", () =>
  inFolder(async (folder) => {
    const here = ["--maildir", folder];
    const mistakes: [words: string[], message: RegExp][] = [
      [["imap"], /--maildir is missing/],
      [["imap", ...here], /give either --users or --any-password/],
      [["imap", ...here, "--any-password", "--quota", "x"], /--quota must be a size/],
      [["imap", ...here, "--any-password", "-l", "0.0.0.0:0"], /--any-password is for this host/],
      [["mail"], /--maildir is missing/],
      [["mail", ...here, "--any-password", "--smtp", "x"], /--smtp takes a port, or - for none/],
      [
        ["mail", ...here, "--any-password", "-l", "0.0.0.0"],
        /for this host only|of this host only/,
      ],
      [
        ["mail", ...here, "--smtp", "-", "--lmtp", "-", "--pop3", "-", "--imap", "-"],
        /no protocol is left to serve/,
      ],
    ];
    for (const [words, message] of mistakes) {
      const { code, stderr } = await netwright(["serve", ...words]);
      assertEquals(code, 2, stderr);
      assertMatch(stderr, message);
    }
  }));

Deno.test("serve imap executes nothing that came in clear text behind STARTTLS", () =>
  inFolder(async (folder) => {
    const { folder: keys } = await certificates();
    await using server = await serve([
      ...["imap", "--listen", "127.0.0.1:0", "--maildir", folder, "--any-password"],
      ...["--tls-cert", `${keys}/server.pem`, "--tls-key", `${keys}/server.key`],
    ]);
    const port = Number(server.endpoint.split(":")[1]);
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    await connection.write(encode("a STARTTLS\r\nb LOGIN ann x\r\nc CREATE box\r\n"));
    const said = await new Response(connection.readable).text();
    assertMatch(
      said,
      /^\* OK \[CAPABILITY [^\r]* STARTTLS [^\r]*\r\na OK begin TLS negotiation\r\n$/,
    );
    assertEquals(Array.from(Deno.readDirSync(folder)), []);
  }));

/** Runs `serve mail`, and gives the endpoints by protocol. */
async function withMail(
  words: readonly string[],
  act: (endpoints: ReadonlyMap<string, string>) => Promise<void>,
): Promise<void> {
  await using server = startNetwright(words, { runMs: 60_000, flags: await flagsOf(words) });
  const endpoints = new Map<string, string>();
  while (endpoints.size < 4) {
    const line = await server.line();
    const [, name, endpoint] = /^(\w+) listening on (.+)$/.exec(line ?? "") ?? [];
    if (name === undefined) throw new Error(await server.stderr);
    endpoints.set(name, endpoint!);
  }
  await act(endpoints);
  assertEquals((await server.stop()).code, 0);
}

for (const model of ["multiplex", "prefork"]) {
  Deno.test(`serve mail: mail by SMTP is seen by IMAP at once, and by POP3 (--model ${model})`, () =>
    inFolder(async (folder) => {
      await Deno.mkdir(`${folder}/mail`);
      const words = [
        ...["serve", "mail", "--maildir", `${folder}/mail`, "--any-password", "--model", model],
        ...["--smtp", "0", "--lmtp", "0", "--pop3", "0", "--imap", "0"],
      ];
      await withMail(words, async (endpoints) => {
        const imap = parseEndpoint(endpoints.get("imap")!);
        await using client = await ImapClient.connect(imap, as("ann"));
        const inbox = await client.open("INBOX");
        const arrived = Promise.withResolvers<void>();
        const ended = new AbortController();
        inbox.onChange = (change) => {
          if (change.kind === "arrived") arrived.resolve();
        };
        const idling = inbox.idle({ signal: ended.signal }).catch(() => {});
        await sendMail(endpoints.get("smtp")!, {
          from: "bob@x.example",
          to: "ann@here.example",
          subject: "hi",
          text: "Hello",
        });
        await arrived.promise;
        ended.abort();
        await idling;
        await using pop = await Pop3Client.connect(
          parseEndpoint(endpoints.get("pop3")!),
          as("ann"),
        );
        assertEquals((await pop.stat()).messages, 1);
        await pop.delete([1]);
        await pop.quit();
        assertEquals(
          (await (await new Maildir(`${folder}/mail`).account("ann")).usage()).messages,
          0,
        );
      });
    }));
}
