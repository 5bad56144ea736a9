/** Mailboxes of the server: lists, names, messages that are put in, and several clients at once. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fill, RawClient, servedImap } from "./served.ts";

const FOLDERS = ["Sent", "Work", "Work/Äpfel", "a/b/c", "INBOX/x"];

/** Commands after FOLDERS were made, and the responses to the last. */
const LISTS: readonly (readonly [what: string, commands: string[], responses: string[]])[] = [
  ["all", ['LIST "" *'], [
    '* LIST (\\HasChildren) "/" "INBOX"',
    '* LIST (\\HasNoChildren) "/" "INBOX/x"',
    '* LIST (\\HasNoChildren \\Sent) "/" "Sent"',
    '* LIST (\\HasChildren) "/" "Work"',
    '* LIST (\\HasNoChildren) "/" "Work/&AMQ-pfel"',
    '* LIST (\\NonExistent \\NoSelect \\HasChildren) "/" "a"',
    '* LIST (\\NonExistent \\NoSelect \\HasChildren) "/" "a/b"',
    '* LIST (\\HasNoChildren) "/" "a/b/c"',
    "OK listed",
  ]],
  ["one level", ['LIST "" %'], [
    '* LIST (\\HasChildren) "/" "INBOX"',
    '* LIST (\\HasNoChildren \\Sent) "/" "Sent"',
    '* LIST (\\HasChildren) "/" "Work"',
    '* LIST (\\NonExistent \\NoSelect \\HasChildren) "/" "a"',
    "OK listed",
  ]],
  ["the separator", ['LIST "" ""'], ['* LIST (\\NoSelect) "/" ""', "OK listed"]],
  ["a reference", ['LIST "Work/" %'], [
    '* LIST (\\HasNoChildren) "/" "Work/&AMQ-pfel"',
    "OK listed",
  ]],
  ["INBOX in any case", ['LIST "" iNbOx'], ['* LIST (\\HasChildren) "/" "INBOX"', "OK listed"]],
  ["nothing", ['LIST "" none*'], ["OK listed"]],
  ["several patterns", ['LIST "" (Sent "a/%/c")'], [
    '* LIST (\\HasNoChildren \\Sent) "/" "Sent"',
    '* LIST (\\HasNoChildren) "/" "a/b/c"',
    "OK listed",
  ]],
  ["special uses", ['LIST (SPECIAL-USE) "" *'], [
    '* LIST (\\HasNoChildren \\Sent) "/" "Sent"',
    "OK listed",
  ]],
  ["with numbers", ['LIST "" Sent RETURN (CHILDREN STATUS (MESSAGES UIDNEXT))'], [
    '* LIST (\\HasNoChildren \\Sent) "/" "Sent"',
    '* STATUS "Sent" (MESSAGES 0 UIDNEXT 1)',
    "OK listed",
  ]],
  ["subscriptions", ["SUBSCRIBE a/b/c", "SUBSCRIBE gone", "SUBSCRIBE Sent", 'LSUB "" *'], [
    '* LSUB () "/" "Sent"',
    '* LSUB () "/" "a/b/c"',
    '* LSUB () "/" "gone"',
    "OK listed",
  ]],
  ["subscriptions of one level", ["SUBSCRIBE a/b/c", 'LSUB "" %'], [
    '* LSUB (\\NoSelect) "/" "a"',
    "OK listed",
  ]],
  ["subscriptions by LIST", [
    "SUBSCRIBE gone",
    "SUBSCRIBE Sent",
    "UNSUBSCRIBE Sent",
    "SUBSCRIBE Work",
    'LIST (SUBSCRIBED) "" *',
  ], [
    '* LIST (\\HasChildren \\Subscribed) "/" "Work"',
    '* LIST (\\NonExistent \\HasNoChildren \\Subscribed) "/" "gone"',
    "OK listed",
  ]],
  ["names above subscriptions", ["SUBSCRIBE a/b/c", 'LIST (SUBSCRIBED RECURSIVEMATCH) "" %'], [
    '* LIST (\\NonExistent \\HasChildren) "/" "a" ("CHILDINFO" ("SUBSCRIBED"))',
    "OK listed",
  ]],
  ["which are subscribed to", ["SUBSCRIBE Work", 'LIST "" Work RETURN (SUBSCRIBED)'], [
    '* LIST (\\HasChildren \\Subscribed) "/" "Work"',
    "OK listed",
  ]],
  ["names in UTF-8", ["ENABLE UTF8=ACCEPT", 'LIST "" "Work/Äp%"'], [
    '* LIST (\\HasNoChildren) "/" "Work/Äpfel"',
    "OK listed",
  ]],
  ["a mailbox that is there", ["CREATE Sent"], [
    'NO [ALREADYEXISTS] the folder "Sent" is there already',
  ]],
  ["a name that is none", ["CREATE a//b"], ['NO [CANNOT] no folder can be called "a//b"']],
  ["a way out", ["CREATE ../x"], ['NO [CANNOT] no folder can be called "../x"']],
  ["a separator at the end", ["CREATE new/", 'LIST "" new*'], [
    '* LIST (\\HasNoChildren) "/" "new"',
    "OK listed",
  ]],
  ["removal", ["DELETE Work", 'LIST "" W*'], [
    '* LIST (\\NonExistent \\NoSelect \\HasChildren) "/" "Work"',
    '* LIST (\\HasNoChildren) "/" "Work/&AMQ-pfel"',
    "OK listed",
  ]],
  ["removal of a name without a mailbox", ["DELETE a"], [
    "NO [HASCHILDREN] there are mailboxes below it",
  ]],
  ["removal of INBOX", ["DELETE INBOX"], ["NO [CANNOT] INBOX cannot be removed"]],
  ["removal of nothing", ["DELETE none"], ['NO [NONEXISTENT] folder "none" does not exist']],
  ["a new name", ["RENAME Work Done", 'LIST "" D*'], [
    '* LIST (\\HasChildren) "/" "Done"',
    '* LIST (\\HasNoChildren) "/" "Done/&AMQ-pfel"',
    "OK listed",
  ]],
  ["a new name for a name without a mailbox", ["RENAME a d", 'LIST "" d*c'], [
    '* LIST (\\HasNoChildren) "/" "d/b/c"',
    "OK listed",
  ]],
  ["a name that is taken", ["RENAME Work Sent"], [
    'NO [ALREADYEXISTS] the folder "Sent" is there already',
  ]],
  ["into itself", ["RENAME Work Work/x"], ["NO [CANNOT] a mailbox cannot be moved into itself"]],
  ["the numbers of a mailbox that is not there", ["STATUS none (MESSAGES)"], [
    'NO [NONEXISTENT] unknown mailbox "none"',
  ]],
  ["all numbers", [
    "STATUS INBOX (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN DELETED SIZE HIGHESTMODSEQ APPENDLIMIT)",
  ], [
    '* STATUS "INBOX" (MESSAGES 0 RECENT 0 UIDNEXT 1 UIDVALIDITY 1 UNSEEN 0 DELETED 0 SIZE 0 HIGHESTMODSEQ 1 APPENDLIMIT 26214400)',
    "OK done",
  ]],
  ["the selected mailbox is removed", ["SELECT Sent", "DELETE Sent", "FETCH 1:* UID"], [
    "BAD select a mailbox first",
  ]],
  ["the selected mailbox gets another name", ["SELECT Sent", "RENAME Sent x", "NOOP"], ["OK done"]],
];

