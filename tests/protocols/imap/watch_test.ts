import { assertEquals, assertRejects } from "@std/assert";
import {
  DisconnectedError,
  memoryNetwork,
  ReplyError,
  TimeoutError,
} from "../../../src/net/mod.ts";
import { ImapClient, type WatchedChange, watchMailbox } from "../../../src/protocols/imap/mod.ts";
import { Secret } from "../../../src/protocols/wire/mod.ts";
import { type Answers, HERE, type ScriptOptions, servedScript, withSearches } from "./scripted.ts";

/** Watches INBOX until so many changes were reported. */
async function watched(
  answers: Answers,
  count: number,
  options: ScriptOptions & { readonly timeoutMs?: number; readonly renewMs?: number } = {},
): Promise<string[]> {
  const network = memoryNetwork();
  const found: string[] = [];
  await servedScript(withSearches(answers), async () => {
    const ended = new AbortController();
    const changes = watchMailbox({
      connect: () =>
        ImapClient.connect(HERE, {
          network,
          qresync: true,
          timeoutMs: options.timeoutMs ?? 2000,
          credentials: { user: "ann", password: new Secret("x") },
        }),
      renewMs: options.renewMs,
      pollMs: 1,
      retryMs: 1,
      signal: ended.signal,
    });
    for await (const change of changes) {
      found.push(described(change));
      if (found.length === count) ended.abort();
    }
  }, { can: "IDLE", ...options, network });
  return found;
}

function described(change: WatchedChange): string {
  switch (change.kind) {
    case "arrived":
      return `arrived ${change.message.uid} ${change.message.envelope?.subject ?? ""}`.trimEnd();
    case "flags":
      return `flags ${change.uid} ${change.flags.join(" ")}`;
    case "removed":
      return `removed ${change.uid}`;
    case "connected":
      return `connected ${change.exists}`;
    case "disconnected":
      return `disconnected ${change.error instanceof DisconnectedError ? "cut" : change.error}`;
    case "renumbered":
      return `renumbered ${change.uidValidity}`;
  }
}

const FIRST =
  "* 1 FETCH (UID 3 FLAGS ())\n* 2 FETCH (UID 5 FLAGS (\\Seen))\n* 3 FETCH (UID 9 FLAGS ())\n";
const NEW = '* 4 FETCH (UID 10 FLAGS () ENVELOPE (NIL "hi" NIL NIL NIL NIL NIL NIL NIL NIL))\n';

Deno.test("changes amid IDLE are reported once each", async () => {
  const found = await watched({
    "UID FETCH 1:*": FIRST,
    // The set names the last message too (mjs/imapclient#441).
    "UID FETCH 10:*": ["* 3 FETCH (UID 9 FLAGS () ENVELOPE NIL)\n", NEW],
    IDLE: [
      "+ x\n* 1 FETCH (FLAGS (\\Flagged))\n",
      "+ x\n* 1 FETCH (FLAGS (\\Flagged \\Recent))\n* 4 EXISTS\n",
      "+ x\n* 2 EXPUNGE\n* 4 EXISTS\n",
      "+ x\n",
    ],
    DONE: "TAG OK x\n",
  }, 4);
  assertEquals(found, ["connected 3", "flags 3 \\Flagged", "removed 5", "arrived 10 hi"]);
});

Deno.test("changes amid a break are reported after it", async () => {
  const found = await watched({
    "UID FETCH 1:*": [
      FIRST,
      "* 1 FETCH (UID 3 FLAGS (\\Seen))\n* 2 FETCH (UID 9 FLAGS ())\n* 3 FETCH (UID 10 FLAGS ())\n",
    ],
    "UID FETCH 10:*": NEW,
    IDLE: ["", "+ x\n"],
    DONE: "TAG OK x\n",
  }, 6);
  assertEquals(found, [
    "connected 3",
    "disconnected cut",
    "connected 3",
    "removed 5",
    "flags 3 \\Seen",
    "arrived 10 hi",
  ]);
});

