/**
 * What must hold of the IMAP client for any responses, cut anywhere.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import {
  type Connection,
  LineReader,
  memoryNetwork,
  type Network,
  NetwrightError,
  overrideNetwork,
} from "../../src/net/mod.ts";
import { ImapClient } from "../../src/protocols/imap/mod.ts";
import { readResponse } from "../../src/protocols/imap/codec/response.ts";
import { ResponseReader } from "../../src/protocols/imap/codec/response_reader.ts";
import { Secret } from "../../src/protocols/wire/mod.ts";
import { cutAt, source } from "../support/bytes.ts";
import type { Property } from "./properties.ts";

const HERE = { transport: "tcp", hostname: "127.0.0.1", port: 143 } as const;
const MAX_BYTES = 5000;

/** Responses, as values, and the error at the end. */
async function responsesOf(pieces: readonly Uint8Array[]): Promise<unknown[]> {
  const reader = new LineReader(source(pieces.filter(({ length }) => length > 0)), {
    maxLineBytes: MAX_BYTES + 2,
  });
  const responses = new ResponseReader(reader, { maxResponseBytes: MAX_BYTES, peer: "x" });
  const found: unknown[] = [];
  try {
    while (true) {
      const parts = responses.take();
      if (parts !== undefined) found.push(readResponse(parts));
      else if (!await reader.fill()) return found;
    }
  } catch (error) {
    assert(error instanceof NetwrightError, `${error}`);
    return [...found, error.message];
  }
}

/** A connection whose peer says a piece after the other, each when the client has had time to act. */
function connectionOf(pieces: readonly Uint8Array[]): Connection {
  const incoming = source(pieces.filter(({ length }) => length > 0));
  return {
    localAddr: HERE,
    remoteAddr: HERE,
    async read(buffer) {
      for (let ticks = 0; ticks < 20; ticks++) await Promise.resolve();
      return await incoming.read(buffer);
    },
    write: (bytes) => Promise.resolve(bytes.length),
    closeWrite: () => Promise.resolve(),
    close() {},
    [Symbol.dispose]() {},
  };
}

/** Uses the client; all that it throws must be its own. */
async function useClient(pieces: readonly Uint8Array[]): Promise<void> {
  const network: Network = overrideNetwork(memoryNetwork(), {
    connect: () => Promise.resolve(connectionOf(pieces)),
  });
  const attempt = async (run: () => Promise<unknown>): Promise<void> => {
    try {
      await run();
    } catch (error) {
      assert(error instanceof NetwrightError, `${(error as Error).stack}`);
    }
  };
  await attempt(async () => {
    await using client = await ImapClient.connect(HERE, {
      network,
      credentials: { user: "ann", password: new Secret("x") },
      qresync: true,
      maxResponseBytes: MAX_BYTES,
      timeoutMs: 5000,
    });
    await attempt(() => client.list({ status: true }));
    await attempt(async () => {
      const inbox = await client.open("INBOX");
      inbox.onChange = () => {};
      await Promise.all([
        attempt(() => inbox.search({ seen: true })),
        attempt(() => Array.fromAsync(inbox.fetch("1:*", { flags: true, structure: true }))),
        attempt(() => Array.fromAsync(inbox.download(1))),
        attempt(() => inbox.thread()),
        attempt(() => inbox.move(1, "x")),
        attempt(() => inbox.idle({ waitMs: 1 })),
      ]);
    });
    await attempt(() => client.logout());
  });
}

/** The properties. */
export const IMAP_PROPERTIES: readonly Property[] = [
  {
    name: "imap-responses",
    words: [
      ...["* ", "A1 OK ", "+ ", "\r\n", "{3}\r\n", "{99999999999}\r\n", "~{1+}\r\n", "NIL", " "],
      ...["(", ")", "[", "]", "<0>", '"', "\\", "\0", "FETCH ", "UID 7 ", "FLAGS (\\Seen) "],
      ...["BODY[HEADER.FIELDS (A)]", "ENVELOPE ", "BODYSTRUCTURE ", "LIST ", "STATUS ", "ESEARCH "],
      ...["SEARCH 1 2", "VANISHED 1:3", "MODSEQ (9)", "THREAD (1 2)", "OK [UIDNEXT 3] "],
      ...['("text" "plain" NIL NIL NIL "7bit" 1 1)', "INTERNALDATE ", "1:5", "1 EXISTS"],
    ],
    async check(input, cuts) {
      assertEquals(await responsesOf(cutAt(input, cuts)), await responsesOf([input]));
    },
  },
  {
    name: "imap-client",
    words: [
      ...["* OK [CAPABILITY IMAP4rev1 IDLE ESEARCH MOVE ENABLE QRESYNC] hi\r\n", "* BYE\r\n"],
      ...["A1 OK\r\n", "A2 OK\r\n", "A3 OK\r\n", "A4 OK [READ-WRITE]\r\n", "A5 OK\r\n"],
      ...["A6 OK\r\n", "A7 NO x\r\n", "A8 BAD\r\n", "A9 OK\r\n", "+ idling\r\n", "* 3 EXISTS\r\n"],
      ...["* CAPABILITY IMAP4rev1\r\n", "* ENABLED QRESYNC\r\n", "* LIST () NIL x\r\n"],
      ...["* 1 FETCH (UID 1 FLAGS ())\r\n", "* 1 FETCH (UID 1 BODY[]<0> {2}\r\nab)\r\n"],
      ...["* 2 EXPUNGE\r\n", "* VANISHED 1\r\n", "* SEARCH 1\r\n", "* OK [UIDVALIDITY 9]\r\n"],
      ...["* THREAD (1)\r\n", "* PREAUTH hi\r\n", "\r\n", "* STATUS x (MESSAGES 1)\r\n"],
    ],
    async check(input, cuts) {
      await useClient([input]);
      await useClient(cutAt(input, cuts));
    },
  },
];