for (const [what, commands, expected] of LISTS) {
  Deno.test(`mailboxes of the server: ${what}`, async () => {
    await using server = servedImap();
    const account = await server.store.account("ann");
    for (const name of FOLDERS) await account.create(name);
    using client = await RawClient.open(server);
    let responses: string[] = [];
    for (const command of commands) responses = await client.send(command);
    assertEquals(responses, expected);
    assertEquals(server.errors, []);
  });
}

Deno.test("RENAME of INBOX moves its messages", async () => {
  await using server = servedImap();
  await fill(await server.folder("INBOX"), "a", "b");
  using client = await RawClient.open(server, "SELECT INBOX");
  assertEquals(await client.send("RENAME INBOX old"), ["* 2 EXPUNGE", "* 1 EXPUNGE", "OK moved"]);
  assertEquals((await client.send("STATUS old (MESSAGES)"))[0], '* STATUS "old" (MESSAGES 2)');
});

Deno.test("APPEND: flags, dates, literals with and without consent, several messages", async () => {
  await using server = servedImap();
  using client = await RawClient.open(server, "SELECT INBOX");
  assertEquals(
    await client.send('APPEND INBOX (\\Seen $x) "01-Jan-2020 10:00:00 +0100" {3}', "one\r\n"),
    ["* 1 EXISTS", "* 0 RECENT", "OK [APPENDUID 1 1] stored"],
  );
  assertEquals(
    (await client.send("FETCH 1 (FLAGS INTERNALDATE BODY.PEEK[])"))[0],
    [
      '* 1 FETCH (FLAGS ($x \\Seen) INTERNALDATE " 1-Jan-2020 09:00:00 +0000" BODY[] {3}one)',
    ][0],
  );
  assertEquals(
    await client.send("APPEND {5}", 'INBOX " 2-Jan-2020 10:00:00 +0000" {3}\r\n', "two\r\n"),
    [
      "* 2 EXISTS",
      "* 0 RECENT",
      "OK [APPENDUID 1 2] stored",
    ],
  );
  assertEquals(await client.send("APPEND INBOX {5+}\r\nthree (\\Seen) {4}", "four\r\n"), [
    "* 4 EXISTS",
    "* 0 RECENT",
    "OK [APPENDUID 1 3:4] stored",
  ]);
  assertEquals(
    (await client.send("FETCH 4 (FLAGS BODY.PEEK[])"))[0],
    "* 4 FETCH (FLAGS (\\Seen) BODY[] {4}four)",
  );
  // All or none.
  assertEquals(await client.send("APPEND INBOX {1+}\r\nx (\\Nonsense) {4}", "five\r\n"), [
    "BAD unknown flag \\Nonsense",
  ]);
  assertEquals(await client.send("APPEND none {4}", "nope\r\n"), [
    'NO [TRYCREATE] unknown mailbox "none"',
  ]);
  assertEquals(await client.send("APPEND none {4+}\r\nnope"), [
    'NO [TRYCREATE] unknown mailbox "none"',
  ]);
  assertEquals(await client.send("APPEND INBOX {4+}\r\nnope)"), [
    "BAD malformed command behind a message",
  ]);
  assertEquals(await client.send("APPEND INBOX {0+}\r\n"), ["NO [CANNOT] the message is empty"]);
  assertEquals(await client.send('APPEND INBOX "yesterday" {4}', "nope\r\n"), [
    "BAD the date is malformed",
  ]);
  assertEquals(await client.send("APPEND INBOX"), ["BAD APPEND takes a literal"]);
  assertEquals(await client.send("ENABLE UTF8=ACCEPT"), ["* ENABLED UTF8=ACCEPT", "OK done"]);
  assertEquals(
    (await client.send("APPEND INBOX UTF8 (~{5}", "utf8!)\r\n")).at(-1),
    [
      "OK [APPENDUID 1 5] stored",
    ][0],
  );
  assertEquals((await client.send("NOOP")).at(-1), "OK done");
  assertEquals(server.errors, []);
});

