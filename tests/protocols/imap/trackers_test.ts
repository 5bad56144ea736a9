/** Situations from the trackers of other clients, by project and number. */

import { assert, assertEquals } from "@std/assert";
import type { ImapClient, ImapMailbox } from "../../../src/protocols/imap/mod.ts";
import { type Answers, inInbox, scriptedImap, type ScriptOptions } from "./scripted.ts";

/** A situation: responses, the action of the client, and the commands behind SELECT, if they matter. */
interface Situation {
  readonly name: string;
  readonly answers: Answers;
  readonly options?: ScriptOptions;
  readonly act: (inbox: ImapMailbox, client: ImapClient) => Promise<void>;
  readonly commands?: readonly string[];
}

const flags = { flags: true };

const SITUATIONS: readonly Situation[] = [
  {
    name: "OfflineIMAP/offlineimap#336: a message with the identifier 0",
    answers: {
      "UID SEARCH": "* SEARCH 20\n",
      "UID FETCH": "* 1 FETCH (UID 0 FLAGS ())\n* 2 FETCH (UID 20 FLAGS ())\n",
    },
    async act(inbox) {
      const found = await Array.fromAsync(inbox.fetch("1:*", flags));
      assertEquals(found.map(({ uid }) => uid), [20]);
    },
  },
  {
    name:
      "OfflineIMAP/offlineimap#429, jstedfast/MailKit#1615: a fetch that is OK without the message",
    answers: { "UID SEARCH": "* SEARCH 5721 5722\n" },
    async act(inbox) {
      assertEquals(await Array.fromAsync(inbox.fetch(await inbox.search(), flags)), []);
      assertEquals(await Array.fromAsync(inbox.texts([5721])), []);
    },
  },
  {
    name: "modern-email/defects#52: a UIDVALIDITY of 0",
    answers: { SELECT: "* 1 EXISTS\n* OK [UIDVALIDITY 0] x\n" },
    act(inbox) {
      assertEquals([inbox.exists, inbox.uidValidity], [1, 0]);
      return Promise.resolve();
    },
  },
  {
    name: "modern-email/defects#36: RFC822 is not sent, BODY[] is",
    answers: {
      "UID FETCH 1 (UID FLAGS":
        "* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 3 INTERNALDATE NIL BODY[]<0> {3}\nabc)\n",
    },
    async act(inbox) {
      for await (const { text } of inbox.texts([1])) {
        assertEquals((await Array.fromAsync(text)).length, 1);
      }
    },
    commands: [
      "UID FETCH 1 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.65536>)",
    ],
  },
  {
    name:
      "nextcloud/mail#9454, kenn-io/msgvault#436: iCloud's searches are incomplete, and find too much",
    options: { can: "ESEARCH X-APPLE-REMOTE-LINKS" },
    answers: { "UID SEARCH UID 1:*": "* SEARCH 4 9\n" },
    async act(inbox, client) {
      assertEquals(client.provider?.name, "iCloud");
      assertEquals(await inbox.summarize(), { count: 2, min: 4, max: 9 });
      assertEquals(await inbox.search({ seen: false }), [4, 9]);
    },
    commands: ["UID SEARCH UID 1:*", "UID SEARCH UID 1:* UNSEEN"],
  },
  {
    name: "thunderbird/thunderbird-android#5429: Yahoo offers no working IDLE",
    options: { can: "IDLE XYMHIGHESTMODSEQ" },
    answers: { NOOP: "* 4 EXISTS\n" },
    act: (inbox) => inbox.idle({ pollMs: 1 }),
    commands: ["NOOP"],
  },
  {
    name: "imapsync/imapsync#212, mjs/imapclient#385: Exchange refuses long sets",
    options: { greeting: "* OK The Microsoft Exchange IMAP4 service is ready.\n" },
    answers: {},
    async act(inbox) {
      const odd = Array.from({ length: 1500 }, (_, at) => at * 2 + 100_001);
      await Array.fromAsync(inbox.fetch(odd, flags));
    },
  },
  {
    name: "postalsys/imapflow#283: a command after the end is an error, not a hang",
    answers: { NOOP: "" },
    async act(inbox, client) {
      const first = await client.noop().then(() => "", (error) => (error as Error).name);
      const second = await inbox.search().then(() => "", (error) => (error as Error).name);
      assertEquals([first, second], ["DisconnectedError", "DisconnectedError"]);
    },
  },
  {
    name: "getmail6/getmail6#112: messages that came before the connection broke are kept",
    answers: { "UID FETCH": "* 1 FETCH (UID 1 FLAGS ())\n* 2 FETCH (UID 2 FLAGS ())\n\f" },
    async act(inbox) {
      const found: number[] = [];
      const end = await (async () => {
        for await (const { uid } of inbox.fetch([1, 2, 3], flags)) found.push(uid);
      })().then(() => "whole", (error) => (error as Error).name);
      assertEquals([found, end], [[1, 2], "DisconnectedError"]);
    },
  },
  {
    name: "rnwood/smtp4dev#2004: an empty mailbox",
    answers: { SELECT: "* FLAGS ()\n* 0 EXISTS\n* 0 RECENT\n* OK [UIDVALIDITY 1] x\n" },
    async act(inbox) {
      assertEquals([inbox.exists, await inbox.search()], [0, []]);
      assertEquals(await Array.fromAsync(inbox.fetch("1:*", flags)), []);
      assertEquals(await inbox.summarize(), { count: 0, min: undefined, max: undefined });
    },
  },
];

for (const { name, answers, options, act, commands } of SITUATIONS) {
  Deno.test(name, async () => {
    const sent = await inInbox(answers, act, options);
    if (commands !== undefined) assertEquals(sent, commands);
    assert(sent.every((command) => command.length < 1100), "a command is too long");
  });
}

Deno.test("pimalaya/himalaya#651: NetEase requires ID before SELECT", async () => {
  const order = await scriptedImap({ ID: "* ID NIL\n" }, async (client) => {
    await client.open("INBOX");
  }, { can: "ID" });
  assertEquals(order, ['LOGIN "ann" "sesame"', 'ID ("name" "netwright")', "SELECT INBOX"]);
});
