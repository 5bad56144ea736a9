import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { formatEndpoint, systemNetwork } from "../../../src/net/mod.ts";
import type { NntpServerOptions } from "../../../src/protocols/nntp/mod.ts";
import { servedSmtp } from "./mail.ts";
import { article, type ServedNews, servedNews, talk, USERS } from "../../protocols/nntp/served.ts";
import { netwright } from "../../support/netwright.ts";
import { inFolder } from "../../support/trees.ts";

/** Runs with a news server on loopback. */
async function withNews(
  act: (url: string, server: ServedNews) => Promise<void>,
  options: Partial<NntpServerOptions> = {},
): Promise<void> {
  await using server = await servedNews(options, systemNetwork());
  await act(`nntp://${formatEndpoint(server.endpoint)}`, server);
}

const ID = (id: string) => ({ "Message-ID": `<${id}@x>` });

/** A thread of three, and another article. */
async function fill(server: ServedNews): Promise<void> {
  await talk(
    server,
    ...["POST", article({ ...ID("1"), Subject: "=?utf-8?q?Gr=C3=BC=C3=9Fe?=" })],
    ...["POST", article({ ...ID("2"), Subject: "other" })],
    ...[
      "POST",
      article({ ...ID("3"), Subject: "Re: =?utf-8?q?Gr=C3=BC=C3=9Fe?=", References: "<1@x>" }),
    ],
    ...[
      "POST",
      article({
        ...ID("4"),
        From: "Bob <b@b>",
        References: "<1@x> <3@x>",
        "Followup-To": "poster",
      }),
    ],
  );
}