Deno.test("APPEND: messages that are too large, and clients that leave in the middle", async () => {
  await using server = servedImap({ maxMessageBytes: 100 });
  {
    using client = await RawClient.open(server);
    assertEquals(await client.send("APPEND INBOX {101}"), ["NO [TOOBIG] the message is too large"]);
    assertEquals(await client.send(`APPEND INBOX {101+}\r\n${"x".repeat(101)}`), [
      "NO [TOOBIG] the message is too large",
    ]);
    assertEquals(await client.send("APPEND INBOX {99999999999999999999}"), [
      "NO [TOOBIG] the message is too large",
    ]);
    assertEquals(await client.send("NOOP"), ["OK done"]);
    await client.write("x APPEND INBOX {50+}\r\nhalf");
  }
  using client = await RawClient.open(server);
  assertEquals((await client.send("STATUS INBOX (MESSAGES)"))[0], '* STATUS "INBOX" (MESSAGES 0)');
  // A literal without consent that no session can get past.
  await client.write("y APPEND INBOX {9999999+}\r\n");
  assertEquals(await client.response(), "* BYE [TOOBIG] too much");
  assertEquals(await client.response(), "[closed]");
  assertEquals(server.errors, []);
});

Deno.test("clients see each other's changes after a command, and places stay while they must", async () => {
  await using server = servedImap();
  const inbox = await server.folder("INBOX");
  await fill(inbox, "a", "b", "c");
  using one = await RawClient.open(server, "SELECT INBOX");
  using other = await RawClient.open(server, "SELECT INBOX");
  await other.send("STORE 1 +FLAGS (\\Flagged \\Deleted)");
  await other.send("EXPUNGE");
  await other.send("STORE 1 +FLAGS (\\Seen)");
  await fill(inbox, "d");
  // FETCH may not change places.
  assertEquals(await one.send("FETCH 3 UID"), [
    "* 3 FETCH (UID 3)",
    "* 4 EXISTS",
    "* 0 RECENT",
    "* 2 FETCH (FLAGS (\\Seen))",
    "OK done",
  ]);
  assertEquals(await one.send("FETCH 1 (UID RFC822.SIZE)"), [
    "NO [EXPUNGEISSUED] some messages are gone",
  ]);
  assertEquals(await one.send("UID FETCH 1 (RFC822.SIZE)"), ["* 1 EXPUNGE", "OK done"]);
  assertEquals(await one.send("SEARCH ALL"), ["* SEARCH 1 2 3", "OK done"]);
});