Deno.test("an IDLE that dies in silence is found out (postalsys/imapflow#14, #98)", async () => {
  const found = await watched(
    { "UID FETCH 1:*": FIRST, IDLE: "+ x\n", DONE: ["-", "TAG OK x\n"] },
    3,
    { renewMs: 20, timeoutMs: 100 },
  );
  assertEquals([found[0], found[1]!.includes("no answer"), found[2]], [
    "connected 3",
    true,
    "connected 3",
  ]);
});

Deno.test("identifiers that are given anew do not count as changes (OfflineIMAP/offlineimap#62)", async () => {
  const select = (validity: number) => `* 3 EXISTS\n* OK [UIDVALIDITY ${validity}] x\n`;
  const found = await watched({
    EXAMINE: [select(7), select(8)],
    "UID FETCH 1:*": [FIRST, "* 1 FETCH (UID 1 FLAGS ())\n"],
    IDLE: ["", "+ x\n* 2 FETCH (UID 2 FLAGS ())\n* 1 FETCH (FLAGS (a))\n"],
    DONE: "TAG OK x\n",
  }, 5);
  assertEquals(found, [
    "connected 3",
    "disconnected cut",
    "connected 3",
    "renumbered 8",
    "flags 1 a",
  ]);
});

Deno.test("a look that breaks off changes nothing: no old message arrives, no change is lost", async () => {
  const cut = "* 1 FETCH (UID 3 FLAGS ())\n* 2 FETCH (UID 5 FLAGS";
  const found = await watched({
    "UID SEARCH UID 1:*": "* SEARCH 3 5 9\n",
    "UID FETCH 3,5,9": [
      // The first look, and the second after the next break.
      `${cut}\f`,
      FIRST,
      FIRST.replace("()", "(\\Seen)").slice(0, 60) + "\f",
      FIRST.replace("()", "(\\Seen)"),
    ],
    "UID SEARCH UID 10:*": "* SEARCH 9\n",
    "UID FETCH 9": "* 3 FETCH (UID 9 FLAGS () ENVELOPE NIL)\n",
    IDLE: ["", "+ x\n"],
    DONE: "TAG OK x\n",
  }, 8);
  assertEquals(found.map((line) => line.replace(/disconnected.*/, "disconnected")), [
    "connected 3",
    "disconnected",
    "connected 3",
    "disconnected",
    "connected 3",
    "disconnected",
    "connected 3",
    "flags 3 \\Seen",
  ]);
});

Deno.test("a server that refuses IDLE is asked now and then (jakartaee/mail-api#419)", async () => {
  const found = await watched({
    "UID FETCH 1:*": FIRST,
    IDLE: "TAG BAD not supported\n",
    NOOP: ["TAG OK x\n", "* 1 EXPUNGE\n"],
  }, 2);
  assertEquals(found, ["connected 3", "removed 3"]);
});

Deno.test("a temporary refusal does not end the watch, another one does", async () => {
  const found = await watched({
    "UID FETCH 1:*": FIRST,
    IDLE: ["", "+ x\n"],
    LOGIN: ["TAG OK x\n", "TAG NO [UNAVAILABLE] later\n", "TAG OK x\n"],
    DONE: "TAG OK x\n",
  }, 4);
  assertEquals(found.map((line) => line.split(" ")[0]), [
    "connected",
    "disconnected",
    "disconnected",
    "connected",
  ]);
  for (const error of [ReplyError, TimeoutError]) {
    await assertRejects(
      () => watched({ LOGIN: error === ReplyError ? "TAG NO wrong\n" : "-" }, 1, { timeoutMs: 50 }),
      error,
    );
  }
  await assertRejects(
    () => watched({ "UID FETCH 1:*": FIRST, IDLE: "", LOGIN: ["TAG OK x\n", "TAG NO no\n"] }, 9),
    ReplyError,
  );
});
