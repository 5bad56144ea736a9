/** Situations from the trackers of other servers and of the clients that met them, by project and number. */

import { assertEquals } from "@std/assert";
import { fill, RawClient, servedImap } from "./served.ts";

const MAIL = [
  "Subject: one\r\nX-Long: " + "x".repeat(100) + "\r\n\r\nfirst\r\n",
  "Subject: two\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-ID: <c@x>\r\n\r\nA\r\n" +
  "--b\r\nContent-Type: message/rfc822\r\nContent-Description: inner\r\n\r\nSubject: in\r\n\r\nB\r\n--b--\r\n",
  "Subject: three\r\nContent-Type: multipart/related; boundary=nowhere\r\n\r\nno part\r\n",
];

/** Commands after `SELECT INBOX`, and the responses to the last. */
const TABLE: readonly (readonly [what: string, commands: string[], responses: string[]])[] = [
  ["greenmail#377: responses in the order of the messages", ["UID FETCH 3,1,2 (FLAGS)"], [
    "* 1 FETCH (UID 1 FLAGS ())",
    "* 2 FETCH (UID 2 FLAGS ())",
    "* 3 FETCH (UID 3 FLAGS ())",
    "OK done",
  ]],
  ["greenmail#126: spaces between items", ["FETCH 1:1 ( FLAGS  UID )"], [
    "* 1 FETCH (UID 1 FLAGS ())",
    "OK done",
  ]],
  ["greenmail#187: a part of a header", ["FETCH 1 (BODY.PEEK[HEADER]<0.12>)"], [
    "* 1 FETCH (BODY[HEADER]<0> {12}Subject: one)",
    "OK done",
  ]],
  ["greenmail#209: Content-ID in a structure; hmailserver#459: the header of a message part", [
    "FETCH 2 (BODYSTRUCTURE BODY.PEEK[2.MIME])",
  ], [
    '* 2 FETCH (BODYSTRUCTURE (("text" "plain" ("charset" "us-ascii") "<c@x>" NIL "7BIT" 1 0 NIL NIL NIL NIL)' +
    '("message" "rfc822" NIL NIL "inner" "7BIT" 16 (NIL "in" NIL NIL NIL NIL NIL NIL NIL NIL)' +
    ' ("text" "plain" ("charset" "us-ascii") NIL NIL "7BIT" 1 0 NIL NIL NIL NIL) 2 NIL NIL NIL NIL)' +
    ' "mixed" ("boundary" "b") NIL NIL NIL) BODY[2.MIME] {60}Content-Type: message/rfc822\r\n' +
    "Content-Description: inner\r\n\r\n)",
    "OK done",
  ]],
  ["jstedfast/MailKit#878: a multipart without parts is not one in a structure", ["FETCH 3 BODY"], [
    '* 3 FETCH (BODY ("text" "plain" ("boundary" "nowhere") NIL NIL "7BIT" 9 1))',
    "OK done",
  ]],
  ["greenmail#89: a search in parentheses after NOT", ["SEARCH NOT (ANSWERED) NOT (DELETED)"], [
    "* SEARCH 1 2 3",
    "OK done",
  ]],
  ["rnwood/smtp4dev#1519: SEARCH gives places", [
    "STORE 1 +FLAGS.SILENT (\\Deleted)",
    "EXPUNGE",
    "SEARCH SINCE 1-Jan-2021",
  ], ["* SEARCH 1 2", "OK done"]],
  ["rnwood/smtp4dev#1519: UID SEARCH gives identifiers", [
    "STORE 1 +FLAGS.SILENT (\\Deleted)",
    "EXPUNGE",
    "UID SEARCH SINCE 1-Jan-2021",
  ], ["* SEARCH 2 3", "OK done"]],
  ["rnwood/smtp4dev#1244: a search for unread messages", [
    "STORE 1 +FLAGS.SILENT \\Seen",
    "SEARCH UNSEEN",
  ], [
    "* SEARCH 2 3",
    "OK done",
  ]],
  ["rnwood/smtp4dev#1468: names with UTF8=ACCEPT are in quotes", [
    "ENABLE UTF8=ACCEPT",
    'LIST "" INBOX',
  ], ['* LIST (\\HasNoChildren) "/" "INBOX"', "OK listed"]],
  ["jstedfast/MailKit#1177: RETURN without options asks for all", ["UID SEARCH RETURN () UNSEEN"], [
    '* ESEARCH (TAG "t3") UID ALL 1:3',
    "OK done",
  ]],
  ["LukeSmithxyz/mutt-wizard#779, jstedfast/MailKit#723: UIDVALIDITY has 32 bits", [
    "STATUS INBOX (UIDVALIDITY)",
  ], ['* STATUS "INBOX" (UIDVALIDITY 1)', "OK done"]],
];

for (const [what, commands, expected] of TABLE) {
  Deno.test(what, async () => {
    await using server = servedImap();
    await fill(await server.folder("INBOX"), ...MAIL);
    using client = await RawClient.open(server, "SELECT INBOX");
    let responses: string[] = [];
    for (const command of commands) responses = await client.send(command);
    assertEquals(responses, expected);
    assertEquals(server.errors, []);
  });
}

Deno.test("rnwood/smtp4dev#2004: an empty mailbox can be selected, fetched and searched", async () => {
  await using server = servedImap();
  using client = await RawClient.open(server);
  const last = async (command: string) => (await client.send(command)).at(-1);
  assertEquals(await last("SELECT INBOX"), "OK [READ-WRITE] selected");
  assertEquals(await client.send("FETCH 1:* FLAGS"), ["OK done"]);
  assertEquals(await client.send("UID FETCH 1:* FLAGS"), ["OK done"]);
  assertEquals(await client.send("SEARCH 1:*"), ["* SEARCH", "OK done"]);
  assertEquals(await client.send("EXPUNGE"), ["OK removed"]);
});

Deno.test("hmailserver#458: another session's EXPUNGE does not renumber this one", async () => {
  await using server = servedImap();
  const inbox = await server.folder("INBOX");
  await fill(inbox, ...MAIL);
  using client = await RawClient.open(server, "SELECT INBOX");
  await inbox.remove([1]);
  assertEquals(await client.send("FETCH 2 (BODY.PEEK[1])"), [
    "* 2 FETCH (BODY[1] {1}A)",
    "OK done",
  ]);
  assertEquals(await client.send("NOOP"), ["* 1 EXPUNGE", "OK done"]);
});

Deno.test("greenmail#413: a client that leaves during IDLE is not an error", async () => {
  await using server = servedImap();
  {
    using client = await RawClient.open(server, "SELECT INBOX");
    await client.send("IDLE");
  }
  await fill(await server.folder("INBOX"), "a");
  using other = await RawClient.open(server);
  await other.send("LOGOUT");
  assertEquals(server.errors, []);
});
