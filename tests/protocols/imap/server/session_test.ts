/** Dialogues with the server, among them checks of imaptest. */

import { assertEquals, assertMatch } from "@std/assert";
import { fill, RawClient, servedImap } from "./served.ts";

const LETTER = "From: Ann <ann@x.example>\r\nSubject: hi\r\n\r\nHello\r\n";

Deno.test("a session from the greeting to the goodbye", async () => {
  await using server = servedImap();
  await fill(await server.folder("INBOX"), LETTER);
  using client = await RawClient.connect(server);
  assertEquals(await client.send("CAPABILITY"), [
    "* CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL+ SASL-IR ID ENABLE IDLE AUTH=PLAIN AUTH=LOGIN",
    "OK listed",
  ]);
  assertEquals(await client.send("SELECT INBOX"), ["BAD log in first"]);
  assertEquals(await client.send("LOGIN ann wrong"), [
    "NO [AUTHENTICATIONFAILED] authentication failed",
  ]);
  const [login] = await client.send('LOGIN "ann" {6}', "sesame\r\n");
  assertMatch(login!, /^OK \[CAPABILITY IMAP4rev1 .* COMPRESS=DEFLATE\] logged in$/);
  assertEquals(await client.send("LOGIN ann sesame"), ["BAD you are logged in"]);
  assertEquals(await client.send("SELECT inbox"), [
    "* FLAGS (\\Answered \\Deleted \\Draft \\Flagged \\Seen)",
    "* OK [PERMANENTFLAGS (\\Answered \\Deleted \\Draft \\Flagged \\Seen \\*)] may be changed",
    "* 1 EXISTS",
    "* 0 RECENT",
    "* OK [UNSEEN 1] the first that is not read",
    "* OK [UIDVALIDITY 1] identifiers are valid",
    "* OK [UIDNEXT 2] the next identifier",
    "* OK [HIGHESTMODSEQ 2] the last change",
    "OK [READ-WRITE] selected",
  ]);
  assertEquals(await client.send("FETCH 1 (BODY[] UID)"), [
    `* 1 FETCH (UID 1 FLAGS (\\Seen) BODY[] {49}${LETTER})`,
    "OK done",
  ]);
  assertEquals(await client.send("LOGOUT"), ["* BYE goodbye", "OK done"]);
  assertEquals(await client.response(), "[closed]");
  assertEquals(server.errors, []);
  assertEquals(server.refused, ["ann"]);
});

/** The messages of the mailbox in the tables below. */
const MAIL = [
  "From: Ann <ann@x.example>\r\nTo: bob@y.example\r\nSubject: Re: plan\r\n" +
  "Date: Mon, 2 Nov 2026 23:30:00 -0500\r\nMessage-ID: <2@x>\r\nIn-Reply-To: <1@x>\r\n\r\nyes\r\n",
  "From: =?utf-8?q?Zo=C3=AB?= <zoe@x.example>\r\nTo: ann@x.example\r\nSubject: plan\r\n" +
  "Date: Sun, 1 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@x>\r\n" +
  "Content-Type: multipart/mixed; boundary=b\r\n\r\nbefore\r\n--b\r\n\r\nplain text\r\n--b\r\n" +
  "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
  "PGI+R3LDvMOfZTwvYj4=\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" +
  "Subject: inner\r\n\r\ninside\r\n--b--\r\nafter\r\n",
  "Subject: other\r\n\r\nlast\r\n",
];