Deno.test("news groups: patterns, unread marks, JSON, and groups of a server that was told wrong", () =>
  withNews(async (url, server) => {
    await fill(server);
    await inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/newsrc`, "local.test: 1-2,9\n");
      const { stdout } = await netwright([
        "news",
        "groups",
        url,
        "local.*,!local.old",
        "--newsrc",
        `${folder}/newsrc`,
      ]);
      assertEquals(stdout, "local.mod\t0\t0\tm\tModerated\nlocal.test\t4\t2\t\tTests\n");
    });
    const json = await netwright(["news", "groups", `${url}/local.test`, "--json"]);
    assertEquals(JSON.parse(json.stdout), {
      ...{ name: "local.test", count: 4, low: 1, high: 4, posting: "yes", description: "Tests" },
    });
    const old = await netwright(["news", "groups", url, "--new", "1m"]);
    assertEquals(old.stdout.split("\n").length, 4);
    for (
      const [words, stderr] of [
        [["a b"], /is not a wildmat/],
        [["x", "y"], /operand/],
        [["--new", "soon"], /--new takes an age/],
      ] as const
    ) {
      const wrong = await netwright(["news", "groups", url, ...words]);
      assertEquals(wrong.code, 2, wrong.stderr);
      assertMatch(wrong.stderr, stderr);
    }
  }));

Deno.test("news list: threads, choices, and escapes of a terminal in JSON and tables", () =>
  withNews(async (url, server) => {
    await fill(server);
    await talk(
      server,
      "POST",
      article({ ...ID("5"), Subject: "=?utf-8?B?YRtdMDtQV04HG1sySmQ=?=" }),
    );
    const group = `${url}/local.test`;
    const rows = async (...words: string[]) =>
      (await netwright(["news", "list", group, ...words])).stdout.split("\n").slice(0, -1)
        .map((line) => line.split("\t").filter((_, cell) => cell !== 1 && cell !== 2).join("|"));
    assertEquals((await rows("--threads")).slice(0, 4), [
      "1|Ann <ann@a.example>|Grüße",
      "3|Ann <ann@a.example>|└ Re: Grüße",
      "4|Bob <b@b>|  └ Hi",
      "2|Ann <ann@a.example>|other",
    ]);
    const json = await netwright(["news", "list", group, "--range", "5", "--json"]);
    assert(!json.stdout.includes("\x1b"), json.stdout);
    assertEquals(JSON.parse(json.stdout).subject, "a\x1b]0;PWN\x07\x1b[2Jd");
    assertEquals((await rows("--subject", "GRÜSSE")).length, 0);
    assertEquals((await rows("--subject", "grüße")).length, 2);
    assertEquals(await rows("--author", "b@b"), ["4|Bob <b@b>|Hi"]);
    assertEquals((await rows("--last", "2")).length, 2);
    assertEquals((await rows("--range", "2-3")).length, 2);
    assertEquals((await rows("--since", "2026-12-01")).length, 0);
    const missing = await netwright(["news", "list", `${url}/local.none`]);
    assertEquals([missing.code, /411 no such group/.test(missing.stderr)], [1, true]);
    const none = await netwright(["news", "list", url]);
    assertEquals([none.code, /GROUP is missing/.test(none.stderr)], [2, true]);
  }));

Deno.test("news post: new articles, replies, cancellations; what would be wrong is not sent", () =>
  withNews(async (url, server) => {
    await fill(server);
    const ann = ["--from", "Ann <ann@a.example>"];
    const post = (...words: string[]) => netwright(["news", "post", ...words]);
    const posted = await post(
      url,
      "local.test",
      ...ann,
      "--subject",
      "Neu",
      "--body",
      "Größe\n.dot",
    );
    assertMatch(posted.stderr, /^posted: article received <\S+@a\.example>\n$/);
    const reply = await post(url, "--follow", "<3@x>", ...ann, "--body", "Yes.");
    assertEquals(reply.code, 0, reply.stderr);
    const [, head] = await talk(server, "GROUP local.test", "ARTICLE 6");
    assertMatch(head!, /\|References: <1@x> <3@x>\|Newsgroups: local\.test\|/);
    assertMatch(head!, /\|> Hello\|\|Yes\.\|\.$/);
    const poster = await post(url, "--follow", "<4@x>", ...ann, "--body", "x");
    assertEquals([poster.code, /by mail only/.test(poster.stderr)], [2, true]);
    const other = await post(`${url}/local.test`, "--cancel", "4", ...ann);
    assertEquals([other.code, /another's article/.test(other.stderr)], [1, true]);
    const own = await post(`${url}/local.test`, "--cancel", "1", ...ann);
    assertEquals(own.code, 0, own.stderr);
    assertEquals(await talk(server, "STAT <1@x>"), ["430 no such article"]);
    const eml = await post(
      url,
      "local.test",
      ...ann,
      "-s",
      "x",
      "--body",
      "y",
      "--eml",
      "--followup-to",
      "poster",
    );
    assertMatch(eml.stdout, /\nNewsgroups: local\.test\r?\nFollowup-To: poster\r?\n/);
    const ready = await netwright(["news", "post", url, "--message", "-"], {
      stdin: article(ID("9")),
    });
    assertMatch(ready.stderr, /<9@x>/);
    for (
      const words of [
        [url, "local.test", "-s", "x", "--body", "y"],
        [url, ...ann, "-s", "x", "--body", "y"],
        [url, "local.test", ...ann, "--body", "y"],
        [url, "--follow", "3", ...ann],
        [url, "--follow", "<1@x>", "--cancel", "<1@x>", ...ann],
        [url, "--message", "-", "--subject", "x"],
      ]
    ) {
      assertEquals([words, (await post(...words)).code], [words, 2]);
    }
  }));

Deno.test("news read at a prompt: marks, parents, replies by post and by mail", () =>
  withNews(async (url, server) => {
    await fill(server);
    await inFolder(async (folder) => {
      await using mail = await servedSmtp();
      const newsrc = `${folder}/newsrc`;
      await Deno.writeTextFile(newsrc, "# mine\nother.group! 1-7\nlocal.test: 1\n", {
        mode: 0o600,
      });
      const words = [
        ...["news", "read", `${url}/local.test`, "--newsrc", newsrc],
        ...["--from", "carol@c.example", "--smtp", `smtp://${mail.where}`],
      ];
      const stdin =
        "3\np\nr\nBy mail.\n.\nf\nNever mind.\n~q\n4\nf\n2\nf\nPosted.\n.\nu 2\nbogus\nq\n";
      const { code, stdout, stderr } = await netwright(words, { stdin });
      assertMatch(stdout, /^local\.test: 4 articles, 3 unread\n/);
      assertMatch(
        stdout,
        /\nSubject: Grüße\n\nHello\n[^]*sent to ann@a\.example\n[^]*nothing was sent\n[^]*posted to local\.test/,
      );
      assertMatch(stderr, /its author requests replies by mail only\n[^]*"bogus" is not a command/);
      assertEquals(code, 0);
      assertMatch(
        mail.texts[0]!,
        /\nSubject: \S*[^]*In-Reply-To: <1@x>[^]*\n> Hello\r\n\r\nBy mail\.\r\n/,
      );
      assertEquals(
        await Deno.readTextFile(newsrc),
        "# mine\nother.group! 1-7\nlocal.test: 1,3-4\n",
      );
      assertEquals((await Deno.stat(newsrc)).mode! & 0o777, 0o600);
      const later = await netwright(words, { stdin: "c\nx\n" });
      assertMatch(later.stdout, /^local\.test: 5 articles, 2 unread\n/);
      assertEquals(
        await Deno.readTextFile(newsrc),
        "# mine\nother.group! 1-7\nlocal.test: 1,3-4\n",
      );
    });
  }));

