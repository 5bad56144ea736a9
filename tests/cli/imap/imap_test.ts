import { assertEquals, assertMatch } from "@std/assert";
import { systemNetwork } from "../../../src/net/mod.ts";
import {
  type Answers,
  type ImapScript,
  startScript,
  withSearches,
} from "../../protocols/imap/scripted.ts";
import { netwright } from "../../support/netwright.ts";
import { inFolder } from "../../support/trees.ts";

/** Runs with a server on loopback. */
async function withServer(
  answers: Answers,
  act: (url: string, server: ImapScript) => Promise<void>,
  can = "",
): Promise<void> {
  await using server = startScript(withSearches(answers), { network: systemNetwork(), can });
  await act(`imap://ann:sesame@${server.endpoint}`, server);
}

const ENVELOPE = '("Mon, 30 Nov 2026 05:12:00 +0100" "=?utf-8?q?Gr=C3=BC=C3=9Fe?=" ' +
  '(("=?utf-8?q?J=C3=BCrgen?=" NIL "j" "x.example")) NIL NIL NIL NIL NIL NIL NIL)';
const HOSTILE = '(NIL "\x1b[2Jtwo\x7f" (("\x1b]0;x\x07" NIL "a" "b")))';

Deno.test("imap stats counts, of several accounts those that it can", () =>
  withServer({
    LIST: '* LIST () "/" INBOX\n* LIST (\\Noselect) "/" a\n* LIST () "/" "a/b"\n',
    STATUS: "* STATUS x (MESSAGES 3 UNSEEN 1 SIZE 400)\n",
    LOGIN: ["TAG OK x\n", "TAG NO [AUTHENTICATIONFAILED] no\n", "TAG OK x\n"],
  }, async (url, { endpoint, received }) => {
    const { code, stdout, stderr } = await netwright(["imap", "stats", url, url]);
    const account = `ann@${endpoint}`;
    assertEquals([code, stdout], [
      4,
      `${account}\tINBOX\t3\t1\t400\n${account}\ta/b\t3\t1\t400\n`,
    ]);
    assertMatch(stderr, /^netwright: imap stats: \S+: NO \[AUTHENTICATIONFAILED\] no\n$/);
    const json = await netwright(["imap", "stats", "--json", `${url}/a%2Fb%20%C3%BC`]);
    assertEquals(JSON.parse(json.stdout), {
      account,
      mailbox: "a/b ü",
      messages: 3,
      unread: 1,
      bytes: 400,
    });
    assertEquals(received.at(-2)?.slice(0, 20), 'STATUS "a/b &APw-" (');
  }));

Deno.test("imap ls shows a row of cells for each message, whatever it holds", () =>
  withServer({
    "UID SEARCH": "* SEARCH 4 7 9\n",
    "UID FETCH 7,9": `* 1 FETCH (UID 7 FLAGS (\\Seen \\Answered \\Deleted) RFC822.SIZE 130 ` +
      `INTERNALDATE "30-Nov-2026 05:00:00 +0000" ENVELOPE ${ENVELOPE})\n` +
      `* 2 FETCH (UID 9 FLAGS () RFC822.SIZE 5 INTERNALDATE "30-Nov-2026 05:00:00 +0000" ` +
      `ENVELOPE ${HOSTILE})\n`,
  }, async (url, { received }) => {
    const words = ["imap", "ls", `${url}/x`, "3-*", "--last", "2", "--from", 'a "b"', "--unseen"];
    const { code, stdout } = await netwright([...words, "--since", "2026-11-02"]);
    assertEquals([code, stdout.split("\n")], [0, [
      "7\tAX\t130\t2026-11-30 04:12\tJürgen <j@x.example>\tGrüße",
      "9\tN\t5\t2026-11-30 05:00\t\\x1b]0;x\\x07 <a@b>\t\\x1b[2Jtwo\\x7f",
      "",
    ]]);
    assertEquals(received.slice(1, 3), [
      "EXAMINE x",
      'UID SEARCH UID 3:* UNSEEN FROM "a \\"b\\"" SINCE 2-Nov-2026',
    ]);
    const json = await netwright(["imap", "ls", "--json", "--last", "2", url]);
    assertEquals(json.stdout.trim().split("\n").map((line) => JSON.parse(line)), [
      {
        uid: 7,
        flags: ["\\Seen", "\\Answered", "\\Deleted"],
        bytes: 130,
        date: "2026-11-30T04:12:00.000Z",
        received: "2026-11-30T05:00:00.000Z",
        from: "Jürgen <j@x.example>",
        subject: "Grüße",
      },
      {
        uid: 9,
        flags: [],
        bytes: 5,
        date: "2026-11-30T05:00:00.000Z",
        received: "2026-11-30T05:00:00.000Z",
        from: "\x1b]0;x\x07 <a@b>",
        subject: "\x1b[2Jtwo\x7f",
      },
    ]);
  }));

