/** Situations that lose mail, hang, or fill the memory. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  LimitError,
  NetwrightError,
  ProtocolError,
  TimeoutError,
  UsageError,
} from "../../../src/net/mod.ts";
import { join } from "../../support/bytes.ts";
import { inInbox, scriptedImap } from "./scripted.ts";

const lengthOf = async (text: AsyncIterable<Uint8Array>) =>
  join(await Array.fromAsync(text)).length;

Deno.test("no command for a mailbox is sent once another is open", async () => {
  const commands = await inInbox({
    "UID FETCH": "* 1 FETCH (UID 1 FLAGS ())\n",
  }, async (inbox, client) => {
    const deleting = inbox.delete([1]);
    const fetching = Array.fromAsync(
      inbox.fetch(Array.from({ length: 5000 }, (_, at) => at + 1), { flags: true }),
    );
    const other = await client.open("other");
    await assertRejects(() => deleting, TypeError, "not open any more");
    await assertRejects(() => fetching, TypeError, "not open any more");
    assertEquals([inbox.isOpen, other.isOpen], [false, true]);
    const [first, second] = await Promise.all([client.open("A"), client.open("B")]);
    assertEquals([first.isOpen, second.isOpen, other.isOpen], [false, true, false]);
    const [third] = await Promise.all([client.open("C"), client.close()]);
    assertEquals(third.isOpen, false);
    await assertRejects(() => first.delete(1), TypeError, "not open any more");
  }, { can: "UIDPLUS UNSELECT" });
  assertEquals(commands.some((command) => command.startsWith("UID EXPUNGE")), false);
});

const PIECE = "x".repeat(262_144);

Deno.test("a text that ends too early is an error", async () => {
  const first = `* 1 FETCH (UID 1 RFC822.SIZE 300000 BODY[]<0> {262144}\n${PIECE})\n`;
  // The message was removed meanwhile.
  await inInbox({ "UID FETCH 1 (UID RFC822.SIZE": first }, async (inbox) => {
    await assertRejects(() => lengthOf(inbox.download(1)), NetwrightError, "not there");
  });
  // Some servers do not respond to a request behind the end, but have the message.
  const quiet = { "UID FETCH 1 (UID RFC822.SIZE": first, "UID SEARCH UID 1": "* SEARCH 1\n" };
  await inInbox(quiet, async (inbox) => assertEquals(await lengthOf(inbox.download(1)), 262_144));
  // The server sends less than it was asked for, and the rest on request.
  await inInbox({
    "UID FETCH 1 (UID RFC822.SIZE": "* 1 FETCH (UID 1 RFC822.SIZE 15 BODY[]<0> {10}\n0123456789)\n",
    "UID FETCH 1 (UID BODY.PEEK[]<10.": "* 1 FETCH (UID 1 BODY[]<10> {5}\nabcde)\n",
  }, async (inbox) => assertEquals(await lengthOf(inbox.download(1)), 15));
  // It sends more.
  await inInbox({
    "UID FETCH 1": `* 1 FETCH (UID 1 RFC822.SIZE 9 BODY[]<0> {262145}\n${PIECE}x)\n`,
  }, async (inbox) => {
    await assertRejects(() => lengthOf(inbox.download(1)), ProtocolError, "262145 bytes of 262144");
  });
  // One of several is gone: the others come.
  await inInbox({
    "UID FETCH 1:2 (UID FLAGS": "* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 900000 INTERNALDATE NIL)\n" +
      "* 2 FETCH (UID 2 FLAGS () RFC822.SIZE 3 INTERNALDATE NIL BODY[]<0> {3}\nabc)\n",
  }, async (inbox) => {
    const found: unknown[] = [];
    for await (const { uid, text } of inbox.texts([1, 2])) found.push([uid, await lengthOf(text)]);
    assertEquals(found, [[2, 3]]);
  });
});

Deno.test("what arrives while messages are moved or deleted stays, and each is deleted once", async () => {
  const answers = { "UID SEARCH UID 1:*": "* SEARCH 1 2\n" };
  const moved = await inInbox(answers, (inbox) => inbox.move("1:*", "T").then(() => {}), {
    can: "UIDPLUS",
  });
  const rest = ["UID STORE 1:2 +FLAGS.SILENT (\\Deleted)", "UID EXPUNGE 1:2"];
  assertEquals(moved, ["UID SEARCH UID 1:*", "UID COPY 1:2 T", ...rest]);
  const once = function* () {
    yield 1;
    yield 2;
  };
  const generated = await inInbox({}, (inbox) => inbox.move(once(), "T").then(() => {}), {
    can: "UIDPLUS",
  });
  assertEquals(generated, ["UID COPY 1:2 T", ...rest]);
  const deleted = await inInbox(answers, (inbox) => inbox.delete("1:*"), { can: "UIDPLUS" });
  assertEquals(deleted, ["UID SEARCH UID 1:*", ...rest]);
});

Deno.test("responses to concurrent fetches are distinguished, in any order", async () => {
  const one = "* 1 FETCH (UID 1 BODY[1] {3}\none)\n";
  await inInbox({
    "UID FETCH 1 (UID BODY.PEEK[1]": "-",
    "UID FETCH 1 (UID BODY.PEEK[2]":
      `* 1 FETCH (UID 1 BODY[2] {3}\ntwo)\n${one}TAG OK x\nA4 OK x\n`,
  }, async (inbox) => {
    const [first, second] = await Promise.all([
      Array.fromAsync(inbox.fetch([1], { sections: ["1"] })),
      Array.fromAsync(inbox.fetch([1], { sections: ["2"] })),
    ]);
    assertEquals([first!.length, [...first![0]!.sections.keys()]], [1, ["1"]]);
    assertEquals([second!.length, [...second![0]!.sections.keys()]], [1, ["2"]]);
  });
});

Deno.test("a set as a text means the messages that are there, and changes of others are changes", async () => {
  await inInbox({
    "UID SEARCH UID 39:*": "* SEARCH 39\n",
    "UID FETCH 39": "* 1 FETCH (UID 5 FLAGS (\\Seen))\n* 2 FETCH (UID 39 FLAGS ())\n",
  }, async (inbox) => {
    const changed: unknown[] = [];
    inbox.onChange = (change) => changed.push(change);
    const items = { flags: true, internalDate: true };
    const found = await Array.fromAsync(inbox.fetch("39:*", items));
    assertEquals(found.map(({ uid, flags }) => [uid, flags]), [[39, []]]);
    assertEquals(changed[0], { kind: "flags", uid: 5, flags: ["\\Seen"] });
  });
});

Deno.test("a slow upload does not count as silence of the server", async () => {
  const slow = async function* () {
    for (let at = 0; at < 6; at++) {
      await new Promise((resolve) => setTimeout(resolve, 30));
      yield new TextEncoder().encode("x".repeat(10));
    }
  };
  for (const can of ["", "LITERAL+"]) {
    await scriptedImap({ APPEND: ["TAG OK x\n", "-"] }, async (client) => {
      await client.append("x", { content: { size: 60, pieces: slow() } });
      // Behind the upload the server must respond.
      const again = client.append("x", { content: { size: 60, pieces: slow() } });
      await assertRejects(() => again, TimeoutError);
    }, { can, client: { timeoutMs: 100 } });
  }
});

Deno.test("waits end one another, and a server may end them", async () => {
  const commands = await inInbox({
    IDLE: ["+ x\n", "+ x\n", "+ x\n* 4 EXISTS\nTAG OK ended\n", "+ x\n"],
    DONE: ["TAG OK x\n", "TAG OK x\n", "DONE BAD unknown\n"],
  }, async (inbox, client) => {
    const [first, second] = [inbox.idle({ waitMs: 5000 }), inbox.idle({ waitMs: 5000 })];
    await first;
    await client.noop();
    await second;
    // The server ends the third.
    await inbox.idle({ waitMs: 5000 });
    await client.noop();
    for (const waitMs of [0, -1, NaN]) {
      await assertRejects(() => inbox.idle({ waitMs }), UsageError);
    }
  }, { can: "IDLE" });
  assertEquals(commands.filter((command) => command === "NOOP").length, 2);
  // Asked now and then, a wait ends at another command too.
  await inInbox({}, async (inbox, client) => {
    const waiting = inbox.idle({ waitMs: Infinity, pollMs: 60_000 });
    await client.noop();
    await client.noop();
    await waiting;
  });
});

Deno.test("large sets fit", async () => {
  const answers = {
    ENABLE: "* ENABLED QRESYNC\n",
    SELECT: "* 300000 EXISTS\n* OK [UIDVALIDITY 7] x\n* VANISHED (EARLIER) 1:300000\n",
    "UID STORE": "TAG OK [MODIFIED 1:300000] x\n",
  };
  await scriptedImap(answers, async (client) => {
    const known = { uidValidity: 7, highestModseq: 1n };
    const inbox = await client.open("INBOX", { known });
    assertEquals(inbox.resynchronized?.removed.length, 300_000);
    const modified = await inbox.store("1:*", { add: ["x"], unchangedSince: 1n });
    assertEquals(modified.length, 300_000);
  }, { can: "ENABLE QRESYNC", client: { qresync: true } });
});

Deno.test("responses that grow without end are refused, or forgotten", async () => {
  const big = `* 1 FETCH (BODY[9] {100000}\n${"x".repeat(100_000)})\n`;
  const small = { client: { maxResponseBytes: 200_000 } };
  await inInbox({ "UID FETCH": big.repeat(50) }, async (inbox) => {
    assertEquals(await Array.fromAsync(inbox.fetch([1], { sections: ["1"] })), []);
  }, small);
  const wanted = Array.from(
    { length: 20 },
    (_, at) => `* 1 FETCH (UID ${at + 1} BODY[] {100000}\n${"x".repeat(100_000)})\n`,
  );
  await assertRejects(
    () =>
      inInbox({ "UID FETCH": wanted.join("") }, async (inbox, client) => {
        const uids = Array.from({ length: 20 }, (_, at) => at + 1);
        const messages = inbox.fetch(uids, { sections: [""] });
        await messages.next();
        // Meanwhile the others arrive.
        await client.noop();
      }, small),
    LimitError,
    "wait to be taken",
  );
  await assertRejects(
    () => inInbox({ NOOP: "* VANISHED 1:9999999\n" }, (_, client) => client.noop()),
    ProtocolError,
    "vanished",
  );
  for (const line of ["* 1 FETCH (UID 4294967296 FLAGS ())\n", "* 0 FETCH (FLAGS ())\n"]) {
    await assertRejects(
      () => inInbox({ NOOP: line }, (_, client) => client.noop()),
      ProtocolError,
    );
  }
});

Deno.test("a server that never stops leaves timers their turn", async () => {
  await inInbox({ NOOP: "* OK x\n".repeat(400_000) }, async (_, client) => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await client.noop();
    clearInterval(timer);
    assert(turns > 0);
  });
});

Deno.test("challenges before the response to the first are an error", async () => {
  await assertRejects(
    () =>
      scriptedImap({ AUTHENTICATE: "+ \n+ \n+ \n" }, () => Promise.resolve(), {
        can: "AUTH=PLAIN",
      }),
    ProtocolError,
    "before the response",
  );
});

Deno.test("a mailbox that only looks like another one does not take its place", async () => {
  const commands = await scriptedImap({
    LIST: '* LIST () "/" x&y\n* LIST () "/" x&-y\n* LIST () "/" a&b\n',
  }, async (client) => {
    assertEquals((await client.list()).map(({ name }) => name), ["x&y", "x&y", "a&b"]);
    await client.delete("x&y");
    await client.delete("a&b");
  });
  assertEquals(commands.slice(-2), ["DELETE x&-y", "DELETE {3}\na&b"]);
});

Deno.test("dates that are none are refused", async () => {
  await inInbox({}, async (inbox, client) => {
    const none = new Date(NaN);
    await assertRejects(() => inbox.search({ since: none }), UsageError);
    const message = { content: new Uint8Array(3), internalDate: none };
    await assertRejects(() => client.append("x", message), UsageError);
  });
});

Deno.test("a session ends soon after the server has said goodbye", async () => {
  await inInbox({ IDLE: "+ x\n* BYE maintenance\n" }, async (inbox) => {
    const idling = inbox.idle({ waitMs: 60_000 });
    await assertRejects(() => idling, TimeoutError);
  }, { can: "IDLE", client: { timeoutMs: 50 } });
});
