/**
 * How fast our IMAP server and Dovecot give messages of 4 KB to the same client, in messages a second: the headers of
 * 10,000 and the texts of 1,000. Both have seen the mailbox before.
 *
 * @module
 */

import { startDovecot } from "../interop/peers/dovecot.ts";
import { run } from "../interop/peers/program.ts";
import { serve } from "../support/netwright.ts";
import { inFolder } from "../support/trees.ts";
import { compare } from "./_measure.ts";

const COUNT = 10_000;
const TEXTS = 1000;
const BODY = `${"x".repeat(63)}\n`.repeat(64);
const ROOT = new URL("../../", import.meta.url).pathname;

async function fill(maildir: string): Promise<void> {
  for (let at = 0; at < COUNT; at++) {
    await Deno.writeTextFile(
      `${maildir}/new/${1_700_000_000 + at}.P1.host`,
      `From: Ann Example <ann@a.example>\nTo: Bob <bob@b.example>, Carol <carol@c.example>\n` +
        `Subject: message number ${at}\nDate: Mon, 30 Nov 2026 08:00:00 +0000\n` +
        `Message-ID: <m${at}@a.example>\n\n${BODY}`,
    );
  }
}

/** Measures and prints. */
export async function bench(): Promise<void> {
  await inFolder(async (folder) => {
    await using dovecot = await startDovecot();
    await fill(dovecot.maildir);
    await run("chown", ["--recursive", "mail:mail", dovecot.maildir]);
    for (const part of ["new", "cur", "tmp"]) {
      await Deno.mkdir(`${folder}/test/${part}`, { recursive: true });
    }
    await fill(`${folder}/test`);
    await using ours = await serve(
      ["imap", "--listen", "127.0.0.1:0", "--maildir", folder, "--any-password", "--quiet"],
    );
    const ports = { "serve imap": ours.endpoint.split(":")[1]!, "Dovecot": String(dovecot.imap) };
    const fetch = async (client: string, kind: string, port: string, count: number) =>
      Number(
        await run(Deno.execPath(), [
          ...["run", "-A", "--no-lock"],
          `--import-map=${ROOT}scripts/offline/import_map.json`,
          `${ROOT}tests/bench/imap/fetch.ts`,
          ...[client, kind, port, String(count)],
        ]),
      );
    for (const port of Object.values(ports)) await fetch("ours", "headers", port, COUNT);
    for (const client of ["ours", "imapflow"]) {
      for (const [kind, count] of [["headers", COUNT], ["texts", TEXTS]] as const) {
        const name = client === "ours" ? "ImapClient" : "imapflow";
        await compare(
          `IMAP, ${kind} of ${count} messages to ${name}, messages/s`,
          Object.entries(ports).map(([name, port]) => ({
            name,
            run: () => fetch(client, kind, port, count),
          })),
        );
      }
    }
  });
}