Deno.test("imap search prints identifiers, their order, or their number", () =>
  withServer({
    "UID SEARCH": "* SEARCH 9 4\n",
    "UID SEARCH KEYWORD": "* SEARCH\n",
    "UID SORT": "* SORT 9 4\n",
  }, async (url, { received }) => {
    const search = (...words: string[]) => netwright(["imap", "search", url, ...words]);
    assertEquals(
      (await search("--larger", "10K", "--header", "List-Id: x", "--header", "List-Id:y")).stdout,
      "4\n9\n",
    );
    assertEquals((await search("--sort", "-date,from", "--json")).stdout, '{"uid":9}\n{"uid":4}\n');
    assertEquals((await search("--count")).stdout, "2\n");
    const none = await search("--keyword", "$Junk");
    assertEquals([none.code, none.stdout, none.stderr], [1, "", ""]);
    assertEquals(received.filter((command) => command.startsWith("UID")), [
      'UID SEARCH HEADER List-Id "x" HEADER List-Id "y" LARGER 10240',
      "UID SORT (REVERSE DATE FROM) UTF-8 ALL",
      "UID SEARCH ALL",
      "UID SEARCH KEYWORD $Junk",
    ]);
  }, "SORT"));

Deno.test("imap folders lists mailboxes with their use", () =>
  withServer({
    LIST: '* LIST () "/" INBOX\n* LIST (\\HasNoChildren) "/" "Gel&APY-scht"\n' +
      '* LIST () "/" "a\tb"\n',
  }, async (url, { received }) => {
    const { stdout } = await netwright(["imap", "folders", url, "a/%"]);
    assertEquals(stdout, "INBOX\t\t\nGelöscht\ttrash\t\\HasNoChildren\na\\x09b\t\t\n");
    const json = await netwright(["imap", "folders", url, "--subscribed", "--json"]);
    assertEquals(received.filter((command) => /^L(?:IST|SUB)/.test(command)), [
      'LIST "" "a/%"',
      'LSUB "" "*"',
    ]);
    assertEquals(json.stdout, "");
  }));

Deno.test("imap watch reports changes, and runs a program for new messages", () =>
  inFolder((folder) =>
    withServer({
      "UID FETCH 1:*": "* 1 FETCH (UID 3 FLAGS ())\n",
      "UID FETCH 4:*": `* 2 FETCH (UID 8 FLAGS () ENVELOPE ${ENVELOPE})\n`,
      IDLE: ["+ x\n* 4 EXISTS\n* OK [ALERT] disk full\n", "", "+ x\n* 1 EXPUNGE\n"],
      DONE: "TAG OK x\n",
    }, async (url) => {
      const program = `${folder}/note`;
      await Deno.writeTextFile(program, '#!/bin/sh\necho "$@" >> "$0.out"\nexit 3\n', {
        mode: 0o755,
      });
      const { code, stdout, stderr } = await netwright([
        ...["imap", "watch", url, "--count", "2", "--exec", `${program} new`],
      ]);
      assertEquals([code, stdout], [4, "arrived\t8\tj@x.example\tGrüße\nremoved\t8\t\t\n"]);
      assertEquals(await Deno.readTextFile(`${program}.out`), "new INBOX 8\n");
      assertMatch(stderr, /^watching INBOX: 3 messages\n/);
      assertMatch(stderr, /alert of the server: disk full\n/);
      assertMatch(stderr, /note: status 3\n/);
      assertMatch(stderr, /imap watch: \S+: the server ended the session; next attempt in 1 s\n/);
    }, "IDLE")
  ));

