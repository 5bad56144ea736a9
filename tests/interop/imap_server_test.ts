/** Debian's IMAP clients and our server. */

import { assertEquals, assertMatch } from "@std/assert";
import { ImapClient } from "../../src/protocols/imap/mod.ts";
import { Secret } from "../../src/protocols/wire/mod.ts";
import { openMaildir } from "../../src/stores/internal.ts";
import { hashPassword, Maildir, type MailFolder } from "../../src/stores/mod.ts";
import { certificates } from "../support/certificates.ts";
import { serve } from "../support/netwright.ts";
import { inFolder } from "../support/trees.ts";
import { hasDovecot, startDovecot } from "./peers/dovecot.ts";
import { needs, needsPerl } from "./peers/needs.ts";
import { run } from "./peers/program.ts";

const MODELS = ["multiplex", "serial", "fork", "prefork", "thread", "prethread"];
const COUNT = 12;

/** Text of message `at`; some are easily spoiled. */
function letter(at: number): string {
  const body = at % 3 === 0
    ? "grüße\r\n"
    : at % 3 === 1
    ? "no end"
    : `${"x".repeat(at * 9000)}\r\n`;
  return `From: Ann ${at} <ann${at}@a.example>\r\nTo: bob@b.example\r\nSubject: number ${at}\r\n` +
    `Date: Mon, ${at + 1} Nov 2026 10:00:00 +0000\r\nMessage-ID: <${at}@x>\r\n\r\n${body}`;
}

interface Served {
  readonly port: string;
  readonly folder: string;
  readonly inbox: MailFolder;
  other(name: string): Promise<MailFolder>;
}

/** A server with {@link COUNT} messages, a folder `Archive`, and a certificate. */
async function withServer(model: string, act: (served: Served) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const { server } = await certificates();
    await Deno.writeTextFile(`${folder}/cert.pem`, server.cert);
    await Deno.writeTextFile(`${folder}/key.pem`, server.key);
    await Deno.writeTextFile(`${folder}/users.yaml`, `ann: ${await hashPassword("secret")}\n`);
    await Deno.mkdir(`${folder}/mail`);
    const account = await new Maildir(`${folder}/mail`).account("ann");
    const inbox = (await account.folder("INBOX"))!;
    await account.create("Archive");
    await inbox.appendAll(
      Array.from({ length: COUNT }, (_, at) => ({ text: new TextEncoder().encode(letter(at)) })),
    );
    await using running = await serve([
      ...["imap", "--listen", "127.0.0.1:0", "--maildir", `${folder}/mail`, "--model", model],
      ...["--users", `${folder}/users.yaml`, "--insecure-auth"],
      ...["--tls-cert", `${folder}/cert.pem`, "--tls-key", `${folder}/key.pem`],
    ]);
    const port = running.endpoint.split(":")[1]!;
    const other = async (name: string) => (await account.folder(name))!;
    await act({ port, folder, inbox, other });
  });
}

/** Subjects and flags of all messages, in order. */
async function content(folder: MailFolder): Promise<string[]> {
  const lines: string[] = [];
  for (const { uid, flags } of (await folder.list()).messages) {
    let text = "";
    for await (const piece of folder.read(uid)) text += new TextDecoder().decode(piece);
    lines.push([/^Subject: (.*)\r$/m.exec(text)?.[1], ...[...flags].sort()].join(" "));
  }
  return lines;
}

