/** Nothing is lost, nothing comes twice: `pop fetch` is killed at any moment. */

import { assertEquals } from "@std/assert";
import { formatEndpoint, systemNetwork } from "../../src/net/mod.ts";
import { splitMbox } from "../../src/mime/mod.ts";
import { servedPop3 } from "../protocols/pop3/served.ts";
import { netwright, startNetwright } from "../support/netwright.ts";
import { inFolder } from "../support/trees.ts";

/** Kills of each kind. */
const KILLS = 30;
/** Messages that come before each run. */
const BATCH = 40;

const TARGETS = ["maildir", "mbox", "to"] as const;

/** The names in the subjects of all messages that were delivered, each of them whole. */
async function delivered(kind: typeof TARGETS[number], path: string): Promise<string[]> {
  const texts: string[] = [];
  if (kind === "mbox") {
    for await (const { text } of splitMbox([await Deno.readFile(path)])) {
      let whole = "";
      for await (const piece of text) whole += new TextDecoder().decode(piece);
      texts.push(whole);
    }
  } else {
    const folder = kind === "maildir" ? `${path}/new` : path;
    for await (const { name } of Deno.readDir(folder)) {
      if (kind === "to" && !name.endsWith(".eml")) continue;
      texts.push((await Deno.readTextFile(`${folder}/${name}`)).replaceAll("\r\n", "\n"));
    }
  }
  return texts.map((text) => {
    const [, name] = /^Subject: (\S+)\n\n(?:x{60}\n)*end of \1\n$/.exec(text) ?? [];
    if (name === undefined) throw new Error(`not a whole message: ${JSON.stringify(text)}`);
    return name;
  });
}

for (const kind of TARGETS) {
  Deno.test(`pop fetch --${kind} killed ${KILLS} times: each message is on the server or here, and once`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/mail`;
      await using server = servedPop3([], {}, systemNetwork());
      const url = `pop3://mrose:tanstaaf@${formatEndpoint(server.endpoint)}`;
      const words = ["pop", "fetch", url, `--${kind}`, path, "--delete"];
      const sent: string[] = [];
      const refill = () => {
        for (let at = 0; at < BATCH; at++) {
          const name = `m${sent.length}`;
          sent.push(name);
          const lines = `${"x".repeat(60)}\r\n`.repeat(sent.length * 7 % 300);
          server.messages.push(`Subject: ${name}\r\n\r\n${lines}end of ${name}\r\n`);
        }
      };
      refill();
      const begun = performance.now();
      await netwright(words);
      const wholeMs = performance.now() - begun;
      for (let kill = 0; kill < KILLS; kill++) {
        if (server.messages.length < BATCH) refill();
        await using run = startNetwright(words);
        const timer = setTimeout(() => {
          try {
            run.child.kill("SIGKILL");
          } catch (error) {
            // It has ended already.
            if (!(error instanceof TypeError)) throw error;
          }
        }, Math.random() * wholeMs * 1.2);
        await run.child.status;
        clearTimeout(timer);
        const here = new Set(await delivered(kind, path));
        const there = server.messages.map((text) => /^Subject: (\S+)/.exec(text)![1]!);
        assertEquals(sent.filter((name) => !here.has(name) && !there.includes(name)), []);
      }
      const { code, stderr } = await netwright(words);
      assertEquals(code, 0, stderr);
      const found = await delivered(kind, path);
      assertEquals(found.sort(), sent.sort());
      assertEquals(server.messages, []);
    }));
}