Deno.test("imap watch prints no control characters of others, and ends at its count", () =>
  withServer({
    "UID FETCH 1:*": "* 1 FETCH (UID 3 FLAGS ())\n",
    "UID FETCH 4:*":
      '* 2 FETCH (UID 8 FLAGS () ENVELOPE (NIL "=?utf-8?Q?a=1B[31m=0Ab=09=E2=80=AE?="))\n' +
      '* 3 FETCH (UID 9 FLAGS () ENVELOPE (NIL "second"))\n',
    IDLE: "+ x\n* 5 EXISTS\n",
    DONE: "TAG OK x\n",
  }, async (url) => {
    const { code, stdout } = await netwright(["imap", "watch", url, "--count", "1", "--quiet"]);
    assertEquals(code, 0);
    assertMatch(stdout, /^arrived\t8\t\t[^\t\n]*\n$/);
    assertEquals(/[\x00-\x08\x0b-\x1f]/.test(stdout), false, JSON.stringify(stdout));
  }, "IDLE"));

/** Command lines that make no sense, and the mistake. */
const MISTAKES: readonly (readonly [readonly string[], RegExp])[] = [
  [["ls", "imap://a@b/%zz"], /is not the path of a URL/],
  [["ls", "imap://a@b", "x"], /"x" is not an identifier/],
  [["ls", "imap://a@b", "7-3"], /is not an identifier/],
  [["ls", "imap://a@b", "--seen", "--unseen"], /exclude each other/],
  [["ls", "imap://a@b", "--since", "soon"], /--since takes a day/],
  [["ls", "imap://a@b", "--header", "x"], /--header takes NAME:TEXT/],
  [["search", "imap://a@b", "--sort", "size,age"], /--sort takes arrival.*not age/],
  [["search", "imap://a@b", "--sort", "size", "--count"], /exclude each other/],
  [["watch", "imap://a@b", "--exec", " "], /--exec requires a program/],
  [["stats", "imaps://a@b", "--starttls"], /--starttls contradicts imaps/],
  [["stats", "imap://a@b", "--starttls", "--no-tls"], /exclude each other/],
  [["ls", "imap://a@b", "--since", "2026-02-30"], /--since takes a day/],
  [["folders", "imap://a@b/Archive"], /give a PATTERN/],
  [["stats", "pop3://a@b"], /pop3/],
];

for (const [words, mistake] of MISTAKES) {
  Deno.test(`imap ${words.join(" ")} is a mistake`, async () => {
    const { code, stderr } = await netwright(["imap", ...words]);
    assertEquals(code, 2);
    assertMatch(stderr, mistake);
  });
}

Deno.test("imap commands require a user, and a mailbox that is there", async () => {
  const { code, stderr } = await netwright(["imap", "ls", "imap://127.0.0.1:1"]);
  assertEquals(code, 2);
  assertMatch(stderr, /requires a user/);
  await withServer({ EXAMINE: "TAG NO [NONEXISTENT] no such mailbox\n" }, async (url) => {
    const missing = await netwright(["imap", "search", `${url}/x`]);
    assertEquals(missing.code, 1);
    assertMatch(missing.stderr, /NO \[NONEXISTENT\] no such mailbox\n$/);
  });
});

const LETTER = "Subject: one\r\n\r\n.a\r\n";
const SIZES = "* 1 FETCH (UID 3 RFC822.SIZE 20 FLAGS (\\Seen) INTERNALDATE NIL)\n" +
  `* 2 FETCH (UID 8 RFC822.SIZE 20 FLAGS (\\Recent x) INTERNALDATE "30-Nov-2026 05:00:00 +0000")\n`;
const TEXTS = SIZES.replace("Seen)", "Seen) BODY[]<0> {20}\nSubject: one\n\n.a\n")
  .replace("x)", "x) BODY[]<0> {20}\nSubject: two\n\n.b\n");
const MAIL: Answers = {
  "UID SEARCH": "* SEARCH 3 8\n",
  "UID FETCH 3,8 (UID RFC822.SIZE)": SIZES,
  "UID FETCH 3,8 (UID FLAGS": TEXTS,
};

