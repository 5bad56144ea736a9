/**
 * What must hold of both sides of NNTP, and of the files of newsreaders, for any input, cut anywhere.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import {
  type Connection,
  memoryNetwork,
  NetwrightError,
  overrideNetwork,
  UsageError,
} from "../../src/net/mod.ts";
import {
  handleNntp,
  Newsrc,
  NntpClient,
  OverviewFormat,
  Wildmat,
} from "../../src/protocols/nntp/mod.ts";
import { NumberSet } from "../../src/protocols/nntp/codec/number_set.ts";
import { formatRange, parseRange } from "../../src/protocols/nntp/codec/numbers.ts";
import { TextLines } from "../../src/protocols/wire/internal.ts";
import { MemoryNews } from "../../src/stores/mod.ts";
import { cutAt, join, latin1, source } from "../support/bytes.ts";
import type { Property } from "./properties.ts";

const HERE = { transport: "tcp", hostname: "127.0.0.1", port: 119 } as const;
const NOW = new Date("2026-11-30T12:00:00Z");
const encoder = new TextEncoder();
const utf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

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

const ARTICLE =
  "From: a@b\r\nNewsgroups: a.b\r\nSubject: x\r\nMessage-ID: <1@x>\r\n\r\none\r\n.\r\n";

/** All that the server says, and what it keeps. */
async function serverSays(pieces: readonly Uint8Array[]): Promise<unknown[]> {
  const store = new MemoryNews({ now: () => NOW });
  await store.setGroup({ name: "a.b", description: "x" });
  await store.setGroup({ name: "a.m", status: "m" });
  const connection = connectionOf([encoder.encode(`POST\r\n${ARTICLE}GROUP a.b\r\n`), ...pieces]);
  const errors: unknown[] = [];
  try {
    await handleNntp(connection, {
      store,
      users: { checkPassword: (_, password) => Promise.resolve(password === "x") },
      insecureAuth: true,
      feeding: true,
      maxArticleBytes: 2000,
      now: () => NOW,
      onError: (error) => errors.push(error),
    });
  } catch (error) {
    assert(error instanceof NetwrightError, `${(error as Error).stack}`);
  }
  assertEquals(errors, []);
  const said = latin1(join(connection.written)).replaceAll(/[0-9a-f-]{36}/g, "ID");
  const groups = await store.groups();
  // Compressed output differs with the cuts.
  return [said.split("206 ")[0], groups.map(({ count }) => said.includes("206 ") ? 0 : count)];
}

/** A server that says one of these pieces for each command, and then ends. */
function answering(pieces: readonly Uint8Array[]): Connection {
  const waiting = [...pieces];
  let [asked, rest] = [1, new Uint8Array(0)];
  let heard = Promise.withResolvers<void>();
  return {
    ...connectionOf([]),
    async read(buffer) {
      while (rest.length === 0) {
        const next = waiting[0];
        if (next === undefined) return null;
        if (asked > 0) {
          asked--;
          rest = waiting.shift()!.slice();
        } else await heard.promise;
      }
      const count = Math.min(buffer.length, rest.length);
      buffer.set(rest.subarray(0, count));
      rest = rest.slice(count);
      return count;
    },
    write(bytes) {
      asked++;
      heard.resolve();
      heard = Promise.withResolvers();
      return Promise.resolve(bytes.length);
    },
  };
}

/** What the client makes of a server that says this whatever it is asked. */
async function clientReads(pieces: readonly Uint8Array[]): Promise<void> {
  const network = overrideNetwork(memoryNetwork(), {
    connect: () => Promise.resolve(answering(pieces)),
  });
  const malformed: string[] = [];
  const results: unknown[] = [];
  try {
    await using client = await NntpClient.connect("127.0.0.1", {
      network,
      tls: "none",
      maxEntries: 50,
      // An answer may lack its end.
      timeoutMs: 20,
      onMalformed: (line) => malformed.push(line),
    });
    results.push(await client.selectGroup("a.b"));
    for await (const record of client.overview({ first: 1 })) {
      const { number, subject, author, date, references, bytes, lines, places } = record;
      results.push([number, subject, author, date, references, bytes, lines, [...places]]);
    }
    results.push(await Array.fromAsync(client.listActive()));
  } catch (error) {
    assert(error instanceof NetwrightError, `${(error as Error).stack}`);
  }
  for (const line of malformed) assert(!/[\x00-\x08\x0a-\x1f\x7f]/.test(line), line);
}