Deno.test("IDLE reports changes by others at once", async () => {
  await using server = servedImap();
  const inbox = await server.folder("INBOX");
  await fill(inbox, "a", "b");
  using client = await RawClient.open(server, "SELECT INBOX");
  assertEquals(await client.send("IDLE"), ["+ idling"]);
  await fill(inbox, "c");
  assertEquals([await client.response(), await client.response()], ["* 3 EXISTS", "* 0 RECENT"]);
  await inbox.changeFlags([2], { mode: "add", flags: ["\\Seen"] });
  assertEquals(await client.response(), "* 2 FETCH (FLAGS (\\Seen))");
  await inbox.remove([1]);
  assertEquals(await client.response(), "* 1 EXPUNGE");
  await client.write("DONE\r\n");
  assertMatch(await client.response(), / OK done$/);
  assertEquals(await client.send("IDLE"), ["+ idling"]);
  await client.write("NOOP\r\n");
  assertMatch(await client.response(), / BAD IDLE ends with DONE$/);
});

Deno.test("a session whose mailbox is removed by another ends", async () => {
  await using server = servedImap();
  await (await server.store.account("ann")).create("box");
  using client = await RawClient.open(server, "SELECT box");
  await (await server.store.account("ann")).delete("box");
  assertEquals(await client.send("NOOP"), [
    "* BYE [UNAVAILABLE] the selected mailbox is gone",
    "[closed]",
  ]);
});

Deno.test("commands of any size and shape have an answer, and limits", async () => {
  await using server = servedImap({ maxCommandBytes: 1000 });
  await fill(await server.folder("INBOX"), "a");
  using client = await RawClient.open(server, "SELECT INBOX");
  const responses = async (command: string) => (await client.send(command)).at(-1)!;
  assertEquals(await responses(`SEARCH BODY {999999}`), "BAD the command is too large");
  assertEquals(
    await responses(`SEARCH BODY {2000+}\r\n${"x".repeat(2000)}`),
    "BAD the command is too large",
  );
  assertStringIncludes(await responses(`SEARCH ${"(".repeat(10_000)}`), "BAD");
  assertStringIncludes(await responses(`SEARCH ${"NOT ".repeat(60)}ALL`), "BAD");
  assertStringIncludes(await responses(`FETCH 1 (${"BODY[1] ".repeat(300)}UID)`), "BAD");
  assertEquals(await responses("FETCH 1 BODY[1.2.3.4.5.6.7.8.9.10]"), "OK done");
  assertStringIncludes(await responses('LIST "" "' + "%".repeat(600) + '"'), "NO [LIMIT]");
  await client.write(`z NOOP ${"x".repeat(70_000)}\r\n`);
  assertEquals(await client.response(), "* BAD line too long");
  await client.write("\r\n");
  assertEquals(await client.response(), "* BAD a command has a tag and a verb");
  await client.write("\0\r\n");
  assertEquals(await client.response(), "* BAD a command has a tag and a verb");
  await client.write('"x" NOOP\r\n');
  assertEquals(await client.response(), "* BAD a command has a tag and a verb");
  for (let count = 0; count < 15; count++) await client.send("X");
  assertEquals((await client.send("X")).slice(-1), ["BAD unknown command"]);
  assertEquals(await client.response(), "* BYE too many mistakes");
  assertEquals(server.errors, []);
});