Deno.test("imap fetch fetches each message once, and deletes the fetched ones", () =>
  inFolder((folder) =>
    withServer(MAIL, async (url, { received }) => {
      const fetch = (...words: string[]) =>
        netwright(["imap", "fetch", `${url}/a%20b`, "--maildir", `${folder}/got`, ...words]);
      assertEquals((await fetch()).stderr, "2 fetched, 0 known\n");
      assertEquals((await fetch("--delete")).stderr, "0 fetched, 2 known, 2 deleted\n");
      // A message that was read on the server is not new here, and has its date.
      const texts = ["new", "cur"].flatMap((part) =>
        Array.from(Deno.readDirSync(`${folder}/got/${part}`), ({ name }) => {
          const info = name.replace(/^[^:]*/, "");
          return `${part}${info} ${Deno.readTextFileSync(`${folder}/got/${part}/${name}`)}`;
        })
      );
      assertEquals(texts.sort(), [
        "cur:2,S Subject: one\n\n.a\n",
        "new Subject: two\n\n.b\n",
      ]);
      assertEquals(received.filter((line) => /^(?:EXAMINE|SELECT|UID [SE])/.test(line)), [
        'EXAMINE "a b"',
        "UID SEARCH ALL",
        'SELECT "a b"',
        "UID SEARCH ALL",
        "UID STORE 3,8 +FLAGS.SILENT (\\Deleted)",
        "UID EXPUNGE 3,8",
      ]);
      const files = await netwright([
        ...["imap", "fetch", url, "--to", `${folder}/files`, "--json"],
      ]);
      const lines = files.stdout.trim().split("\n").map((line) => JSON.parse(line));
      assertEquals(lines.map(({ number, uid }) => [number, uid]), [[3, "7.3"], [8, "7.8"]]);
      assertEquals(await Deno.readTextFile(lines[0].file), LETTER);
    }, "UIDPLUS")
  ));

Deno.test("imap fetch reports a message that the server lists, and does not send", () =>
  inFolder((folder) =>
    withServer({ ...MAIL, "UID FETCH 3,8 (UID FLAGS": TEXTS.split("* 2")[0]! }, async (url) => {
      const { code, stderr } = await netwright(["imap", "fetch", url, "--mbox", `${folder}/x`]);
      assertEquals(code, 4);
      assertMatch(stderr, /message 8: the server did not send it\n1 fetched, 0 known\n$/);
    })
  ));

Deno.test("imap fetch prints a message, or one part of it", () =>
  withServer({
    "UID FETCH 3 (UID RFC822.SIZE":
      `* 1 FETCH (UID 3 RFC822.SIZE 20 BODY[]<0> {20}\nSubject: one\n\n.a\n)\n`,
    "UID FETCH 3 (UID BODYSTRUCTURE)":
      '* 1 FETCH (UID 3 BODYSTRUCTURE (("text" "plain" NIL NIL NIL "7bit" 1 1)' +
      '("application" "pdf" NIL NIL NIL "base64" 8) "mixed"))\n',
    "UID FETCH 3 (UID BODY.PEEK[2]": "* 1 FETCH (UID 3 BODY[2]<0> {8}\naGVsbG8=)\n",
  }, async (url) => {
    const print = (...words: string[]) =>
      netwright(["imap", "fetch", url, "3", "--to", "-", ...words]);
    assertEquals((await print()).stdout, LETTER);
    assertEquals((await print("--part", "2")).stdout, "hello");
    assertMatch((await print("--part", "5")).stderr, /message 3 has no part 5\n$/);
  }));

Deno.test("imap flag, move, copy and rm change the messages that are meant", () =>
  withServer(MAIL, async (url, { received }) => {
    const run = async (...words: string[]) => {
      received.length = 0;
      const { code, stdout, stderr } = await netwright(["imap", words[0]!, url, ...words.slice(1)]);
      const sent = received.filter((line) => /^(?:UID (?!SEARCH)|CREATE|STATUS)/.test(line));
      return [code, stdout + stderr, ...sent];
    };
    assertEquals(
      await run("flag", "3", "8", "--add", "Flagged", "--add", "$x", "--remove", "seen"),
      [
        0,
        "2 changed\n",
        "UID STORE 3,8 +FLAGS.SILENT (\\Flagged $x)",
        "UID STORE 3,8 -FLAGS.SILENT (\\Seen)",
      ],
    );
    assertEquals(await run("move", "--from", "a", "--to", "b c"), [
      0,
      "2 moved\n",
      'UID MOVE 3,8 "b c"',
    ]);
    assertEquals(await run("copy", "--all", "--to", "b", "--create", "--json"), [
      0,
      '{"copied":2}\n',
      "STATUS b (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)",
      "UID COPY 3,8 b",
    ]);
    assertEquals(await run("rm", "3-9", "--dry-run"), [0, "2 would be deleted\n"]);
    assertEquals((await run("rm", "3", "8")).slice(2), [
      "UID STORE 3,8 +FLAGS.SILENT (\\Deleted)",
      "UID EXPUNGE 3,8",
    ]);
    const [code, text, ...sent] = await run("rm", "3", "4");
    assertEquals([code, sent.length], [1, 0]);
    assertMatch(String(text), /message 4 does not exist\n$/);
  }, "MOVE UIDPLUS"));

