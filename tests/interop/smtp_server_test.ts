/** Debian's mail programs and libraries, and npm's nodemailer, send by our server, which stores their mail in Maildirs. */

import { assertEquals, assertMatch } from "@std/assert";
import { createTransport } from "nodemailer";
import { hashPassword } from "../../src/stores/mod.ts";
import { certificates } from "../support/certificates.ts";
import { serve } from "../support/netwright.ts";
import { inFolder } from "../support/trees.ts";
import { needs, needsPerl } from "./peers/needs.ts";
import { run } from "./peers/program.ts";

const PROGRAMS = ["curl", "swaks", "msmtp", "perl", "python3"];
const ignore = (await Promise.all(PROGRAMS.map(needs))).includes(false) ||
  !await needsPerl("IO::Socket::SSL") || !await needsPerl("Authen::SASL");

/** Settings of a program. */
interface Place {
  readonly host: string;
  readonly port: string;
  readonly ca: string;
  readonly folder: string;
}

/** A message with what must not be changed on the way: dots, a long line, a blank end. */
const TEXT = `Subject: x\n\n.\n..two\n${"y".repeat(900)}\n.end\n\n`;

const PERL = `use strict; use Net::SMTP;
my ($host, $port, $ca, $text) = @ARGV;
my $smtp = Net::SMTP->new($host, Port => $port, Timeout => 20) or die "connect: $@";
$smtp->starttls(SSL_ca_file => $ca) or die "starttls: " . $smtp->message;
$smtp->auth("bob", "sesame") or die "auth: " . $smtp->message;
$smtp->mail('ann@a.example') and $smtp->to('bob@b.example') and $smtp->data or die $smtp->message;
$smtp->datasend($text) and $smtp->dataend or die $smtp->message;
$smtp->quit;`;

const PYTHON = `import smtplib, ssl, sys
host, port, ca, text = sys.argv[1:5]
smtp = smtplib.SMTP(host, int(port), timeout=20)
smtp.starttls(context=ssl.create_default_context(cafile=ca))
smtp.login("bob", "sesame")
refused = smtp.sendmail("ann@a.example", ["bob@b.example", "eve@b.example"], text)
assert list(refused) == ["eve@b.example"], refused
smtp.quit()`;

const CLIENTS: Readonly<Record<string, (place: Place) => Promise<unknown>>> = {
  async curl({ host, port, ca, folder }) {
    const url = `smtp://${host}:${port}`;
    const mail = ["--mail-from", "ann@a.example", "--mail-rcpt", "bob@b.example"];
    const file = ["--upload-file", `${folder}/text`, "--crlf"];
    const tls = ["--ssl-reqd", "--cacert", ca, "--user", "bob:sesame"];
    await run("curl", ["--silent", "--show-error", url, ...mail, ...tls, ...file]);
  },
  async swaks({ host, port, ca, folder }) {
    const tls = ["--tls", "--tls-verify", "--tls-ca-path", ca];
    const login = ["--auth", "CRAM-MD5,PLAIN", "--auth-user", "bob", "--auth-password", "sesame"];
    const mail = ["--from", "ann@a.example", "--to", "bob@b.example", "--data", `@${folder}/text`];
    await run("swaks", ["--server", host, "--port", port, ...tls, ...login, ...mail]);
  },
  async msmtp({ host, port, ca }) {
    const tls = ["--tls=on", "--tls-starttls=on", `--tls-trust-file=${ca}`];
    const login = ["--auth=on", "--user=bob", "--passwordeval=echo sesame"];
    const words = [`--host=${host}`, `--port=${port}`, "--file=/dev/null", ...tls, ...login];
    await run("msmtp", [...words, "--from=ann@a.example", "bob@b.example"], TEXT);
  },
  async "msmtp by SCRAM"({ host, port, ca }) {
    const tls = ["--tls=on", "--tls-starttls=on", `--tls-trust-file=${ca}`];
    const login = ["--auth=scram-sha-256", "--user=bob", "--passwordeval=echo sesame"];
    const words = [`--host=${host}`, `--port=${port}`, "--file=/dev/null", ...tls, ...login];
    await run("msmtp", [...words, "--from=ann@a.example", "bob@b.example"], TEXT);
  },
  async "Net::SMTP"({ host, port, ca }) {
    await run("perl", ["-e", PERL, host, port, ca, TEXT]);
  },
  async nodemailer({ host, port, ca }) {
    const transport = createTransport({
      host,
      port: Number(port),
      requireTLS: true,
      tls: { ca: await Deno.readTextFile(ca) },
      auth: { user: "bob", pass: "sesame" },
    });
    try {
      // Its composer folds and encodes: a complete message is sent unchanged.
      await transport.sendMail({
        envelope: { from: "ann@a.example", to: ["bob@b.example"] },
        raw: TEXT,
      });
    } finally {
      transport.close();
    }
  },
  async smtplib({ host, port, ca }) {
    await run("python3", ["-c", PYTHON, host, port, ca, TEXT]);
  },
};

/** The messages of a Maildir, without fields and lines that were added. */
async function messagesOf(place: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const { name } of Deno.readDir(`${place}/new`)) {
    texts.push(await Deno.readTextFile(`${place}/new/${name}`));
  }
  return texts.map((text) => text.replaceAll("\r\n", "\n"));
}

async function startServer(folder: string): ReturnType<typeof serve> {
  const { folder: certs } = await certificates();
  const users = `${folder}/users.yaml`;
  await Deno.writeTextFile(users, `bob:\n  password: "${await hashPassword("sesame")}"\n`);
  const tls = ["--tls-cert", `${certs}/server.pem`, "--tls-key", `${certs}/server.key`];
  const place = ["--users", users, "--maildir", `${folder}/mail`];
  return await serve(["smtp", "--listen", "127.0.0.1:0", ...tls, ...place]);
}

Deno.test(
  { name: "programs and libraries send by our server", ignore },
  (t) =>
    inFolder(async (folder) => {
      const { folder: certs } = await certificates();
      await Deno.mkdir(`${folder}/mail`);
      await Deno.writeTextFile(`${folder}/text`, TEXT);
      await using server = await startServer(folder);
      const port = server.endpoint.split(":")[1]!;
      const place = { host: "localhost", port, ca: `${certs}/ca.pem`, folder };
      let count = 0;
      for (const [name, send] of Object.entries(CLIENTS)) {
        await t.step(name, async () => {
          await send(place);
          const messages = await messagesOf(`${folder}/mail/bob`);
          assertEquals(messages.length, ++count);
          const mine = messages.filter((text) => text.includes("\n\n.\n..two\n" + "y".repeat(900)));
          assertEquals(mine.length, count, messages.at(-1));
          for (const text of mine) assertMatch(text, /\n\.end\n\n*$/);
          for (const text of mine) {
            assertMatch(text, /^Return-Path: <ann@a\.example>\n[^]* with ESMTPSA /);
          }
        });
      }
    }),
);
