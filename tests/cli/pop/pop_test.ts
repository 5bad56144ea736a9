import { assertEquals, assertMatch } from "@std/assert";
import { formatEndpoint, systemNetwork } from "../../../src/net/mod.ts";
import { type ServedPop3, servedPop3 } from "../../protocols/pop3/served.ts";
import { netwright } from "../../support/netwright.ts";
import { inFolder } from "../../support/trees.ts";

const MESSAGES = [
  "From: =?utf-8?q?J=C3=BCrgen?= <j@x.example>\r\nDate: Mon, 30 Nov 2026 05:12:00 +0100\r\n" +
  "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\n.one\r\n",
  "Subject: \x1b[2Jtwo\u202e\tx\r\n\r\ntwo\r\n",
  "Subject: three\r\n\r\nFrom here\r\n",
];

/** Runs with a mailbox on loopback. */
async function withMailbox(
  texts: readonly string[],
  act: (url: string, server: ServedPop3) => Promise<void>,
  options: Parameters<typeof servedPop3>[1] = {},
): Promise<void> {
  await using server = servedPop3([...texts], options, systemNetwork());
  await act(`pop3://mrose:tanstaaf@${formatEndpoint(server.endpoint)}`, server);
}

const names = (path: string) => Array.from(Deno.readDirSync(path), ({ name }) => name).sort();

Deno.test("pop stats counts, of several mailboxes those that it can", () =>
  withMailbox(MESSAGES, async (url) => {
    const bytes = new TextEncoder().encode(MESSAGES.join("")).length;
    const mailbox = url.replace("pop3://", "").replace(":tanstaaf", "");
    const { code, stdout, stderr } = await netwright([
      "pop",
      "stats",
      url,
      url.replace("tanstaaf", "x"),
    ]);
    assertEquals([code, stdout], [4, `${mailbox}\t3\t${bytes}\n`]);
    assertMatch(
      stderr,
      /^netwright: pop stats: 127\.0\.0\.1:\d+: -ERR \[AUTH\] authentication failed\n$/,
    );
    const json = await netwright(["pop", "stats", "--json", url]);
    assertEquals(JSON.parse(json.stdout), { mailbox, messages: 3, bytes });
  }));