Deno.test("news read at a prompt: a text that is refused is not lost, and the end of the input sends none", () => {
  let posting = true;
  return withNews(async (url, server) => {
    await fill(server);
    posting = false;
    const words = ["news", "read", `${url}/local.test`, "--from", "ann@a.example"];
    const { code, stdout } = await netwright(words, { stdin: "2\nf\nMy text.\n.\nf\n~q\n" });
    assertEquals(code, 4);
    assertMatch(
      stdout,
      /Your last text was not sent, and comes first:\nMy text\.\nnothing was sent\n/,
    );
    const cut = await netwright(words, { stdin: "2\nf\nMy text.\n" });
    assertEquals([cut.code, /nothing was sent\n$/.test(cut.stdout)], [0, true]);
  }, {
    get posting() {
      return posting;
    },
  });
});

Deno.test("news read prints articles, and saves what is attached under safe names", () =>
  withNews(async (url, server) => {
    const mixed = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b";
    const fields = { ...ID("1"), "X": `y\n${mixed}` };
    const body =
      "--b\n\nText\x1b[2J\n--b\nContent-Disposition: attachment; filename=../../etc/x\n\nfile\n--b--";
    await talk(server, "POST", article(fields, body));
    await inFolder(async (folder) => {
      const words = ["news", "read", url, "<1@x>", "--attachments", `${folder}/a`];
      const { code, stdout } = await netwright(words);
      assertEquals([code, stdout.endsWith(`${folder}/a/x\n`)], [0, true], stdout);
      assert(!stdout.includes("\x1b"));
      assertEquals(await Deno.readTextFile(`${folder}/a/x`), "file");
    });
    const raw = await netwright(["news", "read", `${url}/local.test/1`, "--raw"]);
    assertMatch(raw.stdout, /\r\n--b--\r\n$/);
    const some = await netwright(["news", "read", `${url}/local.test`, "1", "7", "<9@x>"]);
    assertEquals([some.code, some.stderr.match(/423|430/g)?.length], [4, 2]);
  }));

Deno.test("a login is asked for by name, and a wrong password is one line", () =>
  withNews(async (url, server) => {
    await server.store.setGroup({ name: "local.test" });
    const { stderr, code } = await netwright(["news", "groups", url]);
    assertEquals([code, /480 log in first\n$/.test(stderr)], [1, true]);
    const at = url.replace("nntp://", "nntp://ann:wrong@");
    const wrong = await netwright(["news", "groups", at]);
    assertEquals([wrong.code, /481 login failed\n$/.test(wrong.stderr)], [1, true]);
    const right = await netwright(["news", "groups", url.replace("nntp://", "nntp://ann:sesame@")]);
    assertEquals(right.code, 0);
  }, {
    users: { checkPassword: (name, password) => Promise.resolve(USERS[name] === password) },
    loginFor: "everything",
  }));

Deno.test("news gateway by SMTP: one recipient later, single mails and a digest", () =>
  withNews(async (url, server) => {
    await fill(server);
    await inFolder(async (folder) => {
      await using mail = await servedSmtp({ later: "bob@x" });
      const words = [
        ...["news", "gateway", url, "local.*", "--all", "--subject", "(?i)grüße", "--quiet"],
        ...[
          "--smtp",
          `smtp://${mail.where}`,
          "--to",
          "ann@x",
          "--to",
          "bob@x",
          "--memory",
          `${folder}/m`,
        ],
      ];
      const first = await netwright(words);
      assertEquals(first.code, 4);
      assertMatch(first.stderr, /local\.test 1: bob@x was refused: 450 .*; it is tried again\n/);
      mail.lift();
      assertEquals((await netwright(words)).code, 0);
      assertEquals((await netwright(words)).code, 0);
      assertEquals(mail.recipients, ["ann@x", "ann@x", "bob@x", "bob@x"]);
      const digest = await netwright([
        ...words.slice(0, -2),
        "--memory",
        `${folder}/d`,
        "--digest",
      ]);
      assertEquals([digest.code, mail.texts.length], [0, 5]);
      assertMatch(mail.texts.at(-1)!, /Subject: local\.test: 2 articles/);
      // The server's port is not the usual one.
      for (const text of mail.texts.slice(-2)) {
        assertStringIncludes(text, `Archived-At: <${url}/local.test/3>`);
      }
      const none = await netwright(["news", "gateway", url, "zz.*", "--memory", `${folder}/n`]);
      assertEquals([none.code, /no group matches zz/.test(none.stderr)], [4, true]);
      const noMemory = await netwright(["news", "gateway", url, "local.*"]);
      assertEquals([noMemory.code, /--memory is missing/.test(noMemory.stderr)], [2, true]);
      const box = await netwright([
        "news",
        "gateway",
        url,
        "local.*",
        "--all",
        "--memory",
        `${folder}/b`,
        "--quiet",
      ]);
      assertEquals(box.stdout.match(/^From MAILER-DAEMON /gm)?.length, 4);
    });
  }));
