/** Our IMAP client and Debian's Dovecot. */

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ReplyError, TlsError } from "../../src/net/mod.ts";
import {
  ImapClient,
  type ImapClientOptions,
  imapResponseCode,
  watchMailbox,
} from "../../src/protocols/imap/mod.ts";
import { Secret } from "../../src/protocols/wire/mod.ts";
import { join } from "../support/bytes.ts";
import { netwright } from "../support/netwright.ts";
import { inFolder } from "../support/trees.ts";
import { type Dovecot, hasDovecot, startDovecot } from "./peers/dovecot.ts";
import { run } from "./peers/program.ts";

const ready = await hasDovecot();
const COUNT = 10_000;

/** Text of message `at`; files have LF, as those of most programs. */
function letter(at: number): string {
  return `From: Ann <ann@a.example>\nSubject: number ${at}\n\n${"x".repeat(at % 70)}\nü\n`;
}

/** Puts messages into the mailbox, in this order. */
async function fill({ maildir }: Dovecot, count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    await Deno.writeTextFile(`${maildir}/new/${1_700_000_000 + at}.P1.host`, letter(at));
  }
  await run("chown", ["--recursive", "mail:mail", maildir]);
}

function options({ user, password, ca }: Dovecot): ImapClientOptions {
  return {
    credentials: { user, password: new Secret(password) },
    trust: { caCerts: [ca] },
    certificateName: "localhost",
  };
}

function connect(dovecot: Dovecot, more: ImapClientOptions = {}): Promise<ImapClient> {
  return ImapClient.connect(`127.0.0.1:${dovecot.imap}`, { ...options(dovecot), ...more });
}

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test({
  name: "Dovecot: every way to log in to IMAP, without TLS, with STARTTLS, TLS, and compressed",
  ignore: !ready,
}, async () => {
  await using dovecot = await startDovecot();
  const ways = [
    [dovecot.imap, "none"],
    [dovecot.imap, "starttls"],
    [dovecot.imaps, "implicit"],
  ] as const;
  const mechanisms = [
    ...[undefined, "LOGIN-COMMAND", "PLAIN", "LOGIN"],
    ...["CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"],
  ];
  for (const [port, tls] of ways) {
    const common = { ...options(dovecot), tls };
    for (const mechanism of mechanisms) {
      for (const compress of [false, true]) {
        await using client = await ImapClient.connect(`127.0.0.1:${port}`, {
          ...common,
          mechanism,
          compress,
        });
        assertEquals([client.isSecure, client.isCompressed], [tls !== "none", compress]);
        const inbox = await client.open("INBOX");
        assertEquals(inbox.exists, 0);
        await client.logout();
      }
    }
    const wrong = { ...common, credentials: { user: dovecot.user, password: new Secret("wrong") } };
    const error = await assertRejects(
      () => ImapClient.connect(`127.0.0.1:${port}`, wrong),
      ReplyError,
    );
    assertEquals(imapResponseCode(error), "AUTHENTICATIONFAILED");
  }
  await assertRejects(() => connect(dovecot, { tls: "starttls", trust: {} }), TlsError);
});

const PYTHON = `
import imaplib, sys, json
box = imaplib.IMAP4("127.0.0.1", int(sys.argv[1]))
box.login("test", "secret")
box.select("INBOX", readonly=True)
found = []
status, data = box.uid("FETCH", "1:*", "(UID FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
for item in data:
    if isinstance(item, tuple):
        head = item[0].decode()
        words = head.replace("(", " ").replace(")", " ").split()
        found.append([int(words[words.index("UID") + 1]), int(words[words.index("RFC822.SIZE") + 1]), item[1].decode()])
print(json.dumps([found, [int(uid) for uid in box.uid("SEARCH", None, "SUBJECT", '"number 77"')[1][0].split()]]))
box.logout()
`;

