/**
 * What must hold of the Web client for any answers, cut anywhere, and of what reads fields and pages.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import {
  type Connection,
  memoryNetwork,
  NetwrightError,
  overrideNetwork,
} from "../../src/net/mod.ts";
import { readPage } from "../../src/programs/web/mod.ts";
import { parseSrcset } from "../../src/programs/web/srcset.ts";
import { parseChallenges } from "../../src/protocols/http/codec/challenges.ts";
import { parseMediaType } from "../../src/protocols/http/codec/media_type.ts";
import { parseLinks, UserAgent } from "../../src/protocols/http/mod.ts";
import { cutAt, latin1, source } from "../support/bytes.ts";
import type { Property } from "./properties.ts";

const HERE = { transport: "tcp", hostname: "127.0.0.1", port: 80 } as const;

/** A connection whose peer says these pieces, and then nothing more. */
function connectionOf(pieces: readonly Uint8Array[]): Connection {
  const incoming = source(pieces.filter(({ length }) => length > 0));
  return {
    localAddr: HERE,
    remoteAddr: HERE,
    read: (buffer) => incoming.read(buffer),
    write: (bytes) => Promise.resolve(bytes.length),
    closeWrite: () => Promise.resolve(),
    close() {},
    [Symbol.dispose]() {},
  };
}

/** What a user agent makes of a server that says the same on each connection. */
async function clientReads(pieces: readonly Uint8Array[]): Promise<unknown[]> {
  const network = overrideNetwork(memoryNetwork(), {
    connect: () => Promise.resolve(connectionOf(pieces)),
  });
  try {
    using agent = new UserAgent({ network, maxRedirects: 3, maxDecodedBytes: 100_000 });
    const response = await agent.request("GET", "http://u:p@127.0.0.1/");
    const { status, history, headers } = response;
    return [status, history.length, [...headers], latin1(await response.bytes(100_000))];
  } catch (error) {
    assert(error instanceof NetwrightError, `${error}`);
    return [error.name];
  }
}

/** The properties. */
export const HTTP_PROPERTIES: readonly Property[] = [
  {
    name: "http-client",
    encoding: "latin1",
    words: [
      ...["HTTP/1.1 200 OK\r\n", "HTTP/1.0 404 \r\n", "HTTP/1.1 100 Continue\r\n\r\n"],
      ...["HTTP/1.1 302 Found\r\n", "HTTP/1.1 401 Who\r\n", "HTTP/1.1 204 No\r\n"],
      ...["HTTP/1.1 101 Switch\r\n", "Content-Length: 3\r\n", "Content-Length: 3, 3\r\n"],
      ...["Content-Length: x\r\n", "Content-Length: 9999\r\n", "Transfer-Encoding: chunked\r\n"],
      ...["Transfer-Encoding: gzip\r\n", "Connection: close\r\n", "Content-Encoding: gzip\r\n"],
      ...["Content-Encoding: br\r\n", "Location: /x\r\n", "Location: ftp://x/\r\n"],
      ...['WWW-Authenticate: Digest nonce="a", qop="auth"\r\n', "WWW-Authenticate: Basic\r\n"],
      ...["\r\n", "\n", " folded\r\n", "abc", "3\r\nabc\r\n", "0\r\n\r\n", "ffffffff\r\n", "\0"],
      ...["\x1f\x8b\b\0", ":", " ", "\xe9"],
    ],
    async check(input, cuts) {
      assertEquals(await clientReads(cutAt(input, cuts)), await clientReads([input]));
    },
  },
  {
    name: "http-fields",
    words: [
      ...[
        "Digest ",
        "Basic",
        "realm=",
        '"',
        "\\",
        ",",
        ";",
        " ",
        "=",
        "nonce=a",
        "<",
        ">",
        "rel=next",
      ],
      ...["text/html", "charset=", "1x", "2w", "(", ")", "a"],
    ],
    check(input) {
      const text = new TextDecoder().decode(input);
      for (const { scheme, parameters } of parseChallenges([text])) {
        assert(scheme !== "" && [...parameters.keys()].every((name) => name !== ""));
      }
      assert(parseLinks([text]).every(({ target }) => text.includes(`<${target}>`)));
      assert(parseSrcset(text).every(({ url, size }) => url !== "" && size >= 0));
      const { type, charset = "x" } = parseMediaType(text);
      assert(!/[\s;]/.test(type) && !/[\s;"]/.test(charset));
    },
  },
  {
    name: "web-page",
    words: [
      ...[
        "<a href=",
        "<base href=/x/>",
        "<img srcset=",
        "'",
        '"',
        ">",
        "</a>",
        "<form>",
        "<input name=a>",
      ],
      ...["<select name=b>", "<option>", "<textarea name=c>", "</form>", "<!--", "-->", "<script>"],
      ...[
        "<meta http-equiv=refresh content=",
        "0;url=b",
        "&amp;",
        "&#0;",
        "<",
        "/",
        " ",
        "x",
        "<title>",
      ],
    ],
    async check(input) {
      const html = new TextDecoder().decode(input);
      const { links, base } = await readPage(html, "http://a.example/b");
      assert(URL.canParse(base));
      assert(links.every(({ url }) => url === undefined || URL.canParse(url)));
    },
  },
];