/** The properties. */
export const NNTP_PROPERTIES: readonly Property[] = [
  {
    name: "nntp-server",
    words: [
      ...[
        "\r\n",
        " ",
        "1-",
        "9-7",
        "<1@x>",
        "<2@x>",
        "a.b",
        "a.*,!a.m",
        "GROUP ",
        "LISTGROUP ",
        "NEXT\r\n",
      ],
      ...[
        "LAST\r\n",
        "STAT ",
        "HEAD ",
        "BODY ",
        "ARTICLE ",
        "OVER ",
        "HDR subject ",
        "XPAT from 1- *",
      ],
      ...[
        "LIST ",
        "NEWNEWS * ",
        "NEWGROUPS ",
        "20200101 000000",
        "POST\r\n",
        "IHAVE <2@x>\r\n",
        "CHECK ",
      ],
      ...[
        "TAKETHIS <3@x>\r\n",
        ARTICLE,
        "Control: cancel <1@x>\r\n",
        "Path: a!b\r\n",
        ".\r\n",
        "..",
        "\n",
      ],
      ...[
        "AUTHINFO USER a\r\nAUTHINFO PASS x\r\n",
        "AUTHINFO SASL PLAIN AGEAeA==\r\n",
        "CAPABILITIES\r\n",
      ],
      ...[
        "COMPRESS DEFLATE\r\n",
        "STARTTLS\r\n",
        "MODE READER\r\n",
        "QUIT\r\n",
        "\0",
        "\xff",
        "X".repeat(600),
      ],
    ],
    encoding: "latin1",
    async check(input, cuts) {
      assertEquals(await serverSays(cutAt(input, cuts)), await serverSays([input]));
    },
  },
  {
    name: "nntp-client",
    words: [
      ...[
        "200 hello\r\n",
        "101 x\r\n",
        "VERSION 2\r\n",
        "READER\r\n",
        "OVER\r\n",
        ".\r\n",
        "211 1 1 9 a.b\r\n",
      ],
      ...[
        "215 x\r\n",
        "Subject:\r\n",
        "Xref:full\r\n",
        "224 x\r\n",
        "1\tx\ta@b\tx\t<1@x>\t\t1\t1\tXref: s a.b:1\r\n",
      ],
      ...[
        "500 x\r\n",
        "423 x\r\n",
        "480 x\r\n",
        "400 x\r\n",
        "18446744073709551615",
        "-1",
        "\t",
        "a.b 2 1 y\r\n",
      ],
      ...["..", "\n", "\0", "\xff", "=?utf-8?q?", "x".repeat(300)],
    ],
    encoding: "latin1",
    async check(input, cuts) {
      const greeting = ["200 x\r\n", "101 x\r\nVERSION 2\r\nREADER\r\nOVER\r\n.\r\n"];
      const begin = greeting.map((text) => encoder.encode(text));
      await clientReads([...begin, ...cutAt(input, cuts)]);
      const group = encoder.encode("211 9 1 9 a.b\r\n");
      await clientReads([...begin, group, encoder.encode("500 x\r\n"), input]);
    },
  },
  {
    name: "nntp-overview",
    words: [
      "1",
      "\t",
      "Xref: s a.b:1",
      "<1@x>",
      "=?utf-8?q?=C3?=",
      "(",
      '"',
      "\n",
      "Thu, 1 Jan 1970",
    ],
    check(input, cuts) {
      const lines = (pieces: readonly Uint8Array[]): string[] => {
        const text = new TextLines({ encoding: "utf-8", maxLineLength: 1e9 });
        return pieces.flatMap((piece) => {
          text.add(piece);
          return text.take();
        });
      };
      const whole = lines([input]);
      assertEquals(lines(cutAt(input, cuts)), whole);
      const format = new OverviewFormat(whole);
      for (const line of [...whole, utf8(input)]) {
        const record = format.parse(line);
        if (record === undefined) continue;
        assert(Number.isSafeInteger(record.number));
        for (const id of record.references) assert(/^<[^<>\s]+>$/.test(id), id);
        assert(
          Object.values([record.subject, record.author, record.date, record.places]).length > 0,
        );
      }
    },
  },
  {
    name: "nntp-wildmat",
    words: ["*", "?", "[", "]", "!", "^", ",", "a", "ab", "-", ".", "\\"],
    check(input) {
      const [pattern = "", ...names] = utf8(input).split(".");
      let wildmat: Wildmat;
      try {
        wildmat = new Wildmat(pattern);
      } catch (error) {
        return assert(error instanceof UsageError, `${error}`);
      }
      for (const name of names) {
        const matches = wildmat.matches(name);
        if (/[[\]]/.test(pattern)) continue;
        // The same by another engine; few signs, so that it takes no time.
        if (pattern.length + name.length > 60) continue;
        const last = pattern.split(",").findLast((part) => {
          const source = part.replace(/^!/, "").replaceAll(/[.+^${}()|[\]\\/]/g, "\\$&")
            .replaceAll("*", "[^]*").replaceAll("?", "[^]");
          return new RegExp(`^${source}$`, "u").test(name);
        });
        assertEquals(matches, last !== undefined && !last.startsWith("!"), `${pattern} ${name}`);
      }
    },
  },
  {
    name: "nntp-numbers",
    words: ["1", "2", "9", "-", ",", "0", "18446744073709551615", "9007199254740991", " ", "x"],
    check(input) {
      const text = utf8(input);
      const range = parseRange(text);
      if (range !== undefined) assertEquals(parseRange(formatRange(range)), range);
      const set = NumberSet.parse(text);
      assertEquals(`${NumberSet.parse(`${set}`)}`, `${set}`);
      const numbers = new Set<number>();
      const small = new NumberSet();
      for (const [, first, last] of text.matchAll(/(\d{1,2})-?(\d{0,2})/g)) {
        const [from, to] = [Number(first), Number(last || first)];
        if (from % 3 === 0) {
          small.delete(from);
          numbers.delete(from);
          continue;
        }
        small.add(from, to);
        for (let number = from; number <= to; number++) numbers.add(number);
      }
      for (let number = 0; number < 100; number++) {
        assertEquals(small.has(number), numbers.has(number));
      }
      assertEquals(small.countWithin(0, 100), numbers.size);
    },
  },
  {
    name: "newsrc",
    words: ["a.b", ":", "!", " ", "1-3", ",", "\n", "\r\n", "options", "#", "5"],
    check(input) {
      const once = `${new Newsrc(utf8(input))}`;
      assertEquals(`${new Newsrc(once)}`, once);
    },
  },
];
