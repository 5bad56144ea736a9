/**
 * What must hold of the IMAP server for any commands, cut anywhere.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type Connection, NetwrightError } from "../../src/net/mod.ts";
import { handleImap } from "../../src/protocols/imap/mod.ts";
import { MemoryMail } from "../../src/stores/mod.ts";
import { cutAt, join, latin1, source } from "../support/bytes.ts";
import type { Property } from "./properties.ts";

const HERE = { transport: "tcp", hostname: "127.0.0.1", port: 143 } as const;
const NOW = new Date("2026-11-30T12:00:00Z");
const LETTERS = [
  "From: a@b\r\nSubject: Re: x\r\nMessage-ID: <1@x>\r\n\r\none\r\n",
  "Subject: x\r\nReferences: <1@x>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nA\r\n" +
  "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nB\0\r\n--b--\r\n",
];
const encoder = new TextEncoder();

/** All that the server says to a client that is logged in and has a mailbox selected. */
async function said(pieces: readonly Uint8Array[]): Promise<string> {
  const incoming = source(
    [encoder.encode("a LOGIN ann x\r\nb SELECT INBOX\r\n"), ...pieces].filter(({ length }) =>
      length > 0
    ),
  );
  const written: Uint8Array[] = [];
  const connection: Connection = {
    localAddr: HERE,
    remoteAddr: HERE,
    read: (buffer) => incoming.read(buffer),
    write(bytes) {
      written.push(bytes.slice());
      return Promise.resolve(bytes.length);
    },
    closeWrite: () => Promise.resolve(),
    close() {},
    [Symbol.dispose]() {},
  };
  const store = new MemoryMail();
  const inbox = (await (await store.account("ann")).folder("INBOX"))!;
  await inbox.appendAll(LETTERS.map((text) => ({ text: encoder.encode(text), received: NOW })));
  const errors: unknown[] = [];
  try {
    await handleImap(connection, {
      users: { checkPassword: () => Promise.resolve(true) },
      open: (user) => store.account(user),
      insecureAuth: true,
      now: () => NOW,
      maxMessageBytes: 1000,
      maxCommandBytes: 2000,
      timeoutMs: 5000,
      onError: (error) => errors.push(error),
    });
  } catch (error) {
    assert(error instanceof NetwrightError, `${(error as Error).stack}`);
  }
  assertEquals(errors, []);
  return latin1(join(written));
}

/** The property. */
export const IMAP_SERVER_PROPERTIES: readonly Property[] = [
  {
    name: "imap-server",
    words: [
      ...["a ", "\r\n", " ", "(", ")", '"', "\\", "{3}\r\n", "{3+}\r\nabc", "{99999999999+}\r\n"],
      ...[
        "FETCH ",
        "UID FETCH ",
        "STORE ",
        "UID STORE ",
        "SEARCH ",
        "UID SEARCH ",
        "SORT ",
        "THREAD ",
      ],
      ...[
        "COPY 1 ",
        "MOVE 1 ",
        "APPEND INBOX ",
        "LIST ",
        "LSUB ",
        "STATUS ",
        "SELECT ",
        "EXAMINE ",
      ],
      ...[
        "CREATE ",
        "DELETE ",
        "RENAME ",
        "SUBSCRIBE ",
        "EXPUNGE",
        "CLOSE",
        "IDLE\r\nDONE\r\n",
        "NOOP",
      ],
      ...[
        "ENABLE ",
        "QRESYNC",
        "CONDSTORE",
        "IMAP4rev2",
        "UTF8=ACCEPT",
        "UNAUTHENTICATE",
        "ID NIL",
      ],
      ...["1:*", "2", "$", "1,2:9", "INBOX", "box", '"a/b"', '""', "*", "%", "&AMQ-", "&"],
      ...["FLAGS", "+FLAGS.SILENT (\\Seen x)", "(UNCHANGEDSINCE 2) ", "(CHANGEDSINCE 1 VANISHED)"],
      ...["BODY[]", "BODY.PEEK[2.1.HEADER.FIELDS (A)]<0.5>", "BODYSTRUCTURE", "ENVELOPE", "MODSEQ"],
      ...[
        "BINARY[1]",
        "RFC822",
        "ALL",
        "UNSEEN",
        "TEXT x",
        "OR ",
        "NOT ",
        "HEADER subject x",
        "ON ",
      ],
      ...["1-Jan-2020", '"01-Jan-2020 10:00:00 +0000"', "RETURN (SAVE COUNT)", "CHARSET UTF-8 "],
      ...["(REVERSE DATE SUBJECT) UTF-8 ", "REFERENCES UTF-8 ", "(MESSAGES UNSEEN SIZE)", "LOGOUT"],
      ...["(QRESYNC (1 2 1:9))", "RETURN (STATUS (MESSAGES))", "(SUBSCRIBED RECURSIVEMATCH) "],
    ],
    async check(input, cuts) {
      assertEquals(await said(cutAt(input, cuts)), await said([input]));
    },
  },
];
