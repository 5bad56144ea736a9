/** `mail` commands by themselves and in pipes with `smtp send --message`. */

import { assertEquals, assertMatch } from "@std/assert";
import { parseMessage, readableParts } from "../../../src/mime/mod.ts";
import { systemNetwork } from "../../../src/net/mod.ts";
import { netwright, serve } from "../../support/netwright.ts";
import { OddFtp } from "../../support/odd_ftp.ts";
import { inFolder } from "../../support/trees.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const ANN = ["--from", "Ann <ann@b.example>"];
const LETTER = `Return-Path: <joe@x.example>
From: Joe <joe@x.example>
To: ann@b.example, bob@c.example
Subject: Tea
Date: Sat, 28 Nov 2026 10:00:00 +0100
Message-ID: <3@x.example>
Content-Type: text/html; charset=utf-8

<p>Dear <b>Ann</b>,<p>grüne Tees? <a href="https://t.example">here</a>.
`;

Deno.test("a reply quotes HTML as text, goes to all, and has a signature", () =>
  inFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/letter.eml`, LETTER);
    Deno.writeTextFileSync(`${folder}/signature`, "Ann\n");
    const words = ["--all", "--signature", `${folder}/signature`, "--cc", "carl@c.example"];
    const { code, stdout, stderr } = await netwright(
      ["mail", "reply", `${folder}/letter.eml`, ...ANN, ...words],
      { stdin: "Yes.\n" },
    );
    assertEquals([code, stderr], [0, ""]);
    const { header, text } = parseMessage(encode(stdout));
    assertEquals(header.text("to"), "Joe <joe@x.example>");
    assertEquals(header.text("cc"), "bob@c.example, carl@c.example");
    assertEquals(
      text,
      "On Sat, 28 Nov 2026 09:00:00 UTC, Joe <joe@x.example> wrote:\r\n" +
        "> Dear Ann,\r\n>\r\n> grüne Tees? here [https://t.example].\r\n\r\n" +
        "Yes.\r\n-- \r\nAnn\r\n",
    );
  }));

Deno.test("a message is forwarded whole, as text, or sent on unchanged", async () => {
  const forward = async (...words: string[]) => {
    const line = ["mail", "forward", ...ANN, "--to", "d@e.example", ...words];
    const { code, stdout, stderr } = await netwright(line, { stdin: LETTER });
    assertEquals([code, stderr], [0, ""]);
    return stdout;
  };
  const whole = parseMessage(encode(await forward("--body", "See.")), { wholeMessages: true });
  const crlf = LETTER.replaceAll("\n", "\r\n");
  assertEquals(readableParts(whole).files.map(({ text }) => text), [crlf]);
  const asText = parseMessage(encode(await forward("--as", "text")));
  assertMatch(readableParts(asText).text!.text, /Subject: Tea\r\n[^]*\r\ngrüne Tees\? here/);
  const resent = await forward("--as", "resent");
  assertMatch(resent, /^Resent-Date: .*\r\nResent-From: Ann <ann@b\.example>\r\n/);
  assertEquals(resent.endsWith(LETTER), true);
});

Deno.test("no one is answered twice within the days, and programs never", () =>
  inFolder(async (folder) => {
    const state = `${folder}/state`;
    const answer = (stdin: string, ...words: string[]) =>
      netwright(["mail", "autoreply", ...ANN, "--body", "Away.\n", ...words], { stdin });
    const first = await answer(LETTER, "--state", state);
    assertMatch(first.stdout, /^To: joe@x\.example\r\nSubject: Auto: Tea\r$/m);
    assertMatch(first.stdout, /^Auto-Submitted: auto-replied\r$/m);
    const second = await answer(LETTER, "--state", state);
    assertEquals([second.code, second.stdout], [0, ""]);
    assertEquals(second.stderr, "no answer: joe@x.example had one within 7 days\n");
    const list = await answer(`List-Id: <l.x>\n${LETTER}`, "--state", state);
    assertEquals(list.stderr, "no answer: it came by a mailing list (List-Id)\n");
    const bounce = await answer(LETTER, "--sender", "<>", "--quiet");
    assertEquals([bounce.code, bounce.stdout, bounce.stderr], [0, "", ""]);
  }));

Deno.test("smtp send sends a message that is ready, by the envelope that it names", () =>
  inFolder(async (folder) => {
    await using server = await serve(["smtp", "--listen", "127.0.0.1:0", "--maildir", folder]);
    const send = (stdin: string, ...words: string[]) =>
      netwright(["smtp", "send", `smtp://${server.endpoint}`, "-m", "-", ...words], { stdin });
    // As a program gets it in a pipe, with the line of an mbox before it.
    const mbox = "From joe@x.example Sat Nov 28 10:00:00 2026\n";
    const sent = await send(`${mbox}Bcc: dora@c.example,\n  eve@c.example\n${LETTER}`);
    assertEquals([sent.code, sent.stdout], [0, ""]);
    assertMatch(sent.stderr, /^ann@b\.example: sent .*\nbob@c.*\ndora@c.*\neve@c\.example: sent /);
    const [file] = [...Deno.readDirSync(`${folder}/dora/new`)];
    const kept = Deno.readTextFileSync(`${folder}/dora/new/${file!.name}`);
    assertEquals(/^Bcc|eve@c|joe@x\.example>\r\nReturn-Path/m.test(kept), false);
    assertMatch(kept, /^Return-Path: <joe@x\.example>\r\n/);
    assertEquals(
      kept.endsWith(LETTER.slice(LETTER.indexOf("From")).replaceAll("\n", "\r\n")),
      true,
    );

    const auto = await netwright(["mail", "autoreply", ...ANN, "--body", "Away."], {
      stdin: LETTER,
    });
    const answered = await send(auto.stdout, "--wire", "--quiet");
    assertMatch(answered.stderr, /^C: MAIL FROM:<> [^]*\nC: RCPT TO:<joe@x\.example>\n/m);

    const utf8 = await send(`X-Name: Jörg\n${LETTER}`, "--wire", "--quiet");
    assertMatch(utf8.stderr, /^C: MAIL FROM:<joe@x\.example> [^\n]*SMTPUTF8/m);

    const none = await send("");
    assertEquals([none.code, none.stderr], [0, "no message: nothing was sent\n"]);
    const wrong: [stdin: string, words: string[], error: RegExp][] = [
      ["junk\n", [], /--message requires a message with a header\n$/],
      ["Subject: x\n\n", [], /--sender is missing, and the message does not say it\n$/],
      ["From: a@b.c\n\n", [], /--to is missing, and the message does not say it\n$/],
      [LETTER, ["--subject", "x"], /--subject makes a message, and --message has one\n$/],
    ];
    for (const [stdin, words, error] of wrong) {
      const { code, stdout, stderr } = await send(stdin, ...words);
      assertEquals([code, stdout], [2, ""]);
      assertMatch(stderr, error);
    }
  }));

