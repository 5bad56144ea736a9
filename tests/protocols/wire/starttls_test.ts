import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { closeQuietly } from "../../../src/net/internal.ts";
import {
  type Connection,
  LineReader,
  memoryNetwork,
  type Network,
  ProtocolError,
  ReplyError,
  systemNetwork,
  TlsError,
  writeAll,
} from "../../../src/net/mod.ts";
import {
  CommandSession,
  STARTTLS_PROTOCOLS,
  startTlsDialogue,
  type StarttlsProtocol,
} from "../../../src/protocols/wire/mod.ts";
import { certificates, type Credentials } from "../../support/certificates.ts";

/** An SMTP server that upgrades, then answers NOOP. */
async function handleSmtp(connection: Connection, credentials: Credentials): Promise<void> {
  using session = new CommandSession(connection, { style: "smtp" });
  await session.reply(220, "ready");
  for await (const { verb } of session.commands(() => session.reply(500, "too long"))) {
    if (verb === "EHLO") await session.reply(250, "hello", "STARTTLS");
    else if (verb === "STARTTLS") {
      await session.reply(220, "go ahead");
      await session.upgrade(credentials);
    } else {
      await session.reply(250, "ok");
      break;
    }
  }
  closeQuietly(session.connection);
}

Deno.test("50 STARTTLS sessions at once", async (t) => {
  const { ca, server } = await certificates();
  const networks: readonly (readonly [string, () => Network])[] = [
    ["loopback", systemNetwork],
    ["memory", memoryNetwork],
  ];
  for (const [name, make] of networks) {
    await t.step(name, async () => {
      const network = make();
      using listener = network.listen({ hostname: "127.0.0.1", port: 0 });
      const { port } = listener.addr as Deno.NetAddr;
      const serving: Promise<void>[] = [];
      const accepting = (async () => {
        for await (const connection of listener) serving.push(handleSmtp(connection, server));
      })();
      const answers = await Promise.all(Array.from({ length: 50 }, async () => {
        const plain = await network.connect({ hostname: "127.0.0.1", port });
        using secured = await startTlsDialogue("smtp", plain, {
          hostname: "localhost",
          caCerts: [ca],
        });
        await writeAll(secured, new TextEncoder().encode("NOOP\r\n"));
        return await new LineReader(secured).readLine();
      }));
      assertEquals(answers, Array.from({ length: 50 }, () => "250 ok"));
      listener.close();
      await accepting;
      await Promise.all(serving);
    });
  }
});

