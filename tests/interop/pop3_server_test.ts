/** Debian's POP3 clients and our server. */

import { assertEquals } from "@std/assert";
import { hashPassword, Maildir } from "../../src/stores/mod.ts";
import { certificates } from "../support/certificates.ts";
import { serve } from "../support/netwright.ts";
import { inFolder } from "../support/trees.ts";
import { needs, needsPerl } from "./peers/needs.ts";
import { run } from "./peers/program.ts";

const MODELS = ["multiplex", "serial", "fork", "prefork", "thread", "prethread"];
/** Texts that are easily spoiled: dots, no end of line, 8 bits, long lines, an empty body. */
const TEXTS = [
  "Subject: dots\r\n\r\n.\r\n..\r\n.x\r\n",
  "Subject: no end\r\n\r\nlast",
  "Subject: gr\u00fc\u00dfe\r\n\r\n\u65e5\u672c\r\n",
  `Subject: long\r\n\r\n${"x".repeat(100_000)}\r\n`,
  "Subject: empty\r\n\r\n",
];
/** The same as clients must get them. */
const RECEIVED = TEXTS.map((text) => text.endsWith("\r\n") ? text : `${text}\r\n`);

/** A server with a mailbox of {@link TEXTS}. */
async function withServer(
  model: string,
  act: (
    server: { readonly port: string; readonly folder: string; count(): Promise<number> },
  ) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const { server } = await certificates();
    await Deno.writeTextFile(`${folder}/cert.pem`, server.cert);
    await Deno.writeTextFile(`${folder}/key.pem`, server.key);
    await Deno.writeTextFile(`${folder}/users.yaml`, `ann: ${await hashPassword("secret")}\n`);
    await Deno.mkdir(`${folder}/mail`);
    const account = await new Maildir(`${folder}/mail`).account("ann");
    const inbox = (await account.folder("INBOX"))!;
    for (const text of TEXTS) await inbox.append(new TextEncoder().encode(text));
    await using running = await serve([
      ...["pop3", "--listen", "127.0.0.1:0", "--maildir", `${folder}/mail`, "--model", model],
      ...["--users", `${folder}/users.yaml`, "--insecure-auth"],
      ...["--tls-cert", `${folder}/cert.pem`, "--tls-key", `${folder}/key.pem`],
    ]);
    const port = running.endpoint.split(":")[1]!;
    await act({ port, folder, count: async () => (await inbox.list()).messages.length });
  });
}

const PYTHON = `
import poplib, ssl, sys, json
poplib._MAXLINE = 1000000
port, mode = int(sys.argv[1]), sys.argv[2]
context = ssl._create_unverified_context()
box = poplib.POP3("127.0.0.1", port, timeout=20)
if mode == "stls": box.stls(context)
capabilities = box.capa()
box.user("ann"); box.pass_("secret")
count, size = box.stat()
texts = []
for number in range(1, count + 1):
    _, lines, _ = box.retr(number)
    texts.append((b"\\r\\n".join(lines) + b"\\r\\n").decode())
sizes = [int(line.split()[1]) for line in box.list()[1]]
uids = [line.split()[1].decode() for line in box.uidl()[1]]
top = box.top(1, 1)[1]
box.dele(1); box.rset(); box.dele(2); box.noop(); box.quit()
print(json.dumps({"count": count, "size": size, "texts": texts, "sizes": sizes, "uids": len(set(uids)),
  "top": [line.decode() for line in top], "stls": "STLS" in capabilities}))
`;

for (const model of MODELS) {
  Deno.test({
    name: `Python's poplib and serve pop3 --model ${model}`,
    ignore: !await needs("python3"),
  }, () =>
    withServer(model, async ({ port, count }) => {
      const bytes = TEXTS.map((text) => new TextEncoder().encode(text).length);
      const result = JSON.parse(await run("python3", ["-c", PYTHON, port, "plain"]));
      assertEquals(result, {
        count: TEXTS.length,
        size: bytes.reduce((sum, size) => sum + size),
        texts: RECEIVED,
        sizes: bytes,
        uids: TEXTS.length,
        top: ["Subject: dots", "", "."],
        stls: true,
      });
      assertEquals(await count(), TEXTS.length - 1);
      const secured = JSON.parse(await run("python3", ["-c", PYTHON, port, "stls"]));
      assertEquals([secured.texts.length, secured.stls, await count()], [
        TEXTS.length - 1,
        false,
        TEXTS.length - 2,
      ]);
    }));
}

Deno.test(
  { name: "curl and serve pop3", ignore: !await needs("curl") },
  () =>
    withServer("multiplex", async ({ port, count }) => {
      const curl = (path: string, ...more: string[]) =>
        run("curl", [
          "-sS",
          "--insecure",
          "--ssl-reqd",
          "--max-time",
          "20",
          `pop3://ann:secret@127.0.0.1:${port}/${path}`,
          ...more,
        ]);
      assertEquals((await curl("")).split("\r\n").length, TEXTS.length + 1);
      for (const [at, text] of RECEIVED.entries()) assertEquals(await curl(`${at + 1}`), text);
      assertEquals(
        (await curl("", "--login-options", "AUTH=PLAIN")).split("\r\n").length,
        TEXTS.length + 1,
      );
      await curl("1", "-X", "DELE", "--head");
      assertEquals(await count(), TEXTS.length - 1);
    }),
);

const PERL = `
use strict; use Net::POP3; use JSON::PP;
my $box = Net::POP3->new("127.0.0.1", Port => shift, Timeout => 20) or die $@;
my $count = $box->login("ann", "secret") // die "login: " . $box->message;
my @texts = map { join "", @{$box->get($_)} } 1 .. $count;
my ($number, $size) = $box->popstat;
my $uids = $box->uidl;
$box->delete(1); $box->quit;
print encode_json({ texts => [map { s/\\r?\\n/\\n/gr } @texts], size => $size, uids => scalar keys %$uids });
`;

Deno.test(
  { name: "Perl's Net::POP3 and serve pop3", ignore: !await needsPerl("Net::POP3") },
  () =>
    withServer("prefork", async ({ port, count }) => {
      const result = JSON.parse(await run("perl", ["-e", PERL, port]));
      const latin1 = (text: string) =>
        Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
      assertEquals(
        result.texts.map((text: string) => text.length),
        RECEIVED.map((text) => latin1(text.replaceAll("\r\n", "\n")).length),
      );
      assertEquals([result.uids, await count()], [TEXTS.length, TEXTS.length - 1]);
    }),
);

Deno.test(
  { name: "fetchmail and serve pop3", ignore: !await needs("fetchmail") },
  () =>
    withServer("thread", async ({ port, folder, count }) => {
      await Deno.writeTextFile(
        `${folder}/fetchmailrc`,
        `set no bouncemail\npoll 127.0.0.1 protocol pop3 service ${port} user ann password secret no sslcertck\n` +
          `  fetchall mda "cat >> ${folder}/fetched; echo MARK >> ${folder}/fetched"\n`,
      );
      await Deno.chmod(`${folder}/fetchmailrc`, 0o600);
      await run("fetchmail", [
        "-f",
        `${folder}/fetchmailrc`,
        "--pidfile",
        `${folder}/pid`,
        "-i",
        `${folder}/ids`,
      ]);
      const fetched = await Deno.readTextFile(`${folder}/fetched`);
      assertEquals(fetched.split("MARK\n").length - 1, TEXTS.length);
      assertEquals(fetched.includes("\n.\n..\n.x\n"), true);
      assertEquals(await count(), 0);
    }),
);
