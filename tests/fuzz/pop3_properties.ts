/**
 * What must hold of both sides of POP3, and of mailbox files, for any input, cut anywhere.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import {
  type Connection,
  memoryNetwork,
  type Network,
  NetwrightError,
  overrideNetwork,
} from "../../src/net/mod.ts";
import { handlePop3, Pop3Client } from "../../src/protocols/pop3/mod.ts";
import { topOf } from "../../src/protocols/pop3/server/top.ts";
import { DotDecoder, StoredTextEncoder } from "../../src/protocols/wire/internal.ts";
import { Secret } from "../../src/protocols/wire/mod.ts";
import { LfDecoder } from "../../src/stores/delivery/lf_decoder.ts";
import { cutAt, join, latin1, source } from "../support/bytes.ts";
import type { Property } from "./properties.ts";

const HERE = { transport: "tcp", hostname: "127.0.0.1", port: 110 } as const;

/** A connection whose peer says these pieces, and then nothing more. */
function connectionOf(
  pieces: readonly Uint8Array[],
): Connection & { readonly written: Uint8Array[] } {
  const incoming = source(pieces.filter(({ length }) => length > 0));
  const written: Uint8Array[] = [];
  return {
    localAddr: HERE,
    remoteAddr: HERE,
    written,
    read: (buffer) => incoming.read(buffer),
    write(bytes) {
      written.push(bytes.slice());
      return Promise.resolve(bytes.length);
    },
    closeWrite: () => Promise.resolve(),
    close() {},
    [Symbol.dispose]() {},
  };
}

const MESSAGES = ["Subject: 1\r\n\r\n.one\r\n", "two"];

/** All that the server says, and the messages that are left. */
async function serverSays(pieces: readonly Uint8Array[]): Promise<unknown[]> {
  const connection = connectionOf(pieces);
  const deleted: number[] = [];
  const errors: unknown[] = [];
  await handlePop3(connection, {
    // Without a timestamp of chance for APOP.
    users: { checkPassword: (_, password) => Promise.resolve(password === "x") },
    insecureAuth: true,
    open: () =>
      Promise.resolve({
        messages: MESSAGES.map((text, at) => ({ sizeBytes: text.length, uid: `${at}` })),
        async *read(index: number) {
          yield new TextEncoder().encode(MESSAGES[index]!);
        },
        delete(indexes: readonly number[]) {
          deleted.push(...indexes);
          return Promise.resolve();
        },
        close() {},
      }),
    onError: (error) => errors.push(error),
  });
  return [latin1(join(connection.written)), deleted, errors];
}

/** Results of the client: values or an error. */
async function clientReads(pieces: readonly Uint8Array[]): Promise<unknown[]> {
  const network: Network = overrideNetwork(memoryNetwork(), {
    connect: () => Promise.resolve(connectionOf(pieces)),
  });
  const results: unknown[] = [];
  try {
    await using client = await Pop3Client.connect(HERE, {
      network,
      credentials: { user: "ann", password: new Secret("x") },
      mechanism: "USER",
      maxMessages: 10,
      maxMessageBytes: 1000,
    });
    results.push([...client.capabilities]);
    results.push(await client.stat(), await client.list(), await client.uidl());
    for await (const { number, text, refusal } of client.retrieveAll([1, 2])) {
      const all: Uint8Array[] = [];
      for await (const piece of text) all.push(piece);
      results.push(number, latin1(join(all)), refusal?.reason);
    }
    await client.quit();
  } catch (error) {
    assert(error instanceof NetwrightError, `${error}`);
    // A text that broke off may have been read in part.
    results.push(error.name);
  }
  return results;
}

/** The properties. */
export const POP3_PROPERTIES: readonly Property[] = [
  {
    name: "pop3-server",
    words: [
      ...[
        "USER ann\r\nPASS x\r\n",
        "STAT\r\n",
        "LIST",
        "UIDL",
        "RETR 1\r\n",
        "TOP 1 1\r\n",
        "DELE 1\r\n",
      ],
      ...[
        "RSET\r\n",
        "QUIT\r\n",
        "CAPA\r\n",
        "AUTH PLAIN\r\n",
        "AGFubgB4\r\n",
        "*",
        "LANG",
        " ",
        "2",
        "\r\n",
        "\n",
        "\0",
      ],
    ],
    async check(input, cuts) {
      const whole = await serverSays([input]);
      assertEquals(await serverSays(cutAt(input, cuts)), whole);
    },
  },
  {
    name: "pop3-client",
    words: [
      ...[
        "+OK\r\n",
        "+OK 2 320\r\n",
        "-ERR\r\n",
        ".\r\n",
        "1 120\r\n",
        "2 200\r\n",
        "1 abc\r\n",
        "2 x y\r\n",
      ],
      ...[
        "+OK\r\nTOP\r\nPIPELINING\r\n.\r\n",
        "+ ",
        "..x\r\n",
        "\r\n",
        "text\r\n",
        "\0",
        "+OK hi\r\n+OK\r\n.\r\n+OK\r\n+OK\r\n",
      ],
    ],
    async check(input, cuts) {
      const whole = await clientReads([input]);
      const cut = await clientReads(cutAt(input, cuts));
      // A reply that is here before its command is an error; when it comes depends on the cuts.
      if ([whole, cut].some((results) => results.includes("ProtocolError"))) return;
      assertEquals(cut, whole);
    },
  },
  {
    name: "pop3-top",
    words: ["\r\n", "\n", "\r", "\r\n\r\n", "a: b\r\n", "x", ""],
    async check(input, cuts) {
      for (const lines of [0, 2]) {
        const top = async (pieces: readonly Uint8Array[]) => {
          const all: Uint8Array[] = [];
          for await (const piece of topOf(ReadableStream.from(pieces), lines)) {
            all.push(piece.slice());
          }
          return latin1(join(all));
        };
        const whole = await top([input]);
        assertEquals(await top(cutAt(input, cuts)), whole);
        assert(latin1(input).startsWith(whole), "the beginning of another message");
      }
    },
  },
  {
    name: "stored-text",
    words: ["\r\n", "\n", "\r", ".", "..", "\r\n.", "\n.\r", "x"],
    check(input, cuts) {
      const encode = (pieces: readonly Uint8Array[]) => {
        const encoder = new StoredTextEncoder();
        return join([...pieces.map((piece) => encoder.encode(piece).slice()), encoder.end()]);
      };
      const whole = encode([input]);
      assertEquals(encode(cutAt(input, cuts)), whole);
      const { bytes, consumed, done } = new DotDecoder().decode(whole);
      const text = latin1(input).replaceAll(/(?<!\r)\n/g, "\r\n");
      const end = text === "" || text.endsWith("\n") ? "" : "\r\n";
      assertEquals([latin1(bytes), consumed, done], [text + end, whole.length, true]);
    },
  },
  {
    name: "lf-decoder",
    words: ["\r\n", "\n", "\r", "x"],
    check(input, cuts) {
      const decode = (pieces: readonly Uint8Array[]) => {
        const decoder = new LfDecoder();
        return latin1(
          join([...pieces.map((piece) => decoder.decode(piece).slice()), decoder.end()]),
        );
      };
      assertEquals(decode(cutAt(input, cuts)), latin1(input).replaceAll("\r\n", "\n"));
    },
  },
];
