/** Debian's news programs and our server. */

import { assert, assertEquals } from "@std/assert";
import { hashPassword } from "../../src/stores/mod.ts";
import { NntpClient } from "../../src/protocols/nntp/mod.ts";
import { certificates } from "../support/certificates.ts";
import { serve } from "../support/netwright.ts";
import { inFolder } from "../support/trees.ts";
import { needs, needsPerl } from "./peers/needs.ts";
import { run } from "./peers/program.ts";
import { Terminal } from "./peers/tmux.ts";

const MODELS = ["multiplex", "serial", "fork", "prefork", "thread", "prethread"];

/** A server with users, certificate and a spool. */
async function withServer(
  model: string,
  act: (server: { readonly port: string; readonly folder: string }) => Promise<void>,
  hasUsers = false,
): Promise<void> {
  await inFolder(async (folder) => {
    const { server } = await certificates();
    await Deno.writeTextFile(`${folder}/cert.pem`, server.cert);
    await Deno.writeTextFile(`${folder}/key.pem`, server.key);
    await Deno.writeTextFile(`${folder}/users.yaml`, `ann: ${await hashPassword("secret")}\n`);
    await Deno.writeTextFile(
      `${folder}/groups.yaml`,
      "local.test: Tests\nlocal.other: Other things\n",
    );
    await using running = await serve([
      ...["nntp", "--listen", "127.0.0.1:0", "--spool", `${folder}/news`, "--model", model],
      ...["--groups", `${folder}/groups.yaml`, "--insecure-auth"],
      ...["--tls-cert", `${folder}/cert.pem`, "--tls-key", `${folder}/key.pem`],
      ...hasUsers ? ["--users", `${folder}/users.yaml`] : [],
    ]);
    await act({ port: running.endpoint.split(":")[1]!, folder });
  });
}

const PYTHON = `
import nntplib, ssl, sys, json, datetime, warnings
port, mode = int(sys.argv[1]), sys.argv[2]
news = nntplib.NNTP("127.0.0.1", port, timeout=20)
capabilities = news.getcapabilities()
if mode == "starttls": news.starttls(ssl._create_unverified_context())
news.login("ann", "secret", usenetrc=False)
head = b"From: Ann <ann@a.example>\\nNewsgroups: %s\\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= %s\\nMessage-ID: <%s@%s.example>\\n%s\\n%s"
tag = mode.encode()
def post(groups, name, more, body):
  return news.post((head % (groups, name, name, tag, more, body)).splitlines(True))
post(b"local.test", b"one", b"", b".\\n..\\n.x\\nend\\n")
post(b"local.test,local.other", b"two", b"References: <one@%s.example>\\n" % tag, "日本\\n".encode())
_, count, first, last, name = news.group("local.test")
_, rows = news.over((first, last))
subjects = [nntplib.decode_header(row[1]["subject"]) for row in rows][-2:]
_, one = news.article("<one@%s.example>" % mode)
_, body = news.body(last)
_, headers = news.xhdr("subject", "%d-%d" % (first, last))
_, new = news.newnews("local.*", datetime.datetime(2020, 1, 1))
_, groups = news.list("local.*")
print(json.dumps({"count": count, "name": name, "subjects": subjects,
  "one": [line.decode() for line in one.lines if not line.startswith(b"Injection") and not line.startswith(b"Date")][-8:],
  "body": [line.decode() for line in body.lines], "headers": len(headers), "new": len(new),
  "groups": sorted(group.group for group in groups), "description": news.description("local.other"),
  "starttls": "STARTTLS" in capabilities, "stat": news.stat("<two@%s.example>" % mode)[2]}))
news.quit()
`;

for (const model of MODELS) {
  Deno.test({
    name: `Python's nntplib and serve nntp --model ${model}`,
    ignore: !await needs("python3"),
  }, () =>
    withServer(model, async ({ port, folder }) => {
      let count = 0;
      for (const mode of ["plain", "starttls"]) {
        count += 2;
        const words = ["-W", "ignore", "-c", PYTHON, port, mode];
        const result = JSON.parse(await run("python3", words));
        const { one, ...rest } = result;
        assertEquals(rest, {
          count,
          name: "local.test",
          subjects: ["Grüße one", "Grüße two"],
          body: ["日本"],
          headers: count,
          new: count,
          groups: ["local.other", "local.test"],
          description: "Other things",
          starttls: true,
          stat: `<two@${mode}.example>`,
        });
        assertEquals(one.slice(-4), [".", "..", ".x", "end"]);
        assertEquals(one.at(-5), "");
      }
      // The same article, under the names that the spool has for it.
      const [here, there] = await Promise.all(
        ["test/2", "other/1"].map((name) => Deno.stat(`${folder}/news/articles/local/${name}`)),
      );
      assertEquals(here!.ino, there!.ino);
    }, true));
}