Deno.test("three wrong passwords end a session", async () => {
  await using server = servedImap();
  using client = await RawClient.connect(server);
  for (let count = 0; count < 2; count++) await client.send("LOGIN ann x");
  assertEquals(await client.send("LOGIN ann x"), [
    "* BYE too many failures",
    "NO [AUTHENTICATIONFAILED] authentication failed",
  ]);
  assertEquals(server.refused, ["ann", "ann", "ann"]);
});

Deno.test("no password comes in clear text, unless that is allowed", async () => {
  await using server = servedImap({ insecureAuth: false, tls: undefined });
  using client = await RawClient.connect(server);
  assertStringIncludes((await client.send("CAPABILITY"))[0]!, "LOGINDISABLED");
  assertStringIncludes((await client.send("LOGIN ann sesame"))[0]!, "NO [PRIVACYREQUIRED]");
  assertEquals(await client.send("AUTHENTICATE PLAIN AGFubgBzZXNhbWU="), [
    "NO [CANNOT] authentication mechanism not supported",
  ]);
  assertEquals(await client.send("STARTTLS"), ["BAD STARTTLS is not offered"]);
});

Deno.test("changes by others are reported even after STORE with .SILENT", async () => {
  await using server = servedImap();
  await fill(await server.folder("INBOX"), "a", "b");
  using one = await RawClient.open(server, "SELECT INBOX");
  using other = await RawClient.open(server, "SELECT INBOX");
  await other.send("STORE 1 +FLAGS (\\Flagged)");
  assertEquals(await one.send("STORE 1:2 +FLAGS.SILENT (\\Seen)"), [
    "* 1 FETCH (FLAGS (\\Flagged \\Seen))",
    "OK done",
  ]);
});

Deno.test("no client waits for the patterns, parts and searches of another", async () => {
  await using server = servedImap();
  const inbox = await server.folder("INBOX");
  const account = await server.store.account("ann");
  for (let at = 0; at < 200; at++) await account.create(`${"a".repeat(190)}${at}`);
  const nested = "Content-Type: message/rfc822\r\n\r\n".repeat(58) + "\r\n".repeat(1_000_000);
  await fill(inbox, nested, `Subject: x\r\nX: ${"y".repeat(1_100_000)}\r\n\r\nhello\r\n`);
  await fill(
    inbox,
    ...Array.from({ length: 300 }, (_, at) => `Subject: ${at}\r\n\r\n${"z".repeat(20_000)}`),
  );
  using one = await RawClient.open(server, "SELECT INBOX");
  using other = await RawClient.open(server, "SELECT INBOX");
  const slow = [
    `LIST "" (${`"${"a%".repeat(240)}" `.repeat(99)})`,
    "FETCH 1 BODYSTRUCTURE",
    "SEARCH TEXT hello",
    `SEARCH ${"NOT BODY nothing ".repeat(40)}`.trim(),
    "FETCH 1:* ENVELOPE",
    "SORT (SUBJECT) UTF-8 ALL",
  ];
  const waits: number[] = [];
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      const begin = performance.now();
      await other.send("NOOP");
      waits.push(performance.now() - begin);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  })();
  const last: string[] = [];
  for (const command of slow) last.push((await one.send(command)).at(-1)!.slice(0, 20));
  isOver = true;
  await asking;
  assertEquals(last, [
    "NO [LIMIT] the patte",
    "OK done",
    "OK done",
    "OK done",
    "OK done",
    "OK done",
  ]);
  // Seconds before; a message of megabytes is taken apart in one piece.
  assertEquals(waits.filter((wait) => wait > 1500), []);
});
