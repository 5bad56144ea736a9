/**
 * How fast messages of 4 KB are read by IMAP from Dovecot, in messages a second: the headers of 10,000 and the texts of
 * 1,000, by our client, imapflow and Perl's Mail::IMAPClient. Connecting and logging in count, starting a program does
 * not.
 *
 * @module
 */

import { startDovecot } from "../interop/peers/dovecot.ts";
import { run } from "../interop/peers/program.ts";
import { compare } from "./_measure.ts";

const COUNT = 10_000;
const TEXTS = 1000;
const BODY = `${"x".repeat(63)}\n`.repeat(64);
const ROOT = new URL("../../", import.meta.url).pathname;

const PERL = `
  use Mail::IMAPClient; use Time::HiRes "time";
  my ($port, $kind, $count) = @ARGV;
  my $begin = time;
  my $box = Mail::IMAPClient->new(Server => "127.0.0.1", Port => $port, User => "test",
    Password => "secret", Uid => 1) or die $@;
  $box->examine("INBOX") or die $box->LastError;
  my @uids = @{$box->messages}[0 .. $count - 1];
  my $read = 0;
  if ($kind eq "headers") {
    my $found = $box->fetch_hash(\\@uids, "ENVELOPE", "FLAGS") or die $box->LastError;
    $read = keys %$found;
  } else {
    for (@uids) { $read++ if length($box->message_string($_)) > 4000 }
  }
  $box->logout;
  die "$read messages" if $read != $count;
  print $count / (time - $begin);
`;

/** Measures and prints. */
export async function bench(): Promise<void> {
  await using dovecot = await startDovecot();
  for (let at = 0; at < COUNT; at++) {
    await Deno.writeTextFile(
      `${dovecot.maildir}/new/${1_700_000_000 + at}.P1.host`,
      `From: Ann Example <ann@a.example>\nTo: Bob <bob@b.example>, Carol <carol@c.example>\n` +
        `Subject: message number ${at}\nDate: Mon, 30 Nov 2026 08:00:00 +0000\n` +
        `Message-ID: <m${at}@a.example>\n\n${BODY}`,
    );
  }
  await run("chown", ["--recursive", "mail:mail", dovecot.maildir]);
  const port = String(dovecot.imap);
  const js = (client: string, kind: string, count: number) => ({
    name: client === "ours" ? "ImapClient" : "imapflow",
    run: async () =>
      Number(
        await run(Deno.execPath(), [
          ...["run", "-A", "--no-lock"],
          `--import-map=${ROOT}scripts/offline/import_map.json`,
          `${ROOT}tests/bench/imap/fetch.ts`,
          ...[client, kind, port, String(count)],
        ]),
      ),
  });
  // Dovecot indexes new messages first.
  await js("ours", "headers", COUNT).run();
  for (const [kind, count] of [["headers", COUNT], ["texts", TEXTS]] as const) {
    await compare(`IMAP, ${kind} of ${count} messages, messages/s`, [
      js("ours", kind, count),
      js("imapflow", kind, count),
      {
        name: "Perl Mail::IMAPClient",
        run: async () => Number(await run("perl", ["-e", PERL, port, kind, String(count)])),
      },
    ]);
  }
}
