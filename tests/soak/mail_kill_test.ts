/** Nothing is lost: a mail server that is killed at any moment has kept every message whole that it answered with 250. */

import { assertEquals } from "@std/assert";
import { parseEndpoint } from "../../src/net/mod.ts";
import { SmtpClient } from "../../src/protocols/smtp/mod.ts";
import { Maildir } from "../../src/stores/mod.ts";
import { serve } from "../support/netwright.ts";
import { inFolder } from "../support/trees.ts";

/** Clients at once. */
const WIDTH = 8;
const ROUNDS = 4;
const USERS = ["ann", "bob"];

/** A message whose text can be known again, and seen to be whole. */
function letter(name: string, lines: number): Uint8Array {
  const line = `${name} ${"x".repeat(60)}\r\n`;
  return new TextEncoder().encode(
    `Subject: ${name}\r\n\r\n${line.repeat(lines)}end of ${name}\r\n`,
  );
}

/** Sends until the server is gone; notes the messages that were answered with 250. */
async function sendUntilKilled(
  endpoint: string,
  prefix: string,
  kept: Map<string, number>,
  onKept: () => void,
): Promise<void> {
  try {
    await using client = await SmtpClient.connect(parseEndpoint(endpoint));
    for (let count = 0;; count++) {
      const name = `${prefix}-${count}`;
      const lines = 1 + count * 37 % 400;
      await client.send({
        envelope: { from: "", to: USERS.map((user) => `${user}@b.example`) },
        message: letter(name, lines),
      });
      kept.set(name, lines);
      onKept();
    }
  } catch {
    // The server was killed.
  }
}

Deno.test("messages answered with 250 are in the Maildir, whole, after a kill -9 at any moment", () =>
  inFolder(async (folder) => {
    const kept = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round++) {
      await using server = await serve(["smtp", "--listen", "127.0.0.1:0", "--maildir", folder]);
      const moment = kept.size + 20 + Math.floor(Math.random() * 150);
      let killed = false;
      await Promise.all(
        Array.from(
          { length: WIDTH },
          (_, index) =>
            sendUntilKilled(server.endpoint, `${round}-${index}`, kept, () => {
              if (kept.size < moment || killed) return;
              killed = true;
              server.child.kill("SIGKILL");
            }),
        ),
      );
      assertEquals(killed, true);
    }
    for (const user of USERS) {
      const inbox = (await (await new Maildir(folder).account(user)).folder("INBOX"))!;
      const found = new Set<string>();
      for (const { uid } of (await inbox.list()).messages) {
        let text = "";
        for await (const piece of inbox.read(uid)) text += new TextDecoder().decode(piece);
        const name = /\r\nSubject: (\S+)\r\n/.exec(text)![1]!;
        const body = text.slice(text.indexOf("Subject: "));
        const [, index] = name.split("-").map(Number);
        // Those that were cut off before their 250 may be there too; but whole.
        const lines = kept.get(name) ?? body.split("\r\n").length - 4;
        assertEquals([name, body === new TextDecoder().decode(letter(name, lines))], [name, true]);
        assertEquals(index! < WIDTH, true);
        found.add(name);
      }
      assertEquals([...kept.keys()].filter((name) => !found.has(name)), []);
    }
  }));