const PYTHON = `
import imaplib, ssl, sys, json
port, mode = int(sys.argv[1]), sys.argv[2]
context = ssl._create_unverified_context()
box = imaplib.IMAP4("127.0.0.1", port, 20)
if mode == "starttls": box.starttls(context)
box.login("ann", "secret")
count = int(box.select()[1][0])
texts = [part[1].decode() for part in box.fetch("1:*", "(BODY.PEEK[])")[1] if isinstance(part, tuple)]
found = box.search(None, "SUBJECT", '"number 1"')[1][0].decode()
sort = box.sort("(REVERSE DATE)", "UTF-8", "1:3")[1][0].decode()
box.store("1", "+FLAGS", "(\\\\Seen $x)")
copied = box.copy("1:2", "Archive")[1][0].decode().split("]")[0]
box.append("Archive", "(\\\\Draft)", '"01-Jan-2020 10:00:00 +0100"', b"Subject: appended\\r\\n\\r\\nx\\r\\n")
box.uid("MOVE", "3", "Archive")
box.store("1", "+FLAGS", "\\\\Deleted"); box.expunge()
left = box.uid("SEARCH", None, "ALL")[1][0].decode()
box.close(); box.logout()
print(json.dumps([count, texts, found, sort, copied.split(" ")[2:], left]))
`;

for (const model of MODELS) {
  Deno.test({
    name: `Python's imaplib and serve imap --model ${model}`,
    ignore: !await needs("python3"),
  }, () =>
    withServer(model, async ({ port, inbox, other }) => {
      const texts = Array.from({ length: COUNT }, (_, at) => letter(at));
      const mode = model === "serial" ? "plain" : "starttls";
      assertEquals(JSON.parse(await run("python3", ["-c", PYTHON, port, mode])), [
        COUNT,
        texts,
        "2 11 12",
        "3 2 1",
        ["1:2", "1:2"],
        "2 4 5 6 7 8 9 10 11 12",
      ]);
      assertEquals((await inbox.list()).messages.length, COUNT - 2);
      assertEquals(await content(await other("Archive")), [
        "number 0 $x \\Seen",
        "number 1",
        "appended \\Draft",
        "number 2",
      ]);
    }));
}

Deno.test(
  { name: "curl and serve imap", ignore: !await needs("curl") },
  () =>
    withServer("multiplex", async ({ port, folder, other }) => {
      const curl = (path: string, ...more: string[]) =>
        run("curl", [
          ...["-sS", "--insecure", "--ssl-reqd", "--max-time", "20"],
          ...[`imap://ann:secret@127.0.0.1:${port}/${path}`, ...more],
        ]);
      assertMatch(await curl(""), /^\* LIST \(\S+\) "\/" "INBOX"\r\n\* LIST .*"Archive"\r\n$/);
      assertEquals(await curl("INBOX;MAILINDEX=3"), letter(2));
      assertEquals(await curl("INBOX;UID=2;SECTION=TEXT"), "no end");
      assertEquals(await curl("INBOX?FROM%20ann7"), "* SEARCH 8\r\n");
      await Deno.writeTextFile(`${folder}/new.eml`, letter(99));
      await curl("Archive", "--upload-file", `${folder}/new.eml`, "--login-options", "AUTH=PLAIN");
      assertEquals(await content(await other("Archive")), ["number 99 \\Seen"]);
    }),
);

const PERL = `
use strict; use Mail::IMAPClient; use JSON::PP;
my $box = Mail::IMAPClient->new(Server => "127.0.0.1", Port => shift, User => "ann",
  Password => "secret", Uid => 1, Starttls => [SSL_verify_mode => 0], Timeout => 20) or die $@;
$box->select("INBOX"); my @all = $box->messages;
my $headers = $box->parse_headers(\\@all, "Subject");
my $size = length $box->message_string(6);
my $type = $box->get_bodystructure(1)->bodytype;
my $from = $box->get_envelope(5)->from->[0]->mailboxname;
my $idle = $box->idle; $box->done($idle);
$box->append_string("Archive", "Subject: by perl\\r\\n\\r\\nx\\r\\n", "\\\\Flagged") or die $box->LastError;
$box->copy("Archive", 1, 2) or die $box->LastError; $box->delete_message(12); $box->expunge;
$box->create("Work") or die; $box->rename("Work", "Done") or die; $box->subscribe("Done") or die;
print encode_json([\\@all, [map { $headers->{$_}{Subject}[0] } @all], $size, $type, $from,
  [$box->folders], 0 + $box->message_count, 0 + $box->unseen_count]);
$box->logout;
`;

