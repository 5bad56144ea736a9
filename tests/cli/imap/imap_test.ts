import { assertEquals, assertMatch } from "@std/assert";
import { systemNetwork } from "../../../src/net/mod.ts";
import { type Answers, type ImapScript, startScript, withSearches } from "../../protocols/imap/scripted.ts";
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
    assertEquals((await search("--larger", "10K", "--header", "List-Id: x")).stdout, "4\n9\n");
    assertEquals((await search("--sort", "-date,from", "--json")).stdout, '{"uid":9}\n{"uid":4}\n');
    assertEquals((await search("--count")).stdout, "2\n");
    const none = await search("--keyword", "$Junk");
    assertEquals([none.code, none.stdout, none.stderr], [1, "", ""]);
    assertEquals(received.filter((command) => command.startsWith("UID")), [
      'UID SEARCH HEADER List-Id "x" LARGER 10240',
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
      assertEquals([code, stdout], [4, "arrived\t8\tj@x.example\tGrüße\nremoved\t8\n"]);
      assertEquals(await Deno.readTextFile(`${program}.out`), "new INBOX 8\n");
      assertMatch(stderr, /^watching INBOX: 3 messages\n/);
      assertMatch(stderr, /alert of the server: disk full\n/);
      assertMatch(stderr, /note: status 3\n/);
      assertMatch(stderr, /imap watch: \S+: the server ended the session; next attempt in 1 s\n/);
    }, "IDLE")
  ));

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