Deno.test(
  { name: `Dovecot: ${COUNT} messages read by IMAP, as imaplib reads them`, ignore: !ready },
  async () => {
    await using dovecot = await startDovecot();
    await fill(dovecot, COUNT);
    await using client = await connect(dovecot);
    const inbox = await client.open("INBOX", { readOnly: true });
    const uids = await inbox.search();
    const decode = (bytes?: Uint8Array) => new TextDecoder().decode(bytes);
    const found: unknown[] = [];
    for await (
      const { uid, size, header } of inbox.fetch(uids, { size: true, header: ["subject"] })
    ) {
      found.push([uid, size, decode(header)]);
    }
    const matching = await inbox.search({ subject: "number 77" });
    const theirs = await run("python3", ["-c", PYTHON, `${dovecot.imap}`]);
    assertEquals([found, matching], JSON.parse(theirs));
    let at = 0;
    for await (const { uid, size, text } of inbox.texts(uids)) {
      const whole = join(await Array.fromAsync(text));
      const expected = letter(at++).replaceAll("\n", "\r\n");
      assertEquals([uid, size, decode(whole)], [at, whole.length, expected]);
    }
    assertEquals([at, inbox.exists], [COUNT, COUNT]);
    await client.logout();
  },
);

Deno.test(
  { name: "Dovecot: messages added, copied, moved, flagged, deleted", ignore: !ready },
  async () => {
    await using dovecot = await startDovecot();
    await using client = await connect(dovecot, { qresync: true });
    const name = 'Entwürfe & "mehr" %*\\';
    const big = encode(`Subject: big\r\n\r\n${"0123456789abcde\n".repeat(500_000)}`);
    const added = await client.append(name, [
      { content: encode("Subject: one\n\n1\n"), flags: ["\\Seen"], internalDate: new Date(1e12) },
      { content: big },
    ], { create: true });
    assertEquals(added?.uids, [1, 2]);
    const drafts = await client.open(name);
    const messages = await Array.fromAsync(
      drafts.fetch("1:*", { flags: true, internalDate: true, size: true }),
    );
    assertEquals(messages[0]!.flags!.filter((flag) => flag !== "\\Recent"), ["\\Seen"]);
    assertEquals(messages[0]!.internalDate, new Date(1e12));
    const pieces = await Array.fromAsync(drafts.download(2));
    assert(pieces.length > 10);
    assertEquals(
      new TextDecoder().decode(join(pieces)).replaceAll("\r\n", "\n"),
      new TextDecoder().decode(big).replaceAll("\r\n", "\n"),
    );
    assertEquals((await drafts.copy([1, 2], "INBOX"))?.uids, new Map([[1, 1], [2, 2]]));
    assertEquals((await drafts.move(1, "INBOX"))?.uids, new Map([[1, 3]]));
    assertEquals(drafts.exists, 1);
    const inbox = await client.open("INBOX");
    const before = inbox.highestModseq!;
    await inbox.store([1, 3], { add: ["\\Flagged", "$Work"] });
    assertEquals(await inbox.store(1, { remove: ["$Work"], unchangedSince: before }), [1]);
    assertEquals(await inbox.search({ keyword: "$work", flagged: true }), [1, 3]);
    await inbox.delete(1);
    assertEquals(await inbox.search({ modseq: before + 1n }), [3]);
    const listed = await client.list({ status: true });
    assertEquals(listed.map(({ name, status }) => [name, status?.messages]).sort(), [
      [name, 1],
      ["INBOX", 2],
    ]);
    await client.rename(name, "ärger/x".replace("/", listed[0]!.delimiter ?? "/"));
    await client.subscribe("INBOX");
    const mine = await client.list({ subscribed: true });
    assertEquals(mine.map(({ name, isSubscribed }) => [name, isSubscribed]), [["INBOX", true]]);
    assertEquals((await client.status("INBOX")).unseen, 1);
    await assertRejects(() => client.open("missing"), ReplyError, "missing");
    await assertRejects(() => client.append("missing", { content: big }), ReplyError, "TRYCREATE");
    await client.logout();
  },
);

