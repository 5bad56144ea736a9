/** Our POP3 client and Debian's Dovecot. */

import { assertEquals, assertRejects } from "@std/assert";
import { ReplyError, TlsError } from "../../src/net/mod.ts";
import {
  Pop3Client,
  type Pop3ClientOptions,
  pop3ResponseCode,
} from "../../src/protocols/pop3/mod.ts";
import { Secret } from "../../src/protocols/wire/mod.ts";
import { netwright } from "../support/netwright.ts";
import { inFolder } from "../support/trees.ts";
import { type Dovecot, hasDovecot, startDovecot } from "./peers/dovecot.ts";
import { run } from "./peers/program.ts";

const ready = await hasDovecot();
const COUNT = 10_000;

/** Text of message `at`; files have LF, as those of most programs. */
function letter(at: number): string {
  return `Subject: number ${at}\n\n.${at}\n${"x".repeat(at % 70)}\n..\n`;
}

/** Puts messages into the mailbox, in this order. */
async function fill({ maildir }: Dovecot, count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    await Deno.writeTextFile(`${maildir}/new/${1_700_000_000 + at}.P1.host`, letter(at));
  }
  await run("chown", ["--recursive", "mail:mail", maildir]);
}

function options({ user, password, ca }: Dovecot): Pop3ClientOptions {
  return {
    credentials: { user, password: new Secret(password) },
    trust: { caCerts: [ca] },
    certificateName: "localhost",
  };
}

Deno.test({
  name: "Dovecot: every way to log in, without TLS, with STLS and with TLS",
  ignore: !ready,
}, async () => {
  await using dovecot = await startDovecot();
  const common = options(dovecot);
  for (
    const [port, tls] of [[dovecot.pop3, "none"], [dovecot.pop3, "starttls"], [
      dovecot.pop3s,
      "implicit",
    ]] as const
  ) {
    for (
      const mechanism of [
        undefined,
        "APOP",
        "USER",
        "PLAIN",
        "LOGIN",
        "CRAM-MD5",
        "SCRAM-SHA-1",
        "SCRAM-SHA-256",
      ]
    ) {
      await using client = await Pop3Client.connect(`127.0.0.1:${port}`, {
        ...common,
        tls,
        mechanism,
      });
      assertEquals([client.isSecure, await client.stat()], [tls !== "none", {
        messages: 0,
        bytes: 0,
      }]);
      await client.quit();
    }
    const wrong = { ...common, credentials: { user: dovecot.user, password: new Secret("wrong") } };
    const error = await assertRejects(
      () => Pop3Client.connect(`127.0.0.1:${port}`, { ...wrong, tls }),
      ReplyError,
    );
    assertEquals(pop3ResponseCode(error), "AUTH");
  }
  await assertRejects(
    () =>
      Pop3Client.connect(`127.0.0.1:${dovecot.pop3}`, { ...common, tls: "starttls", trust: {} }),
    TlsError,
  );
});

Deno.test(
  { name: `Dovecot: ${COUNT} messages listed, read, and deleted`, ignore: !ready },
  async () => {
    await using dovecot = await startDovecot();
    await fill(dovecot, COUNT);
    await using client = await Pop3Client.connect(`127.0.0.1:${dovecot.pop3}`, options(dovecot));
    const sizes = await client.list();
    assertEquals([sizes.length, (await client.stat()).messages], [COUNT, COUNT]);
    assertEquals(new Set((await client.uidl()).map(({ uid }) => uid)).size, COUNT);
    let next = 0;
    for await (const { number, text } of client.retrieveAll(sizes.map(({ number }) => number))) {
      let received = "";
      for await (const piece of text) received += new TextDecoder().decode(piece);
      assertEquals([number, received], [next + 1, letter(next).replaceAll("\n", "\r\n")]);
      next++;
    }
    assertEquals(next, COUNT);
    for await (const { number, text } of client.topAll([1, COUNT], 1)) {
      let received = "";
      for await (const piece of text) received += new TextDecoder().decode(piece);
      assertEquals(received, `Subject: number ${number - 1}\r\n\r\n.${number - 1}\r\n`);
    }
    assertEquals(await client.delete(sizes.map(({ number }) => number).slice(5)), []);
    await client.quit();
    await using again = await Pop3Client.connect(`127.0.0.1:${dovecot.pop3}`, options(dovecot));
    assertEquals((await again.stat()).messages, 5);
  },
);

Deno.test(
  { name: "Dovecot: pop fetch into a Maildir, over TLS, then nothing new", ignore: !ready },
  () =>
    inFolder(async (folder) => {
      await using dovecot = await startDovecot();
      await fill(dovecot, 300);
      await Deno.writeTextFile(`${folder}/ca.pem`, dovecot.ca);
      await Deno.writeTextFile(`${folder}/password`, `${dovecot.password}\n`);
      const fetch = (...more: string[]) =>
        netwright([
          ...[
            "pop",
            "fetch",
            `pop3s://${dovecot.user}@localhost:${dovecot.pop3s}`,
            "--ca",
            `${folder}/ca.pem`,
          ],
          ...["--password-file", `${folder}/password`, "--maildir", `${folder}/got`, ...more],
        ]);
      assertEquals((await fetch()).stderr, "300 fetched, 0 known\n");
      assertEquals((await fetch("--delete")).stderr, "0 fetched, 300 known, 300 deleted\n");
      const texts = Array.from(
        Deno.readDirSync(`${folder}/got/new`),
        ({ name }) => Deno.readTextFileSync(`${folder}/got/new/${name}`),
      );
      assertEquals(texts.sort(), Array.from({ length: 300 }, (_, at) => letter(at)).sort());
      const box = `${dovecot.maildir}/new`;
      assertEquals(
        [...Deno.readDirSync(box), ...Deno.readDirSync(`${dovecot.maildir}/cur`)].length,
        0,
      );
    }),
);
