/** Nothing is lost: `news gateway` that is killed at any moment sends every article, and few twice. */

import { assert, assertEquals } from "@std/assert";
import { NntpClient } from "../../src/protocols/nntp/mod.ts";
import { Maildir } from "../../src/stores/mod.ts";
import { netwright, serve, startNetwright } from "../support/netwright.ts";
import { inFolder } from "../support/trees.ts";

/** `SOAK_ROUNDS` makes more of them. */
const KILLS = Number(Deno.env.get("SOAK_ROUNDS") ?? 20);
const COUNT = 200;

async function fill(endpoint: string): Promise<void> {
  await using client = await NntpClient.connect(endpoint);
  for (let at = 0; at < COUNT; at++) {
    const text = "From: ann@a.example\nNewsgroups: local.test\nMessage-ID: " +
      `<${at}@a.example>\nSubject: number ${at}\n\n${"x".repeat(2000)}\n`;
    await client.post([new TextEncoder().encode(text)]);
  }
}

/** How often each article is among texts. */
function counts(texts: readonly string[]): number[] {
  const found = new Array<number>(COUNT).fill(0);
  for (const text of texts) found[Number(/^Subject: number (\d+)\r?$/m.exec(text)![1])]!++;
  return found;
}

async function killOften(words: readonly string[]): Promise<string> {
  let said = "";
  for (let kill = 0; kill < KILLS; kill++) {
    await using run = startNetwright(words, { runMs: 60_000 });
    // To connect takes a third of a second.
    await new Promise((resolve) => setTimeout(resolve, 250 + Math.random() * 350));
    await run.stop("SIGKILL");
    said += await run.stderr;
  }
  const { code, stderr } = await netwright(words);
  assertEquals(code, 0, stderr);
  return said + stderr;
}

Deno.test("news gateway into a Maildir, killed at any moment: all articles, each once", () =>
  inFolder(async (folder) => {
    await using server = await serve(["nntp", "--listen", "127.0.0.1:0"]);
    await fill(server.endpoint);
    const url = `nntp://${server.endpoint}`;
    await killOften(["news", "gateway", url, "local.*", "--all", "--maildir", `${folder}/mail`]);
    const texts: string[] = [];
    for await (const { name } of Deno.readDir(`${folder}/mail/new`)) {
      texts.push(await Deno.readTextFile(`${folder}/mail/new/${name}`));
    }
    assertEquals(counts(texts), new Array(COUNT).fill(1));
  }));

Deno.test("news gateway by SMTP, killed at any moment: none lost, at most one sent again for each kill", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/mail`);
    await using news = await serve(["nntp", "--listen", "127.0.0.1:0"]);
    await using mail = await serve(
      [
        "smtp",
        "--listen",
        "127.0.0.1:0",
        "--maildir",
        `${folder}/mail`,
        "--message-rate",
        "Infinity",
      ],
    );
    await fill(news.endpoint);
    const said = await killOften([
      ...["news", "gateway", `nntp://${news.endpoint}`, "local.*", "--all"],
      ...[
        "--smtp",
        `smtp://${mail.endpoint}`,
        "--to",
        "ann@a.example",
        "--memory",
        `${folder}/sent`,
      ],
    ]);
    const inbox = (await (await new Maildir(`${folder}/mail`).account("ann")).folder("INBOX"))!;
    const texts: string[] = [];
    for (const { uid } of (await inbox.list()).messages) {
      texts.push(await new Response(ReadableStream.from(inbox.read(uid))).text());
    }
    const found = counts(texts);
    assertEquals(found.filter((count) => count === 0), []);
    const again = found.reduce((sum, count) => sum + count - 1, 0);
    assert(again <= KILLS, `${again} were sent again`);
    // It says which ones may come twice.
    const told = said.match(/it may have been sent by a run that was broken off/g)?.length ?? 0;
    assert(told >= again, `${again} were sent again, ${told} told`);
  }));
