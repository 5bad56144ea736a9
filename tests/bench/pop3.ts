/**
 * How fast 5,000 messages of 4 KB are read by POP3, in messages a second: our client and Perl's Net::POP3 from Dovecot,
 * then our server and Dovecot with our client. Connecting and logging in count, starting a program does not.
 *
 * @module
 */

import { Pop3Client } from "../../src/protocols/pop3/mod.ts";
import { Secret } from "../../src/protocols/wire/mod.ts";
import { startDovecot } from "../interop/peers/dovecot.ts";
import { run } from "../interop/peers/program.ts";
import { serve } from "../support/netwright.ts";
import { compare } from "./_measure.ts";

const COUNT = 5000;
const LETTER = `Subject: x\n\n${`${"x".repeat(63)}\n`.repeat(64)}`;

const PERL = `
  use Net::POP3; use Time::HiRes "time";
  my $begin = time;
  my $box = Net::POP3->new("127.0.0.1", Port => $ARGV[0]) or die;
  my $count = $box->login("test", "secret") or die;
  my $bytes = 0;
  for (1 .. $count) { $bytes += length for @{$box->get($_)} }
  $box->quit;
  die "$bytes bytes" if $bytes < $count * 4000;
  print $count / (time - $begin);
`;

/** Measures and prints. */
export async function bench(): Promise<void> {
  await using dovecot = await startDovecot();
  const folder = await Deno.makeTempDir();
  try {
    const own = `${folder}/test/new`;
    await Deno.mkdir(own, { recursive: true });
    for (let at = 0; at < COUNT; at++) {
      for (const place of [own, `${dovecot.maildir}/new`]) {
        await Deno.writeTextFile(`${place}/${1_700_000_000 + at}.P1.host`, LETTER);
      }
    }
    await run("chown", ["--recursive", "mail:mail", dovecot.maildir]);
    await using server = await serve(
      ["pop3", "--listen", "127.0.0.1:0", "--maildir", folder, "--any-password"],
    );
    const pop3 = `127.0.0.1:${dovecot.pop3}`;
    const ours = { name: "Pop3Client, from Dovecot", run: () => readAll(pop3) };
    // Both index new messages first.
    await readAll(server.endpoint);
    await readAll(pop3);
    await compare("POP3 clients, messages/s", [
      ours,
      {
        name: "Perl Net::POP3, from Dovecot",
        run: async () => Number(await run("perl", ["-e", PERL, `${dovecot.pop3}`])),
      },
    ]);
    await compare("POP3 servers, messages/s", [
      { name: "Pop3Client, from serve pop3", run: () => readAll(server.endpoint) },
      ours,
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function readAll(endpoint: string): Promise<number> {
  const begin = performance.now();
  await using client = await Pop3Client.connect(endpoint, {
    credentials: { user: "test", password: new Secret("secret") },
    tls: "none",
    mechanism: "USER",
  });
  const numbers = (await client.list()).map(({ number }) => number);
  let bytes = 0;
  for await (const { text } of client.retrieveAll(numbers)) {
    for await (const piece of text) bytes += piece.length;
  }
  await client.quit();
  if (numbers.length !== COUNT || bytes < COUNT * 4000) throw new Error(`${bytes} bytes`);
  return COUNT / (performance.now() - begin) * 1000;
}