Deno.test(
  { name: "Perl's Mail::IMAPClient and serve imap", ignore: !await needsPerl("Mail::IMAPClient") },
  () =>
    withServer("prefork", async ({ port, other }) => {
      assertEquals(JSON.parse(await run("perl", ["-e", PERL, port])), [
        Array.from({ length: COUNT }, (_, at) => `${at + 1}`),
        Array.from({ length: COUNT }, (_, at) => `number ${at}`),
        letter(5).length,
        "TEXT",
        "ann4",
        ["INBOX", "Archive", "Done"],
        COUNT - 1,
        COUNT - 2,
      ]);
      assertEquals(await content(await other("Archive")), [
        "by perl \\Flagged",
        "number 0",
        "number 1",
      ]);
    }),
);

Deno.test(
  { name: "mbsync and serve imap, both ways", ignore: !await needs("mbsync") },
  () =>
    withServer("fork", async ({ port, folder, inbox, other }) => {
      const near = `${folder}/near`;
      const ca = `${(await certificates()).folder}/ca.pem`;
      await Deno.mkdir(near);
      await Deno.writeTextFile(
        `${folder}/mbsyncrc`,
        [
          ...["IMAPAccount a", "Host localhost", `Port ${port}`, "User ann", "Pass secret"],
          ...["SSLType STARTTLS", `CertificateFile ${ca}`, ""],
          ...["IMAPStore far", "Account a", ""],
          ...[
            "MaildirStore near",
            `Path ${near}/`,
            `Inbox ${near}/INBOX`,
            "SubFolders Verbatim",
            "",
          ],
          ...["Channel c", "Far :far:", "Near :near:", "Patterns *", "Create Both"],
          ...["Expunge Both", "SyncState *", ""],
        ].join("\n"),
      );
      const sync = () => run("mbsync", ["--config", `${folder}/mbsyncrc`, "--all"]);
      const files = (name: string) =>
        ["new", "cur"].flatMap((part) =>
          Array.from(
            Deno.readDirSync(`${near}/${name}/${part}`),
            (entry) => `${part}/${entry.name}`,
          )
        ).sort();
      await sync();
      assertEquals([files("INBOX").length, files("Archive").length], [COUNT, 0]);
      // One is new here, one read there, one removed on each side.
      await Deno.writeTextFile(`${near}/Archive/new/1.local`, "Subject: local\n\nx\n");
      const [first] = files("INBOX");
      await Deno.remove(`${near}/INBOX/${first}`);
      await inbox.changeFlags([5], { mode: "add", flags: ["\\Flagged"] });
      await inbox.remove([6]);
      await sync();
      assertEquals((await inbox.list()).messages.length, COUNT - 2);
      assertEquals(files("INBOX").length, COUNT - 2);
      assertEquals(files("INBOX").filter((name) => /:2,.*F/.test(name)).length, 1);
      assertEquals(await content(await other("Archive")), ["local"]);
    }),
);

Deno.test(
  { name: "mutt and serve imap", ignore: !(await needs("mutt") && await needs("script")) },
  () =>
    withServer("thread", async ({ port, folder, inbox, other }) => {
      const box = `imap://ann@127.0.0.1:${port}/`;
      await Deno.writeTextFile(
        `${folder}/muttrc`,
        [
          ...["ssl_starttls=no", "ssl_force_tls=no", 'imap_authenticators="login"', "move=no"],
          ...[`imap_pass="secret"`, `folder="${box}"`, `spoolfile="${box}INBOX"`, "quit=yes"],
          ...["confirmappend=no", "confirmcreate=no", "delete=yes", "mbox_type=mbox", ""],
        ].map((line) => line === "" ? "" : `set ${line}`).join("\n"),
      );
      const keys = "<tag-pattern>~A<enter>" +
        `<tag-prefix><copy-message>${folder}/saved<enter><untag-pattern>~A<enter>` +
        "<first-entry><flag-message><next-entry><save-message>=Archive<enter>" +
        "<last-entry><delete-message><sync-mailbox><exit>";
      await run("script", [
        ...["--quiet", "--return", "--command"],
        ...[`mutt -n -F ${folder}/muttrc -f ${box}INBOX -e 'push "${keys}"'`, "/dev/null"],
      ]);
      const saved = await Deno.readTextFile(`${folder}/saved`);
      assertEquals(saved.match(/^Subject: number/gm)?.length, COUNT);
      const lines = await content(inbox);
      assertEquals(lines.length, COUNT - 2);
      assertMatch(lines[0]!, /^number 0 \\Flagged/);
      assertMatch((await content(await other("Archive"))).join(), /^number 2/);
    }),
);

