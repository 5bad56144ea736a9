/**
 * What must hold of each parser and framer for any input, cut anywhere. A property throws if it does not.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { parseTarget } from "../../src/net/internal.ts";
import {
  asHost,
  asKeyword,
  escapeControls,
  escapeForDisplay,
  formatEndpoint,
  formatIp,
  type LineEnding,
  LineReader,
  NetwrightError,
  parseEndpoint,
  parseInteger,
  parseIp,
  singleLine,
} from "../../src/net/mod.ts";
import { parseInetSockets, parseLinks, parseUnixSockets } from "../../src/os/internal.ts";
import { parseMessages } from "../../src/os/netlink/netlink.ts";
import { formatFingerQuery, parseFingerQuery } from "../../src/protocols/finger/internal.ts";
import { decodeEchoReply } from "../../src/protocols/icmp/codec.ts";
import { decodeBase64, encodeBase64 } from "../../src/protocols/sasl/base64.ts";
import { SASL_MECHANISMS, saslPrep, saslServer } from "../../src/protocols/sasl/mod.ts";
import {
  DotDecoder,
  DotEncoder,
  parseCommand,
  readDotText,
  readReply,
} from "../../src/protocols/wire/internal.ts";
import { parseNetrc, type ReplyStyle } from "../../src/protocols/wire/mod.ts";
import { ScramClient } from "../../src/protocols/sasl/scram_client.ts";
import { checkName } from "../../src/stores/internal.ts";
import { cutAt, join, latin1, source } from "../support/bytes.ts";
import { MIME_PROPERTIES } from "./mime_properties.ts";
import { IMAP_PROPERTIES } from "./imap_properties.ts";
import { IMAP_SERVER_PROPERTIES } from "./imap_server_properties.ts";
import { NNTP_PROPERTIES } from "./nntp_properties.ts";
import { HTTP_PROPERTIES } from "./http_properties.ts";
import { POP3_PROPERTIES } from "./pop3_properties.ts";
import { TELNET_PROPERTIES } from "./telnet_properties.ts";

/** A property of one parser. */
export interface Property {
  /** Its name; also that of the file of a failure. */
  readonly name: string;
  /** Pieces that the parser knows, to get far into it. */
  readonly words: readonly string[];
  /** Bytes of the pieces. @default {"utf-8"} */
  readonly encoding?: "latin1";
  /** Checks one input, cut at these places. */
  check(input: Uint8Array, cuts: readonly number[]): Promise<void> | void;
}

const LIMIT = 64;
const utf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The result of a run, to be compared with another; errors other than our own are failures. */
async function outcome(run: () => unknown): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    assert(error instanceof NetwrightError || error instanceof RangeError, `${error}`);
    return `${error.name}: ${error.message}`;
  }
}

async function linesOf(pieces: readonly Uint8Array[], ending: LineEnding): Promise<unknown[]> {
  const reader = new LineReader(source(pieces), { ending, maxLineBytes: LIMIT, chunkBytes: 32 });
  const results: unknown[] = [];
  while (results.length < 2000) {
    const line = await outcome(() => reader.readLine());
    results.push(line);
    assert(reader.buffered <= 4 * (LIMIT + 32), "the buffer is larger than its limit");
    if (line === undefined) return results;
    if (typeof line === "string" && /Error: Cannot read a line/.test(line)) {
      if (!await reader.skipLine()) return results;
    }
  }
  throw new Error("no end");
}

const lines = (name: string, ending: LineEnding): Property => ({
  name: `lines-${name}`,
  words: ["\r\n", "\n", "\r", "--", "-", "\n\n", "x".repeat(LIMIT - 2), "é", "\xff"],
  async check(input, cuts) {
    assertEquals(await linesOf(cutAt(input, cuts), ending), await linesOf([input], ending));
  },
});

const reply = (style: ReplyStyle): Property => ({
  name: `reply-${style}`,
  words: ["250", "250-", "250 ", "211-", "\r\n", "\n", "+OK", "-ERR", "+", " ", "x", "\0", "550 "],
  async check(input, cuts) {
    const read = (pieces: readonly Uint8Array[]) =>
      outcome(async () => {
        const reader = new LineReader(source(pieces), { maxLineBytes: LIMIT, unfinished: "error" });
        const { code, lines } = await readReply(reader, style, { maxLines: 5, maxBytes: 100 });
        return [code, ...lines.map((line) => line.validate(String)), latin1(await rest(reader))];
      });
    assertEquals(await read(cutAt(input, cuts)), await read([input]));
  },
});