/** A server's output, piece by piece: each after input of the client. */
async function play(connection: Connection, script: readonly string[]): Promise<void> {
  const buffer = new Uint8Array(1000);
  for (const [index, text] of script.entries()) {
    if (index > 0) await connection.read(buffer);
    await writeAll(connection, Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
  }
}

const FEATURES = "<?xml version='1.0'?><stream:stream from='x' version='1.0'><stream:features>" +
  "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>";
const SIEVE = '"IMPLEMENTATION" "x"\r\n"STARTTLS"\r\nOK "ready"\r\n';
/** Answers of RFC 4511 §4.12: success, and that another operation must come first, with a text. */
const LDAP_SUCCESS = "0\x0c\x02\x01\x01\x78\x07\x0a\x01\0\x04\0\x04\0";
const LDAP_REFUSAL = "0\x81\x0e\x02\x01\x01\x78\x09\x0a\x01\x01\x04\0\x04\x02no";

async function outcome(
  protocol: StarttlsProtocol,
  script: readonly string[],
  options: { readonly seen?: string[] } = {},
): Promise<Error> {
  const network = memoryNetwork();
  using listener = network.listen({ port: 1 });
  const accepted = listener.accept();
  const plain = await network.connect({ port: 1 });
  using server = await accepted;
  const playing = play(server, script).catch(() => {});
  const error = await startTlsDialogue(protocol, plain, { hostname: "localhost", timeoutMs: 500 })
    .then(() => new Error("upgraded"), (e) => e);
  const left = new LineReader(server);
  for (let line = await left.readLine(); line !== undefined; line = await left.readLine()) {
    options.seen?.push(line);
  }
  await playing;
  return error;
}

const BEFORE: Readonly<Record<StarttlsProtocol, readonly string[]>> = {
  smtp: ["220 hi\r\n", "250-hi\r\n250 STARTTLS\r\n", "220 go\r\n"],
  ftp: ["220 hi\r\n", "234 go\r\n"],
  pop3: ["+OK hi\r\n", "+OK go\r\n"],
  nntp: ["200 hi\r\n", "382 go\r\n"],
  imap: ["* OK hi\r\n", "a OK go\r\n"],
  lmtp: ["220 hi\r\n", "250-hi\r\n250 STARTTLS\r\n", "220 go\r\n"],
  sieve: [SIEVE, 'OK "go"\r\n'],
  xmpp: ["", FEATURES, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"],
  ldap: ["", LDAP_SUCCESS],
  postgres: ["", "S"],
};

Deno.test("startTlsDialogue() refuses plaintext after the agreement (CVE-2011-0411)", async (t) => {
  for (const [protocol, script] of Object.entries(BEFORE)) {
    await t.step(protocol, async () => {
      const injected = script.with(-1, `${script.at(-1)}* OK injected\r\n`);
      const error = await outcome(protocol as StarttlsProtocol, injected);
      assertInstanceOf(error, ProtocolError);
      assertEquals(/plaintext came before the TLS handshake/.test(error.message), true);
    });
  }
});

Deno.test("startTlsDialogue() gives up where TLS is refused or not offered", async (t) => {
  const cases: readonly [StarttlsProtocol, readonly string[], RegExp][] = [
    ["smtp", ["220 hi\r\n", "250 hi\r\n"], /does not offer STARTTLS/],
    ["smtp", ["220 hi\r\n", "250-hi\r\n250 STARTTLS\r\n", "454 no\r\n"], /454 no/],
    ["smtp", ["554 go away\r\n"], /554 go away/],
    ["ftp", ["220 hi\r\n", "530 no\r\n"], /530 no/],
    ["pop3", ["+OK hi\r\n", "-ERR no\r\n"], /-ERR no/],
    ["nntp", ["200 hi\r\n", "580 no\r\n"], /580 no/],
    ["lmtp", ["220 hi\r\n", "250 hi\r\n"], /does not offer STARTTLS/],
    ["sieve", ['"SIEVE" "x"\r\nOK\r\n'], /does not offer STARTTLS/],
    ["sieve", [SIEVE, 'NO "not now"\r\n'], /NO "not now"/],
    ["sieve", ["* OK IMAP\r\n"], /malformed reply: "\* OK IMAP"/],
    ["xmpp", ["", "<stream:stream><stream:features/>"], /does not offer STARTTLS/],
    ["xmpp", ["", FEATURES, "<failure xmlns='x'/></stream:stream>"], /<failure xmlns='x'\/>/],
    ["xmpp", ["", "<stream:stream>" + "x".repeat(70_000)], /does not come to the point/],
    ["ldap", ["", LDAP_REFUSAL], /result 1 no/],
    ["ldap", ["", "220 hi\r\n"], /malformed LDAP response/],
    ["ldap", ["", "0\x84\xff\xff\xff\xff"], /malformed LDAP response/],
    ["postgres", ["", "N"], /does not offer TLS/],
    ["postgres", ["", "E"], /malformed PostgreSQL response/],
    ["imap", ["* PREAUTH welcome\r\n"], /PREAUTH, so TLS cannot begin/],
    ["imap", ["* BYE full\r\n"], /no greeting: "\* BYE full"/],
    ["imap", ["* OK hi\r\n", "a BAD what\r\n"], /a BAD what/],
    ["imap", ["* OK hi\r\n", "* CAP x\r\n* CAP x\r\nb OK go\r\n"], /malformed reply: "b OK go"/],
  ];
  for (const [protocol, script, says] of cases) {
    await t.step(`${protocol} ${JSON.stringify(script.at(-1))}`, async () => {
      const error = await outcome(protocol, script);
      assertEquals(error instanceof ReplyError || error instanceof ProtocolError, true);
      assertEquals([says.test(error.message), error.message], [true, error.message]);
    });
  }
});

Deno.test("startTlsDialogue() has an end with a server that sends a byte now and then", async (t) => {
  for (const protocol of STARTTLS_PROTOCOLS) {
    await t.step(protocol, async () => {
      const network = memoryNetwork();
      using listener = network.listen({ port: 1 });
      const accepted = listener.accept();
      const plain = await network.connect({ port: 1 });
      using server = await accepted;
      // Whatever it is, it is not a whole answer.
      const first = { ldap: 0x30, postgres: 0 }[protocol as string] ?? 50;
      const drip = setInterval(() => void server.write(Uint8Array.of(first)).catch(() => {}), 20);
      const options = { hostname: "localhost", timeoutMs: 300 };
      await assertRejects(() => startTlsDialogue(protocol, plain, options), Error);
      clearInterval(drip);
    });
  }
});

Deno.test("CommandSession refuses plaintext after STARTTLS", async () => {
  const { server: credentials } = await certificates();
  const network = memoryNetwork();
  using listener = network.listen({ port: 25 });
  const accepted = listener.accept();
  using client = await network.connect({ port: 25 });
  const serving = handleSmtp(await accepted, credentials).catch((error) => error);
  await writeAll(client, new TextEncoder().encode("STARTTLS\r\nMAIL FROM:<a@b>\r\n"));
  const error = await serving;
  assertInstanceOf(error, ProtocolError);
});

Deno.test("startTlsDialogue() says why a certificate is not accepted", async () => {
  const { selfSigned } = await certificates();
  const network = systemNetwork();
  using listener = network.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const serving: Promise<unknown>[] = [];
  const accepting = (async () => {
    for await (const connection of listener) {
      serving.push(handleSmtp(connection, selfSigned).catch(() => closeQuietly(connection)));
    }
  })();
  const reconnect = () => network.connect({ hostname: "127.0.0.1", port });
  const error = await startTlsDialogue("smtp", await reconnect(), {
    hostname: "localhost",
    reconnect,
  })
    .catch((error) => error);
  assertInstanceOf(error, TlsError);
  assertEquals(error.reason, "the certificate is self-signed");
  listener.close();
  await accepting;
  await Promise.all(serving);
});