Deno.test(
  {
    name: "mutt on the same Maildir: its changes are seen, and numbers stay",
    ignore: !(await needs("mutt") && await needs("script")),
  },
  () =>
    withServer("multiplex", async ({ port, folder, inbox }) => {
      const before = (await inbox.list()).messages.map(({ uid }) => uid);
      const keys = "<first-entry><flag-message><last-entry><delete-message><sync-mailbox><exit>";
      await Deno.writeTextFile(`${folder}/muttrc`, "set delete=yes\nset quit=yes\nset move=no\n");
      await run("script", [
        ...["--quiet", "--return", "--command"],
        ...[`mutt -n -F ${folder}/muttrc -f ${folder}/mail/ann -e 'push "${keys}"'`, "/dev/null"],
      ]);
      const python = `
import imaplib, sys
box = imaplib.IMAP4("127.0.0.1", int(sys.argv[1]), 20); box.login("ann", "secret"); box.select()
print(box.uid("SEARCH", None, "ALL")[1][0].decode(), "|", box.uid("SEARCH", None, "FLAGGED")[1][0].decode())
`;
      const seen = await run("python3", ["-c", python, port]);
      assertEquals(seen.trim(), `${before.slice(0, -1).join(" ")} | 1`);
    }),
);

Deno.test(
  {
    name: "Dovecot and our store on the same Maildir: flags, keywords, removals",
    ignore: !await hasDovecot(),
  },
  async () => {
    await using dovecot = await startDovecot();
    const account = await openMaildir(dovecot.maildir);
    const inbox = (await account.folder("INBOX"))!;
    const own = async () => await run("chown", ["--recursive", "mail:mail", dovecot.maildir]);
    await inbox.appendAll(
      Array.from({ length: 4 }, (_, at) => ({ text: new TextEncoder().encode(letter(at)) })),
    );
    await inbox.changeFlags([1], { mode: "set", flags: ["\\Seen", "$Work", "Home"] });
    await own();
    await using client = await ImapClient.connect(`127.0.0.1:${dovecot.imap}`, {
      credentials: { user: dovecot.user, password: new Secret(dovecot.password) },
      trust: { caCerts: [dovecot.ca] },
      certificateName: "localhost",
    });
    const box = await client.open("INBOX");
    const theirs = async () => {
      const lines: string[] = [];
      for await (const { flags, envelope } of box.fetch("1:*", { flags: true, envelope: true })) {
        const lasting = flags!.filter((flag) => flag !== "\\Recent").sort();
        lines.push([envelope!.subject, ...lasting].join(" "));
      }
      return lines.sort();
    };
    assertEquals(await theirs(), await content(inbox));
    await box.store(2, { add: ["$Junk", "$Work"] });
    await box.store(3, { add: ["\\Flagged"] });
    await box.delete(4);
    assertEquals(await content(inbox), await theirs());
    assertMatch((await content(inbox))[1]!, /^number 1 \$Junk \$Work/);
    await inbox.changeFlags([3], { mode: "add", flags: ["another", "$Junk"] });
    await own();
    await client.noop();
    assertEquals(await theirs(), await content(inbox));
  },
);