async function rest(reader: LineReader): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of reader.body()) pieces.push(piece.slice());
  return join(pieces);
}

/** A parser of text: it ends in a value or in one of our errors, and `again` must agree with itself. */
const text = (
  name: string,
  words: readonly string[],
  parse: (text: string) => unknown,
): Property => ({
  name,
  words,
  async check(input) {
    await outcome(() => parse(utf8(input)));
  },
});

/** All properties. */
export const PROPERTIES: readonly Property[] = [
  lines("lf", "lf"),
  lines("crlf", "crlf"),
  lines("any", "any"),
  lines("paragraph", "paragraph"),
  lines("separator", new TextEncoder().encode("--")),
  reply("smtp"),
  reply("ftp"),
  reply("nntp"),
  reply("pop3"),
  {
    name: "dot-text-decoding",
    words: ["\r\n", ".", "..", "\r\n.\r\n", "\n.\n", "\r", "\n", "x"],
    async check(input, cuts) {
      const read = (pieces: readonly Uint8Array[]) =>
        outcome(async () => {
          const reader = new LineReader(source(pieces));
          const got: Uint8Array[] = [];
          for await (const piece of readDotText(reader, { maxBytes: 200 })) got.push(piece);
          return [latin1(join(got)), latin1(await rest(reader))];
        });
      const [cut, whole] = [await read(cutAt(input, cuts)), await read([input])];
      assertEquals(cut, whole);
    },
  },
  {
    name: "dot-text-encoding",
    words: ["\r\n", ".", "..", "\r\n.\r\n", "\n.\n", "\r", "\n", "x"],
    check(input, cuts) {
      const encode = (pieces: readonly Uint8Array[]) => {
        const encoder = new DotEncoder();
        return join([...pieces.map((piece) => encoder.encode(piece).slice()), encoder.end()]);
      };
      const wire = encode(cutAt(input, cuts));
      assertEquals(wire, encode([input]));
      const decoded = new DotDecoder().decode(wire);
      assertEquals([decoded.done, decoded.consumed], [true, wire.length]);
      const canonical = latin1(input).replace(/\r\n|\r|\n/g, "\r\n");
      const ended = canonical === "" || canonical.endsWith("\r\n") ? canonical : `${canonical}\r\n`;
      assertEquals(latin1(decoded.bytes), ended);
    },
  },
  text("command", ["MAIL", " ", "\t", "FROM:<", "\0"], (line) => {
    const { verb } = parseCommand(line);
    assert(/^[A-Z0-9]*$/.test(verb), verb);
  }),
  text(
    "netrc",
    ["machine ", "login ", "macdef ", "default", '"', "\\", "#", "\n\n", "\n"],
    parseNetrc,
  ),
  text("saslprep", ["\u00ad", "\u2168", "\u0627", "\u00a0", "\ufeff", "a"], (typed) => {
    const prepared = saslPrep(typed);
    assertEquals(saslPrep(prepared), prepared);
  }),
  ...SASL_MECHANISMS.map((mechanism): Property => ({
    name: `sasl-${mechanism.toLowerCase()}-server`,
    words: [
      "n,,n=ann,r=x",
      "c=biws",
      ",p=",
      "\0ann\0x",
      "user=a\x01auth=Bearer t\x01\x01",
      "|",
      "=",
    ],
    async check(input) {
      const server = saslServer(mechanism, { password: () => Promise.resolve("nobody says this") });
      for (const message of latin1(input).split("|").slice(0, 4)) {
        const step = await server.step(Uint8Array.from(message, (c) => c.charCodeAt(0)));
        assert("challenge" in step || "failure" in step, JSON.stringify(step));
      }
    },
  })),
  {
    name: "sasl-scram-client",
    words: ["r=abc", "r=abcX", ",s=QQ==", ",i=4096", "v=", "e=", "|", ","],
    async check(input) {
      const client = new ScramClient("SCRAM-SHA-256", { user: "ann" }, "x", "abc");
      await client.respond(new Uint8Array(0));
      await outcome(async () => {
        for (const message of utf8(input).split("|").slice(0, 3)) {
          await client.respond(new TextEncoder().encode(message));
        }
        client.finish();
        throw new Error("it believed a server that knows nothing");
      });
    },
  },
  {
    name: "base64",
    words: ["A", "QQ==", "QUE=", "=", "+/", "\n", "é"],
    check(input) {
      assertEquals(decodeBase64(encodeBase64(input)), input);
      const given = utf8(input);
      const decoded = decodeBase64(given);
      if (decoded !== undefined) assertEquals(encodeBase64(decoded), given);
    },
  },
  text(
    "endpoint",
    ["[", "]", ":", "::1", "127.0.0.1", "unix:", "/", "80", "a.b", "%eth0"],
    (given) => {
      const printed = formatEndpoint(parseEndpoint(given, { defaultPort: 7 }));
      assertEquals(formatEndpoint(parseEndpoint(printed, { defaultPort: 7 })), printed);
    },
  ),
  text(
    "target",
    ["ftp://", "imaps://", "@", ":", "a.b", "%40", "/", "[::1]", "?", "#"],
    parseTarget,
  ),
  text("ip", ["::", ":", "1", "ffff", ".", "127.0.0.1", "%eth0", "0x", "/"], (given) => {
    const address = parseIp(given);
    if (address !== undefined) assertEquals(parseIp(formatIp(address)), address);
  }),
  text("validators", ["a", ".", "-", "1", "\r", "\n", "\0", "x".repeat(64)], (given) => {
    for (const validator of [asHost, asKeyword, singleLine, escapeForDisplay, parseInteger()]) {
      try {
        assert(!/[\r\n\0]/.test(String(validator(given))), String(validator));
      } catch (error) {
        assert(error instanceof NetwrightError, `${error}`);
      }
    }
  }),
  text("clean", ["\x1b[", "\u202e", "\u2028", "\ud800", "\x9b", "\t", "é"], (given) => {
    const cleaned = escapeControls(given);
    assert(!/[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]/.test(cleaned), cleaned);
    assertEquals(escapeControls(cleaned), cleaned);
  }),
  text(
    "file-name",
    ["..", ".", "/", "\\", "con", "C:", "\0", " ", "~", "x".repeat(128)],
    (given) => {
      const parts = checkName(given);
      assert(
        parts.length > 0 && parts.every((part) => part !== "" && part !== "." && part !== ".."),
      );
      assertEquals(parts.join("/"), given);
    },
  ),
  text("finger-query", ["/W", " ", "@", "ann", "\t", "\0"], (given) => {
    const query = parseFingerQuery(given);
    const wire = formatFingerQuery(query);
    assertEquals(parseFingerQuery(wire), query);
  }),
  {
    name: "icmp",
    words: ["\0\0", "\x81\0", "\0\0\0\0\0\0\0\0", "E"],
    check(input) {
      decodeEchoReply(4, input);
      decodeEchoReply(6, input);
    },
  },
  {
    name: "netlink",
    words: ["\x10\0\0\0", "\x08\0\x01\0abcd", "\x14\0\x12\x80", "\0\0\0\0", "\x02\x18\0\0"],
    check(input) {
      try {
        for (const { data } of parseMessages(input)) {
          parseLinks([{ type: 16, data }], [{ type: 20, data }]);
          parseUnixSockets([{ type: 20, data }]);
        }
      } catch (error) {
        assert(error instanceof NetwrightError, `${error}`);
      }
    },
  },
  text("proc-net", ["sl ", "0: 0100007F:0016 ", "\n", " 0A ", "@x", "FFFF"], (given) => {
    parseInetSockets(given, "tcp");
  }),
  ...MIME_PROPERTIES,
  ...IMAP_PROPERTIES,
  ...IMAP_SERVER_PROPERTIES,
  ...NNTP_PROPERTIES,
  ...HTTP_PROPERTIES,
  ...POP3_PROPERTIES,
  ...TELNET_PROPERTIES,
];
