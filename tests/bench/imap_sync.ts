/**
 * How fast `imap sync` and mbsync copy 10,000 messages of 4 KB from Dovecot into a Maildir, in messages a second, starting
 * the program counted: the first time, and when nothing has changed.
 *
 * @module
 */

import { startDovecot } from "../interop/peers/dovecot.ts";
import { run } from "../interop/peers/program.ts";
import { netwright } from "../support/netwright.ts";
import { inFolder } from "../support/trees.ts";
import { compare } from "./_measure.ts";

const COUNT = 10_000;
const BODY = `${"x".repeat(63)}\n`.repeat(64);

/** Measures and prints. */
export async function bench(): Promise<void> {
  await inFolder(async (folder) => {
    await using dovecot = await startDovecot();
    for (let at = 0; at < COUNT; at++) {
      await Deno.writeTextFile(
        `${dovecot.maildir}/new/${1_700_000_000 + at}.P1.host`,
        `From: Ann Example <ann@a.example>\nSubject: message number ${at}\n` +
          `Date: Mon, 30 Nov 2026 08:00:00 +0000\nMessage-ID: <m${at}@a.example>\n\n${BODY}`,
      );
    }
    await run("chown", ["--recursive", "mail:mail", dovecot.maildir]);
    await Deno.writeTextFile(`${folder}/secret`, `${dovecot.password}\n`);
    await Deno.writeTextFile(
      `${folder}/mbsyncrc`,
      [
        ...["IMAPAccount a", "Host 127.0.0.1", `Port ${dovecot.imap}`, `User ${dovecot.user}`],
        ...[`Pass ${dovecot.password}`, "SSLType None", "AuthMechs LOGIN", ""],
        ...["IMAPStore far", "Account a", "", "MaildirStore near", `Path ${folder}/mbsync/`],
        ...[`Inbox ${folder}/mbsync/INBOX`, "", "Channel c", "Far :far:", "Near :near:"],
        ...["Patterns INBOX", "Create Near", "Sync Pull", "SyncState *", ""],
      ].join("\n"),
    );
    const clear = async (name: string) => {
      await Deno.remove(`${folder}/${name}`, { recursive: true }).catch(() => {});
      await Deno.mkdir(`${folder}/${name}`);
    };
    const timed = async (act: () => Promise<unknown>) => {
      const begin = performance.now();
      await act();
      return COUNT / ((performance.now() - begin) / 1000);
    };
    const ours = () =>
      netwright([
        ...["imap", "sync", `imap://${dovecot.user}@127.0.0.1:${dovecot.imap}/INBOX`, "--no-tls"],
        ...["--auth", "LOGIN-COMMAND", "--password-file", `${folder}/secret`],
        ...["--maildir", `${folder}/ours`],
      ], { runMs: 120_000 });
    const mbsync = () => run("mbsync", ["--config", `${folder}/mbsyncrc`, "--all"]);
    // Dovecot indexes new messages first.
    await clear("ours");
    await ours();
    for (const isFirst of [true, false]) {
      const prepare = async (name: string) => {
        if (isFirst) await clear(name);
      };
      await compare(
        `imap sync of ${COUNT} messages, ${isFirst ? "the first time" : "unchanged"}, messages/s`,
        [
          {
            name: "imap sync",
            run: async () => {
              await prepare("ours");
              return await timed(ours);
            },
          },
          {
            name: "mbsync",
            run: async () => {
              await prepare("mbsync");
              return await timed(mbsync);
            },
          },
        ],
      );
    }
  });
}