const PERL = `
use strict; use Net::NNTP;
my ($port) = @ARGV;
my $news = Net::NNTP->new("127.0.0.1", Port => $port, Timeout => 20) or die "connect: $@";
$news->postok or die "not allowed";
for my $n (1 .. 3) {
  my $refs = $n > 1 ? "References: <" . ($n - 1) . "\\@p.example>\\n" : "X-None: 1\\n";
  $news->post("From: Perl <p\\@p.example>\\n", "Newsgroups: local.test\\n", "Subject: number $n\\n",
    "Message-ID: <$n\\@p.example>\\n", $refs, "\\n", ".dot\\n", "body $n\\n") or die $news->message;
}
my ($count, $first, $last, $name) = $news->group("local.test");
print "$count $first $last $name\\n";
my $over = $news->xover("$first-$last");
print join("|", map { $over->{$_}[0] } sort { $a <=> $b } keys %$over), "\\n";
print join("", @{$news->body(2)});
my $fmt = $news->overview_fmt; print join(" ", @$fmt), "\\n";
my $active = $news->active("local.*"); print join(" ", map { "$_=$active->{$_}[2]" } sort keys %$active), "\\n";
my $about = $news->newsgroups("local.*"); print $about->{"local.test"}, "\\n";
my $new = $news->newnews(time - 3600, "local.test"); print scalar(@$new), "\\n";
my $since = $news->newgroups(0); print join(" ", sort keys %$since), "\\n";
my $pat = $news->xpat("Subject", "*2", [1, 3]); print join(" ", %$pat), "\\n";
my $refs = $news->xhdr("References", [2, 3]); print join(" ", map { $refs->{$_} } sort keys %$refs), "\\n";
my $numbers = $news->listgroup("local.test"); print "@$numbers\\n";
$news->nntpstat(1); print $news->next, "\\n"; print $news->last, "\\n";
print $news->date > 1e9 ? "date\\n" : "no date\\n";
$news->quit;
`;

Deno.test(
  { name: "Perl's Net::NNTP and serve nntp", ignore: !await needsPerl("Net::NNTP") },
  () =>
    withServer("multiplex", async ({ port }) => {
      assertEquals((await run("perl", ["-e", PERL, port])).split("\n"), [
        "3 1 3 local.test",
        "number 1|number 2|number 3",
        ".dot",
        "body 2",
        "Subject: From: Date: Message-ID: References: Bytes: Lines: Xref:full",
        "local.other=y local.test=y",
        "Tests",
        "3",
        "local.other local.test",
        "2 number 2",
        "<1@p.example> <2@p.example>",
        "1 2 3",
        "<2@p.example>",
        "<1@p.example>",
        "date",
        "",
      ]);
    }),
);

/** Waits until a group has so many articles. */
async function untilPosted(port: string, count: number): Promise<string> {
  await using client = await NntpClient.connect(`nntp://127.0.0.1:${port}`, { tls: "none" });
  for (let attempt = 0; (await client.selectGroup("local.test")).count < count; attempt++) {
    if (attempt === 200) throw new Error("the article does not come");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return await new Response(ReadableStream.from(client.article(count))).text();
}

async function postFirst(port: string): Promise<void> {
  await using client = await NntpClient.connect(`nntp://127.0.0.1:${port}`, { tls: "none" });
  const head = "From: Ann <ann@a.example>\nNewsgroups: local.test\nSubject: Tea\n";
  const text = `${head}Message-ID: <1@a.example>\n\n.At four?\n`;
  await client.post([new TextEncoder().encode(text)]);
}

const hasTmux = await needs("tmux");

Deno.test({
  name: "slrn reads and posts",
  ignore: !await needs("slrn") || !hasTmux,
}, () =>
  withServer("multiplex", async ({ port, folder }) => {
    await postFirst(port);
    await Deno.writeTextFile(`${folder}/editor`, 'printf "A reply from slrn\\n" >> "$1"\n');
    await Deno.writeTextFile(
      `${folder}/slrnrc`,
      `set username "bob"\nset hostname "b.example"\nset editor_command "sh ${folder}/editor %s"\n`,
    );
    await using terminal = await Terminal.open();
    const files = `-f ${folder}/newsrc -i ${folder}/slrnrc --create`;
    await terminal.type(`HOME=${folder} slrn -h 127.0.0.1 -p ${port} ${files}`);
    await terminal.press("Enter");
    await terminal.until(/1 +local\.test/);
    await terminal.press("Down");
    await terminal.until(/->U +1 +local\.test/);
    await terminal.press("Space");
    await terminal.until(/\[Ann +\].* Tea/);
    await terminal.press("Space");
    await terminal.until(/\n\.At four\?/);
    await terminal.type("f");
    await terminal.until(/want to followup\?/);
    await terminal.type("y");
    await terminal.until(/Post the message\?/);
    await terminal.type("y");
    const reply = await untilPosted(port, 2);
    assert(/\r\nReferences: <1@a\.example>\r\n[^]*\r\nA reply from slrn\r\n$/.test(reply), reply);
  }));

Deno.test({
  name: "tin reads and posts",
  ignore: !await needs("tin") || !hasTmux,
}, () =>
  withServer("multiplex", async ({ port, folder }) => {
    await postFirst(port);
    await Deno.writeTextFile(
      `${folder}/editor`,
      'for file; do :; done\nprintf "A reply from tin\\n" >> "$file"\n',
    );
    await Deno.mkdir(`${folder}/.tin`);
    await Deno.writeTextFile(`${folder}/.tin/tinrc`, "mail_address=Bob <bob@b.example>\n");
    await using terminal = await Terminal.open();
    const environment = `HOME=${folder} VISUAL='sh ${folder}/editor'`;
    await terminal.type(`${environment} tin -r -g 127.0.0.1 -p ${port} -G 100 local.test`);
    await terminal.press("Enter");
    for (let screen = ""; !/\n\.At four\?/.test(screen); screen = await terminal.screen()) {
      // Past a welcome, if there is one.
      await terminal.until(/RETURN|1 .* Tea|\n\.At four\?/);
      await terminal.press("Enter");
      await terminal.until(/1 .* Tea|\n\.At four\?/);
    }
    await terminal.type("f");
    await terminal.until(/p=post|q=quit, .*p/);
    await terminal.type("p");
    const reply = await untilPosted(port, 2);
    assert(/\r\nReferences: <1@a\.example>\r\n[^]*\r\nA reply from tin\r\n$/.test(reply), reply);
  }));