/** Commands after SELECT, and the responses to the last of them. */
const TABLE: readonly (readonly [what: string, commands: string[], responses: string[]])[] = [
  ["flags are set, added and removed", [
    "STORE 1 FLAGS (\\Seen $Work)",
    "STORE 1 +FLAGS (\\Flagged)",
    "STORE 1 -FLAGS \\Seen",
  ], ["* 1 FETCH (FLAGS ($Work \\Flagged))", "OK done"]],
  ["silence", ["STORE 1:2 +FLAGS.SILENT (\\Seen)"], ["OK done"]],
  ["flags are reported once", ["STORE 1 +FLAGS.SILENT (\\Seen)", "FETCH 1 FLAGS"], [
    "* 1 FETCH (FLAGS (\\Seen))",
    "OK done",
  ]],
  ["identifiers are in the responses of UID commands", ["UID STORE 3 +FLAGS (\\Draft)"], [
    "* 3 FETCH (UID 3 FLAGS (\\Draft))",
    "OK done",
  ]],
  ["a system flag in other case", ["STORE 1 +FLAGS (\\sEEN)"], [
    "* 1 FETCH (FLAGS (\\Seen))",
    "OK done",
  ]],
  ["\\Recent cannot be set", ["STORE 1 +FLAGS (\\Recent)"], ["* 1 FETCH (FLAGS ())", "OK done"]],
  ["an unknown system flag", ["STORE 1 +FLAGS (\\Nonsense)"], ["BAD unknown flag \\Nonsense"]],
  ["EXPUNGE", ["STORE 1,3 +FLAGS.SILENT (\\Deleted)", "EXPUNGE"], [
    "* 3 EXPUNGE",
    "* 1 EXPUNGE",
    "OK removed",
  ]],
  ["UID EXPUNGE removes only the named messages", [
    "STORE 1:* +FLAGS.SILENT (\\Deleted)",
    "UID EXPUNGE 2",
  ], ["* 2 EXPUNGE", "OK removed"]],
  ["CLOSE says nothing", ["STORE 1 +FLAGS (\\Deleted)", "CLOSE"], ["OK closed"]],
  ["UNSELECT removes nothing", [
    "STORE 1 +FLAGS (\\Deleted)",
    "UNSELECT",
    "STATUS INBOX (MESSAGES DELETED)",
  ], ['* STATUS "INBOX" (MESSAGES 3 DELETED 1)', "OK done"]],
  ["EXAMINE changes nothing", ["EXAMINE INBOX", "FETCH 3 BODY[TEXT]", "FETCH 3 FLAGS"], [
    "* 3 FETCH (FLAGS ())",
    "OK done",
  ]],
  ["a read-only mailbox takes no flags", ["EXAMINE INBOX", "STORE 1 +FLAGS (\\Seen)"], [
    "NO [READ-ONLY] the mailbox is read-only",
  ]],
  ["sequence numbers beyond the last", ["FETCH 4 UID"], [
    "BAD no message has this number",
  ]],
  ["identifiers beyond the last", ["UID FETCH 4:9 FLAGS"], ["OK done"]],
  ["a range behind the last ends with the last", ["UID FETCH 9:* FLAGS"], [
    "* 3 FETCH (UID 3 FLAGS ())",
    "OK done",
  ]],
  ["ranges in any order, twice", ["FETCH 3:2,*,2 UID"], [
    "* 2 FETCH (UID 2)",
    "* 3 FETCH (UID 3)",
    "OK done",
  ]],
  ["no set", ["FETCH 1:x UID"], ["BAD malformed command: 1:x is not a set of messages"]],
  ["zero is not a message", ["FETCH 0 UID"], ["BAD malformed command: 0 is not a set of messages"]],
  ["an unknown item", ["FETCH 1 NONSENSE"], ["BAD malformed command: unknown item NONSENSE"]],
  ["parts", ["FETCH 2 (BODY.PEEK[1] BODY.PEEK[2.MIME] BODY.PEEK[3.HEADER] BODY.PEEK[3.TEXT])"], [
    "* 2 FETCH (BODY[1] {10}plain text BODY[2.MIME] {77}Content-Type: text/html; charset=utf-8\r\n" +
    "Content-Transfer-Encoding: base64\r\n\r\n BODY[3.HEADER] {18}Subject: inner\r\n\r\n" +
    " BODY[3.TEXT] {6}inside)",
    "OK done",
  ]],
  ["parts that are not there", ["FETCH 1:2 (BODY.PEEK[9] BODY.PEEK[1.HEADER])"], [
    "* 1 FETCH (BODY[9] NIL BODY[1.HEADER] NIL)",
    "* 2 FETCH (BODY[9] NIL BODY[1.HEADER] NIL)",
    "OK done",
  ]],
  ["the body of a message in one piece is part 1", ["FETCH 3 (BODY.PEEK[1] BODY.PEEK[1.MIME])"], [
    "* 3 FETCH (BODY[1] {6}last\r\n BODY[1.MIME] {18}Subject: other\r\n\r\n)",
    "OK done",
  ]],
  ["bytes of a section", ["FETCH 3 (BODY.PEEK[]<9.5> BODY.PEEK[]<100.5> BODY.PEEK[TEXT]<2.99>)"], [
    "* 3 FETCH (BODY[]<9> {5}other BODY[]<100> {0} BODY[TEXT]<2> {4}st\r\n)",
    "OK done",
  ]],
  ["fields of a header", [
    'FETCH 3 (BODY.PEEK[HEADER.FIELDS (subject "x")] BODY.PEEK[HEADER.FIELDS.NOT (Subject)])',
  ], [
    '* 3 FETCH (BODY[HEADER.FIELDS (SUBJECT "X")] {18}Subject: other\r\n\r\n' +
    " BODY[HEADER.FIELDS.NOT (SUBJECT)] {2}\r\n)",
    "OK done",
  ]],
  ["parts without their encoding", ["FETCH 2 (BINARY.PEEK[2] BINARY.SIZE[2] BINARY.SIZE[9])"], [
    "* 2 FETCH (BINARY[2] {14}<b>Grüße</b> BINARY.SIZE[2] 14 BINARY.SIZE[9] 0)",
    "OK done",
  ]],
  ["older names", ["FETCH 3 (RFC822.HEADER RFC822.SIZE)", "FETCH 3 RFC822.TEXT"], [
    "* 3 FETCH (FLAGS (\\Seen) RFC822.TEXT {6}last\r\n)",
    "OK done",
  ]],
  ["structures", ["FETCH 2 BODY"], [
    '* 2 FETCH (BODY (("text" "plain" ("charset" "us-ascii") NIL NIL "7BIT" 10 0)' +
    '("text" "html" ("charset" "utf-8") NIL NIL "BASE64" 20 0)' +
    '("message" "rfc822" NIL NIL NIL "7BIT" 24 (NIL "inner" NIL NIL NIL NIL NIL NIL NIL NIL)' +
    ' ("text" "plain" ("charset" "us-ascii") NIL NIL "7BIT" 6 0) 2) "mixed"))',
    "OK done",
  ]],
  ["an envelope", ["FETCH 2 ENVELOPE"], [
    '* 2 FETCH (ENVELOPE ("Sun, 1 Nov 2026 10:00:00 +0000" "plan"' +
    ' (("=?utf-8?q?Zo=C3=AB?=" NIL "zoe" "x.example"))'.repeat(3) +
    ' ((NIL NIL "ann" "x.example")) NIL NIL NIL "<1@x>"))',
    "OK done",
  ]],
  ["macros", ["FETCH 3 FAST"], [
    '* 3 FETCH (FLAGS () INTERNALDATE "29-Nov-2026 12:00:00 +0000" RFC822.SIZE 24)',
    "OK done",
  ]],
  [
    "search by flags",
    ["STORE 2 +FLAGS (\\Seen $Work)", "SEARCH UNSEEN OR KEYWORD $work NOT SEEN"],
    [
      "* SEARCH 1 3",
      "OK done",
    ],
  ],
  ["search by text, encoded or not", ['SEARCH BODY "grüße"', "SEARCH FROM zoë"], [
    "* SEARCH 2",
    "OK done",
  ]],
  ["search in bodies only", ["SEARCH BODY plan"], ["* SEARCH", "OK done"]],
  ["search in all of a message", ["SEARCH TEXT INNER"], ["* SEARCH 2", "OK done"]],
  ["search by dates in their own zones", [
    "SEARCH SENTON 2-Nov-2026",
    "SEARCH SENTSINCE 2-Nov-2026 SENTBEFORE 3-Nov-2026",
  ], ["* SEARCH 1", "OK done"]],
  ["search by age", ["SEARCH YOUNGER 86400", "SEARCH OLDER 172800"], ["* SEARCH 1 2", "OK done"]],
  ["search for a field", ['SEARCH HEADER Content-Type ""'], ["* SEARCH 2", "OK done"]],
  ["search by size", ["SEARCH SMALLER 25", "SEARCH LARGER 24 SMALLER 300"], [
    "* SEARCH 1",
    "OK done",
  ]],
  ["lists of keys", ["SEARCH (UNSEEN (SUBJECT plan)) NOT (TO bob)"], ["* SEARCH 2", "OK done"]],
  ["UID SEARCH of places and identifiers", ["EXPUNGE", "UID SEARCH 2:* UID 1:2"], [
    "* SEARCH 2",
    "OK done",
  ]],
  ["search results in numbers", ["UID SEARCH RETURN (MIN MAX COUNT ALL) ALL"], [
    '* ESEARCH (TAG "t3") UID MIN 1 MAX 3 COUNT 3 ALL 1:3',
    "OK done",
  ]],
  ["a saved search", ["SEARCH RETURN (SAVE) FROM ann", "FETCH $ UID"], [
    "* 1 FETCH (UID 1)",
    "OK done",
  ]],
  ["an unknown charset", ["SEARCH CHARSET KOI8-R TEXT x"], [
    "NO [BADCHARSET (UTF-8 US-ASCII)] texts are in UTF-8",
  ]],
  ["an unknown key", ["SEARCH NONSENSE"], ["BAD malformed command: unknown key NONSENSE"]],
  ["sort", ["SORT (SUBJECT REVERSE DATE) UTF-8 ALL"], ["* SORT 3 1 2", "OK done"]],
  ["sort by sender", ["UID SORT (FROM) UTF-8 ALL"], ["* SORT 3 1 2", "OK done"]],
  ["conversations", ["THREAD REFERENCES UTF-8 ALL"], ["* THREAD (2 1)(3)", "OK done"]],
  ["conversations by subject", ["UID THREAD ORDEREDSUBJECT UTF-8 ALL"], [
    "* THREAD (2 1)(3)",
    "OK done",
  ]],
  ["copies", ["CREATE box", "STORE 2 +FLAGS.SILENT (\\Seen)", "COPY 2:3 box"], [
    "OK [COPYUID 2 2:3 1:2] copied",
  ]],
  ["a target that is not there", ["COPY 1 none"], ['NO [TRYCREATE] unknown mailbox "none"']],
  ["moves", ["CREATE box", "UID MOVE 1,3 box"], [
    "* OK [COPYUID 2 1,3 1:2] moved",
    "* 3 EXPUNGE",
    "* 1 EXPUNGE",
    "OK done",
  ]],
  ["a command that is none", ["NONSENSE"], ["BAD unknown command"]],
  ["too many arguments", ["NOOP x"], ["BAD NOOP takes no arguments"]],
  ["ID", ['ID ("name" "x")'], ['* ID ("name" "Netwright")', "OK done"]],
  ["NAMESPACE", ["NAMESPACE"], ['* NAMESPACE (("" "/")) NIL NIL', "OK listed"]],
  ["CONDSTORE", ["ENABLE CONDSTORE", "STORE 1 +FLAGS.SILENT (\\Seen)"], [
    "* 1 FETCH (FLAGS (\\Seen) MODSEQ (5))",
    "OK done",
  ]],
  ["a change that came too late", [
    "STORE 1 (UNCHANGEDSINCE 4) +FLAGS.SILENT (\\Seen)",
    "STORE 1:2 (UNCHANGEDSINCE 4) +FLAGS.SILENT (\\Draft)",
  ], ["* 2 FETCH (FLAGS (\\Draft) MODSEQ (6))", "OK [MODIFIED 1] some were changed meanwhile"]],
  ["changed since", ["STORE 2 +FLAGS (\\Seen)", "FETCH 1:* (FLAGS) (CHANGEDSINCE 4)"], [
    "* OK [HIGHESTMODSEQ 5] modification sequences are shown from now on",
    "* 2 FETCH (FLAGS (\\Seen) MODSEQ (5))",
    "OK done",
  ]],
  ["quick resynchronization", [
    "ENABLE QRESYNC",
    "STORE 1 +FLAGS.SILENT (\\Deleted)",
    "EXPUNGE",
    "STORE 2 +FLAGS.SILENT (\\Seen)",
    "SELECT INBOX (QRESYNC (1 4))",
  ], [
    "* OK [CLOSED] the mailbox before is closed",
    "* FLAGS (\\Answered \\Deleted \\Draft \\Flagged \\Seen)",
    "* OK [PERMANENTFLAGS (\\Answered \\Deleted \\Draft \\Flagged \\Seen \\*)] may be changed",
    "* 2 EXISTS",
    "* 0 RECENT",
    "* OK [UNSEEN 1] the first that is not read",
    "* OK [UIDVALIDITY 1] identifiers are valid",
    "* OK [UIDNEXT 4] the next identifier",
    "* OK [HIGHESTMODSEQ 7] the last change",
    "* VANISHED (EARLIER) 1",
    "* 2 FETCH (UID 3 FLAGS (\\Seen) MODSEQ (7))",
    "OK [READ-WRITE] selected",
  ]],
  ["removed messages by identifiers", [
    "ENABLE QRESYNC",
    "STORE 1:2 +FLAGS.SILENT (\\Deleted)",
    "EXPUNGE",
  ], ["* VANISHED 1:2", "OK [HIGHESTMODSEQ 6] removed"]],
  ["vanished messages", [
    "ENABLE QRESYNC",
    "STORE 2 +FLAGS.SILENT (\\Deleted)",
    "EXPUNGE",
    "UID FETCH 1:9 (FLAGS) (CHANGEDSINCE 5 VANISHED)",
  ], ["* VANISHED (EARLIER) 2", "OK done"]],
  ["the newer revision", ["ENABLE IMAP4rev2", "SEARCH ALL"], [
    '* ESEARCH (TAG "t4") ALL 1:3',
    "OK done",
  ]],
  ["a saved search in another", [
    "SEARCH RETURN (SAVE) 1:2",
    "SEARCH RETURN (SAVE) NOT $",
    "FETCH $ UID",
  ], ["* 3 FETCH (UID 3)", "OK done"]],
  ["a search that fails leaves nothing saved", [
    "SEARCH RETURN (SAVE) ALL",
    "SEARCH RETURN (SAVE) CHARSET KOI8-R ALL",
    "FETCH $ UID",
  ], ["OK done"]],
  ["the modification sequence of the named message", [
    "STORE 1 +FLAGS (\\Seen)",
    "SEARCH RETURN (MAX) MODSEQ 1",
  ], [
    "* OK [HIGHESTMODSEQ 5] modification sequences are shown from now on",
    '* ESEARCH (TAG "t4") MAX 3 MODSEQ 4',
    "OK done",
  ]],
  ["days that do not exist", ["SEARCH ON 31-Feb-2020"], ["BAD a date is like 30-Nov-2026"]],
  ["messages without a date were sent on no day", ["SEARCH SENTSINCE 1-Jan-1970"], [
    "* SEARCH 1 2",
    "OK done",
  ]],
  ["UNAUTHENTICATE", ["UNAUTHENTICATE", "SELECT INBOX"], ["BAD log in first"]],
];

for (const [what, commands, expected] of TABLE) {
  Deno.test(`the server: ${what}`, async () => {
    await using server = servedImap();
    await fill(await server.folder("INBOX"), ...MAIL);
    using client = await RawClient.open(server, "SELECT INBOX");
    let responses: string[] = [];
    for (const command of commands) responses = await client.send(command);
    assertEquals(responses, expected);
    assertEquals(server.errors, []);
  });
}