Deno.test("mail recent attaches new files up to its limits", () =>
  inFolder(async (folder) => {
    for (const [name, size] of [["a.txt", 1000], ["b.png", 3000]] as const) {
      Deno.writeFileSync(`${folder}/${name}`, new Uint8Array(size));
    }
    Deno.writeTextFileSync(`${folder}/old.txt`, "old");
    const old = Date.now() / 1000 - 3 * 86_400;
    Deno.utimeSync(`${folder}/old.txt`, old, old);
    await using server = await serve(["ftp", "--listen", "127.0.0.1:0", "--root", folder]);
    const recent = (...words: string[]) =>
      netwright(["mail", "recent", `ftp://${server.endpoint}/`, ...ANN, "--to", "b@c.d", ...words]);
    const few = await recent("--max-total", "2000", "--body", "New today:");
    assertEquals([few.code, few.stderr], [0, ""]);
    const { text, files } = readableParts(parseMessage(encode(few.stdout)));
    assertMatch(text!.text, /^New today:\r\n\r\n/);
    assertMatch(text!.text, /^[-\d]+ [\d:]+ {8}3000 {2}b\.png {2}\(not attached\)\r?$/m);
    assertEquals(text!.text.includes("old.txt"), false);
    assertEquals(files.map(({ header }) => header.fileName), ["a.txt"]);
    const all = await recent("--newer-than", "7d");
    assertEquals(readableParts(parseMessage(encode(all.stdout))).files.length, 3);
    const none = await recent("--include", "*.zip");
    assertEquals([none.code, none.stdout, none.stderr], [0, "", "no message: nothing is new\n"]);
  }));

Deno.test("mail reply leaves out malformed addresses, and joins none", async () => {
  const header = "From: Joe <joe@x.example>\nTo: ann@a.b, broken@, Eve <e@v.l x>\nCc: f@g.h.\n";
  const all = await netwright(["mail", "reply", "--from", "me@a.b", "--all", "--body", "Yes"], {
    stdin: `${header}Subject: a\n\nhi\n`,
  });
  assertEquals(all.code, 0, all.stderr);
  assertMatch(all.stdout, /\nTo: Joe <joe@x\.example>\r\nCc: ann@a\.b, Eve <e@v\.l>\r\n/);
  assertMatch(all.stderr, /^left out: .*broken@.*: no address\n.*f@g\.h\..*: no address\n$/s);
  const one = await netwright(["mail", "reply", "--from", "me@a.b", "--body", "Yes"], {
    stdin: "From: e@v.l\rX-Evil: 1\nSubject: a\n\nhi\n",
  });
  assertEquals([one.code, /v\.lX/.test(one.stdout)], [0, false], one.stderr);
});

Deno.test("mail recent sends the other files if the server refuses one, with status 4", async () => {
  using server = new OddFtp({ bad: "secret", good: "content" }, {
    RETR: async (session, path) => {
      if (path.endsWith("bad")) return "550 Permission denied.";
      await session.send("content");
    },
  }, systemNetwork());
  const { hostname, port } = server.endpoint;
  const url = `ftp://${hostname}:${port}/`;
  const words = ["--from", "a@b.c", "--to", "d@e.f", "--newer-than", "5000d"];
  const ended = await netwright(["mail", "recent", url, ...words]);
  assertEquals(ended.code, 4, ended.stderr);
  assertMatch(ended.stderr, /mail recent: bad: 550 Permission denied\.\n$/);
  assertMatch(ended.stdout, / bad {2}\(not attached: 550 Permission denied\.\)/);
  assertMatch(ended.stdout, /filename="?good"?/);
});