Deno.test("imap copy sends messages to another server, with flags and dates", () =>
  withServer(
    MAIL,
    (url) =>
      withServer({ "STATUS Old": "TAG NO missing\n" }, async (other, { received }) => {
        const { stderr } = await netwright([
          ...["imap", "copy", url, "--all", "--create", "--to", `${other}/Old`],
        ]);
        assertEquals(stderr, "2 copied\n");
        assertEquals(received.filter((line) => /^(?:APP|CRE)/.test(line)), [
          "CREATE Old",
          `APPEND Old (\\Seen) {20}\n${LETTER}`,
          'APPEND Old (x) "30-Nov-2026 05:00:00 +0000" {20}\nSubject: two\r\n\r\n.b\r\n',
        ]);
      }),
  ));

Deno.test("imap append adds messages of files and of standard input", () =>
  inFolder((folder) =>
    withServer(
      { APPEND: ["TAG OK [APPENDUID 7 31] x\n", "TAG OK x\n"] },
      async (url, { received }) => {
        const date = "Date: Mon, 30 Nov 2026 05:12:00 +0100\n";
        await Deno.writeTextFile(
          `${folder}/box`,
          `From a\n${date}\none\n\nFrom b\nSubject: x\n\ntwo\n`,
        );
        const append = (words: string[], stdin = "") =>
          netwright(["imap", "append", `${url}/x`, ...words], { stdin });
        const many = await append([`${folder}/box`, "--mbox", "--keep-date", "--flag", "seen"]);
        assertEquals([many.stdout, many.stderr], ["31\n", "2 added\n"]);
        const one = await append(["--json"], "Subject: y\n\nthree\n");
        assertEquals(one.stdout, '{"mailbox":"x","bytes":18}\n');
        assertEquals(received.filter((line) => line.startsWith("APPEND")), [
          `APPEND x (\\Seen) "30-Nov-2026 04:12:00 +0000" {46}\n${
            date.replace("\n", "\r\n")
          }\r\none\r\n`,
          "APPEND x (\\Seen) {19}\nSubject: x\r\n\r\ntwo\r\n",
          "APPEND x {21}\nSubject: y\r\n\r\nthree\r\n",
        ]);
      },
    )
  ));

/** More command lines that make no sense. */
const MORE_MISTAKES: readonly (readonly [readonly string[], RegExp])[] = [
  [["fetch", "imap://a@b"], /name a place/],
  [["fetch", "imap://a@b", "--to", "-"], /--to - prints one UID/],
  [["fetch", "imap://a@b", "3", "--maildir", "x", "--part", "1"], /--part requires --to -/],
  [["fetch", "imap://a@b", "3", "--to", "-", "--part", "x"], /--part takes a number/],
  [["fetch", "imap://a@b", "--mbox", "x", "--to", "y"], /exclude each other/],
  [["rm", "imap://a@b"], /name messages/],
  [["rm", "imap://a@b", "3", "--all"], /--all leaves no messages/],
  [["flag", "imap://a@b", "3"], /give --add or --remove/],
  [["flag", "imap://a@b", "3", "--add", "a b"], /is not a flag/],
  [["flag", "imap://a@b", "3", "--add", "seen", "--remove", "SEEN"], /both set and removed/],
  [["move", "imap://a@b", "3"], /--to MAILBOX is missing/],
  [["move", "imap://a@b", "3", "--to", "imap://c@d/x"], /within an account/],
  [["copy", "imap://a@b", "3"], /--to MAILBOX is missing/],
];

for (const [words, mistake] of MORE_MISTAKES) {
  Deno.test(`imap ${words.join(" ")} is a mistake`, async () => {
    const { code, stderr } = await netwright(["imap", ...words]);
    assertEquals(code, 2);
    assertMatch(stderr, mistake);
  });
}