Deno.test("pop ls shows headers, a row of cells for each message whatever it holds", () =>
  withMailbox(MESSAGES, async (url) => {
    const { stdout } = await netwright(["pop", "ls", url]);
    const lines = stdout.split("\n");
    assertEquals(lines[0], "1\t130\t2026-11-30 04:12\tJürgen <j@x.example>\tGrüße");
    assertMatch(lines[1]!, /^2\t\d+\t\t\t\[2Jtwo.*\\x09x$/);
    assertEquals(stdout.includes("\x1b"), false, JSON.stringify(stdout));
    const some = await netwright(["pop", "ls", "--json", url, "1", "3-9"]);
    assertEquals(some.stdout.trim().split("\n").map((line) => JSON.parse(line).subject), [
      "Grüße",
      "three",
    ]);
    const { stdout: uids } = await netwright(["pop", "ls", "--uids", url, "3"]);
    assertMatch(uids, /^3\t\d+\tu-\d+-\S+\n$/);
  }));

Deno.test("pop rm deletes all named messages, or none", () =>
  withMailbox(MESSAGES, async (url, { messages }) => {
    const missing = await netwright(["pop", "rm", url, "1", "4"]);
    assertEquals([missing.code, messages.length], [1, 3]);
    assertMatch(missing.stderr, /: message 4 does not exist\n$/);
    const unknown = await netwright(["pop", "rm", url, "--uid", "x"]);
    assertMatch(unknown.stderr, /: message x does not exist\n$/);
    const dry = await netwright(["pop", "rm", url, "--all", "--dry-run"]);
    assertEquals([dry.stdout.split("\n").length, messages.length], [4, 3]);
    const { stdout } = await netwright(["pop", "ls", "--uids", url, "2"]);
    const gone = await netwright(["pop", "rm", url, "3", "--uid", stdout.trim().split("\t")[2]!]);
    assertEquals([gone.code, gone.stderr, messages], [0, "2 deleted\n", [MESSAGES[0]]]);
  }));

Deno.test("pop commands refuse what makes no sense", async (t) => {
  const url = "pop3://ann:x@127.0.0.1:1";
  for (
    const [words, message] of [
      [["ls", url, "0"], '"0" is not a message number'],
      [["ls", url, "5-3"], '"5-3" is not a message number'],
      [["ls", "pop3://ann@h/INBOX"], "a POP3 URL has no path"],
      [["ls", "imap://ann@h"], "the scheme"],
      [["ls", "127.0.0.1:1"], "requires a user"],
      [["stats", "pop3s://ann:x@h", "--no-tls"], "--no-tls contradicts pop3s://"],
      [["rm", url], "name messages, or give --all"],
      [["rm", url, "1", "--all"], "--all leaves no messages to name"],
      [["fetch", url, "--maildir", "m", "--mbox", "b"], "--maildir and --mbox exclude each other"],
      [["fetch", url, "--to", "-"], "--to - and one NUMBER go together"],
      [["fetch", url, "1", "--to", "x"], "--to - and one NUMBER go together"],
      [["fetch", url, "1", "--to", "-", "--json"], "prints the message itself, not JSON"],
      [["fetch", url, "--delete"], "--delete requires --maildir, --mbox or --to DIR"],
      [["fetch", url, "--to", "x", "--viewer", "y"], "--viewer is for reading at the terminal"],
      [["fetch", url, "--viewer", "y"], "--viewer requires a program, and --attachments"],
      [["fetch", url, "--to", "x", "--delete-after", "soon"], "--delete-after takes an age"],
      [["fetch", url, "--to", "x", "--delete", "--delete-after", "1d"], "exclude each other"],
      [["fetch", url, "--to", "x", "--limit", "0"], "--limit takes a whole number, 1 or more"],
    ] as const
  ) {
    await t.step(words.join(" "), async () => {
      const { code, stdout, stderr } = await netwright(["pop", ...words]);
      assertEquals([code, stdout, stderr.includes(message)], [2, "", true], stderr);
      assertEquals(stderr.split("\n").length, 2, stderr);
    });
  }
});

for (const kind of ["maildir", "mbox", "to"]) {
  Deno.test(`pop fetch --${kind} fetches each message once, and deletes the fetched ones`, () =>
    withMailbox(MESSAGES, (url, { messages }) =>
      inFolder(async (folder) => {
        const path = `${folder}/mail`;
        const run = async (...more: string[]) => {
          const { code, stderr } = await netwright([
            "pop",
            "fetch",
            url,
            `--${kind}`,
            path,
            ...more,
          ]);
          return [code, stderr];
        };
        assertEquals(await run("--limit", "1"), [0, "1 fetched, 0 known\n"]);
        assertEquals(await run("--max-size", "40", "--delete-after", "1d"), [
          0,
          "2 fetched, 1 known, 0 deleted\n",
        ]);
        const fourth = `Subject: 4\r\n\r\n${"x".repeat(1000)}\r\n`;
        messages.push(fourth);
        const [code, stderr] = await run("--max-size", "500", "--delete");
        assertEquals(code, 4);
        assertMatch(
          `${stderr}`,
          /^netwright: pop fetch: message 4: it is larger than 500 bytes\n0 fetched, 3 known, 3 deleted\n$/,
        );
        assertEquals(messages, [fourth]);
        // Who reads the mailbox may delete it there.
        if (kind === "maildir") {
          for (const name of names(`${path}/new`)) await Deno.remove(`${path}/new/${name}`);
        }
        assertEquals(await run("--delete"), [0, "1 fetched, 0 known, 1 deleted\n"]);
        assertEquals(messages, []);
        const files = kind === "to" ? names(path).filter((name) => name.endsWith(".eml")) : [];
        assertEquals(files.length, kind === "to" ? 4 : 0);
        if (kind === "mbox") {
          const text = await Deno.readTextFile(path);
          assertEquals(text.match(/^From /gm)?.length, 4);
          assertMatch(text, /\n>From here\n\nFrom MAILER-DAEMON .*\nSubject: 4\n/);
        }
      })));
}

Deno.test("pop fetch deletes nothing that it has not fetched, however a server names messages", async (t) => {
  const texts = ["Subject: a\r\n\r\nGOOD\r\n", "Subject: a\r\n\r\nFAIL\r\n"];
  const boxOf = (uids: readonly string[], left: string[]): Parameters<typeof servedPop3>[1] => ({
    open: () =>
      Promise.resolve({
        messages: uids.map((uid, at) => ({ sizeBytes: texts[at]!.length, uid })),
        async *read(index: number) {
          yield new TextEncoder().encode(texts[index]!);
        },
        delete(indexes: readonly number[]) {
          for (const index of indexes) left.splice(left.indexOf(texts[index]!), 1);
          return Promise.resolve();
        },
        close() {},
      }),
  });
  await t.step("one identifier for two messages", () =>
    inFolder(async (folder) => {
      const left = [...texts];
      await using server = servedPop3([], boxOf(["same", "same"], left), systemNetwork());
      const url = `pop3://mrose:tanstaaf@${formatEndpoint(server.endpoint)}`;
      const { stderr } = await netwright(["pop", "fetch", url, "--maildir", folder, "--delete"]);
      assertEquals([stderr, left], ["2 fetched, 0 known, 2 deleted\n", []]);
      const found = names(`${folder}/new`).map((name) =>
        Deno.readTextFileSync(`${folder}/new/${name}`)
      );
      assertEquals(found.sort(), texts.map((text) => text.replaceAll("\r\n", "\n")).sort());
    }));
});

Deno.test("pop commands report missing messages, and a viewer that cannot run ends no session", () =>
  withMailbox([HTML, ...MESSAGES], (url) =>
    inFolder(async (folder) => {
      const missing = await netwright(["pop", "ls", url, "9"]);
      assertEquals([missing.code, missing.stdout], [1, ""]);
      assertMatch(missing.stderr, /: message 9 does not exist\n$/);
      const { code, stdout, stderr } = await netwright(
        ["pop", "fetch", url, "--attachments", folder, "--viewer", "/nonexistent/viewer"],
        { stdin: "v 1 2\n3\nx\n" },
      );
      assertEquals(code, 4);
      assertMatch(stderr, /^netwright: pop fetch: \/nonexistent\/viewer: [^\n]+\n$/);
      assertMatch(stdout, /\nmessage 3\n/);
    })));

Deno.test("pop fetch --json names the files, and --to - prints one message", () =>
  withMailbox(MESSAGES, (url) =>
    inFolder(async (folder) => {
      const { stdout, stderr } = await netwright([
        "pop",
        "fetch",
        url,
        "--to",
        folder,
        "--json",
        "-q",
      ]);
      const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
      assertEquals([lines.map(({ number }) => number), stderr], [[1, 2, 3], ""]);
      assertEquals(await Deno.readTextFile(lines[2].file), MESSAGES[2]);
      const printed = await netwright(["pop", "fetch", url, "2", "--to", "-"]);
      assertEquals(printed.stdout, MESSAGES[1]);
      const missing = await netwright(["pop", "fetch", url, "9", "--to", "-"]);
      assertEquals([missing.code, missing.stdout], [1, ""]);
    })));

const HTML = "From: bob@b.example\r\nSubject: files\r\nMIME-Version: 1.0\r\n" +
  "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n" +
  "<p>Tea at <b>four</b>?<script>alert(1)</script></p>\r\n" +
  "--b\r\nContent-Disposition: attachment; filename=../../x.txt\r\n\r\none\r\n" +
  "--b\r\nContent-Disposition: attachment; filename=-rf\r\n\r\ntwo\r\n--b--\r\n";

Deno.test("pop fetch reads at a prompt, saves attachments, and deletes at q only", () =>
  withMailbox(
    [HTML, "Subject: two\r\n\r\ntwo\r\n"],
    (url, { messages }) =>
      inFolder(async (folder) => {
        const run = (stdin: string, ...more: string[]) =>
          netwright(["pop", "fetch", url, ...more], { stdin });
        const read = await run("\n\n\nd 1\nl\nnonsense\n", "--attachments", `${folder}/a`);
        assertEquals([read.code, messages.length], [4, 2]);
        assertMatch(
          read.stdout,
          /\nSubject: files\n\nTea at four\?\n\[1\] x\.txt \(text\/plain\)\n\[2\] _-rf \(text\/plain\)\n/,
        );
        assertMatch(read.stdout, /\nno more messages\n1\tD\t\d+\t\t\t\n2\t\t/);
        assertEquals(
          read.stderr,
          'netwright: pop fetch: "nonsense" is not a command; h lists them\n',
        );
        const saved = await run(
          "s 1\ns 1\nv 1\nv 1 2\nx\n",
          "--attachments",
          `${folder}/a`,
          "--viewer",
          "cat -v",
        );
        assertEquals(names(`${folder}/a`), ["_-rf", "_-rf-2", "_-rf-3", "x-2.txt", "x.txt"]);
        assertMatch(saved.stdout, /\ntwo$/m);
        assertMatch(saved.stderr, /name one of 2 attachments\n$/);
        const without = await run("s 1\nv 1\nx\n");
        assertMatch(without.stderr, /with --attachments DIR only\n.*with --viewer PROGRAM only\n$/);
        const deleted = await run("d 2\nu\nd 1\nq\n");
        assertEquals([deleted.code, deleted.stderr, messages.length], [0, "1 deleted\n", 1]);
      }),
  ));

Deno.test("pop fetch continues where the connection broke, and deletes fetched messages only", () =>
  inFolder(async (folder) => {
    const texts = Array.from(
      { length: 40 },
      (_, at) => `Subject: ${at}\r\n\r\n${"x".repeat(at * 50)}\r\n`,
    );
    let reads = 0;
    const breaking = { isBroken: true };
    await using server = servedPop3(texts, {
      open: () =>
        Promise.resolve({
          messages: texts.map((text, at) => ({ sizeBytes: text.length, uid: `${at}` })),
          async *read(index: number) {
            yield new TextEncoder().encode(texts[index]!.slice(0, 20));
            if (breaking.isBroken && ++reads % 15 === 0) await Promise.reject(new Error("broken"));
            yield new TextEncoder().encode(texts[index]!.slice(20));
          },
          delete: (indexes: readonly number[]) => {
            assertEquals(indexes.length, 40);
            return Promise.resolve();
          },
          close() {},
        }),
    }, systemNetwork());
    const url = `pop3://mrose:tanstaaf@${formatEndpoint(server.endpoint)}`;
    const run = () => netwright(["pop", "fetch", url, "--maildir", folder, "--delete"]);
    for (const expected of [14, 28]) {
      const { code, stderr } = await run();
      assertEquals(code, 1, stderr);
      assertEquals(names(`${folder}/new`).length, expected);
    }
    breaking.isBroken = false;
    assertEquals((await run()).stderr, "12 fetched, 28 known, 40 deleted\n");
    assertEquals([names(`${folder}/new`).length, names(`${folder}/tmp`)], [40, []]);
  }));