Deno.test(
  { name: "Dovecot: a mailbox is watched while others change it", ignore: !ready },
  async () => {
    await using dovecot = await startDovecot();
    await using other = await connect(dovecot);
    await other.append("INBOX", { content: encode("Subject: first\n\nx\n") });
    const inbox = await other.open("INBOX");
    const ended = new AbortController();
    const clients: ImapClient[] = [];
    const seen: string[] = [];
    const changes = watchMailbox({
      connect: async () => {
        const client = await connect(dovecot, { qresync: true });
        clients.push(client);
        return client;
      },
      retryMs: 1,
      signal: ended.signal,
    });
    const steps: Record<string, () => Promise<unknown>> = {
      connected: () => other.append("INBOX", { content: encode("Subject: second\n\nx\n") }),
      "arrived second": () => inbox.store(1, { add: ["\\Flagged"] }),
      "flags 1": async () => {
        // The connection breaks, and everything happens meanwhile.
        await inbox.delete(1);
        await other.append("INBOX", { content: encode("Subject: third\n\nx\n") });
        await clients[0]![Symbol.asyncDispose]();
      },
      "arrived third": () => Promise.resolve(ended.abort()),
    };
    for await (const change of changes) {
      const text = change.kind === "arrived"
        ? `arrived ${change.message.envelope?.subject}`
        : change.kind === "flags"
        ? `flags ${change.uid}`
        : change.kind;
      if (seen.includes(text)) continue;
      seen.push(text);
      await steps[text]?.();
    }
    assertEquals(seen.filter((text) => text !== "disconnected"), [
      "connected",
      "arrived second",
      "flags 1",
      "removed",
      "arrived third",
    ]);
    await other.logout();
  },
);

Deno.test(
  { name: "Dovecot: the imap commands, over TLS, and into another account", ignore: !ready },
  () =>
    inFolder(async (folder) => {
      await using dovecot = await startDovecot();
      await using second = await startDovecot();
      await fill(dovecot, 300);
      await Deno.writeTextFile(`${folder}/ca.pem`, `${dovecot.ca}\n${second.ca}\n`);
      await Deno.writeTextFile(`${folder}/password`, `${dovecot.password}\n`);
      const common = ["--ca", `${folder}/ca.pem`, "--password-file", `${folder}/password`];
      const at = ({ imaps, user }: Dovecot) => `imaps://${user}@localhost:${imaps}`;
      const imap = async (verb: string, url: string, ...words: string[]) => {
        const { stdout, stderr } = await netwright(["imap", verb, url, ...words, ...common]);
        return stdout + stderr;
      };
      const here = at(dovecot);
      const maildir = ["--maildir", `${folder}/got`];
      assertEquals(await imap("fetch", here, ...maildir), "300 fetched, 0 known\n");
      assertEquals(
        await imap("fetch", here, "1-100", ...maildir, "--delete"),
        "0 fetched, 100 known, 100 deleted\n",
      );
      const texts = Array.from(
        Deno.readDirSync(`${folder}/got/new`),
        ({ name }) => Deno.readTextFileSync(`${folder}/got/new/${name}`),
      );
      assertEquals(texts.sort(), Array.from({ length: 300 }, (_, at) => letter(at)).sort());
      assertEquals(await imap("flag", here, "101-150", "--add", "flagged"), "50 changed\n");
      const old = `${at(second)}/${encodeURIComponent("Älter & so")}`;
      assertEquals(
        await imap("copy", here, "--flagged", "--all", "--to", old, "--create"),
        "netwright: imap copy: --all leaves no messages to name\n",
      );
      assertEquals(await imap("copy", here, "--flagged", "--to", old, "--create"), "50 copied\n");
      assertEquals(await imap("search", old, "--flagged", "--count"), "50\n");
      const texts150 = await Promise.all([here, old].map(async (url, index) => {
        const uid = index === 0 ? "150" : "50";
        return await imap("fetch", url, uid, "--to", "-");
      }));
      assertEquals(texts150[0], letter(149).replaceAll("\n", "\r\n"));
      assertEquals(texts150[1], texts150[0]);
      const moved = await imap("move", here, "151-*", "--to", "Archive", "--create");
      assertEquals(moved, "150 moved\n");
      assertEquals(await imap("rm", `${here}/Archive`, "--all"), "150 deleted\n");
      assertMatch(await imap("stats", here), /\tArchive\t0\t0\t0\n[^]*\tINBOX\t50\t50\t\d+\n/);
    }),
);
