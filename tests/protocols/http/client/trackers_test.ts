/** Situations from public bug trackers, each as a server's own words. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  ConnectError,
  DisconnectedError,
  type NetwrightError,
  parseProxy,
  ProtocolError,
} from "../../../../src/net/mod.ts";
import {
  ConnectionTransport,
  downloadTo,
  UserAgent,
  type UserAgentOptions,
} from "../../../../src/protocols/http/mod.ts";
import { Secret } from "../../../../src/protocols/wire/mod.ts";
import { writeOrigin } from "../../../../src/stores/internal.ts";
import { inFolder } from "../../../support/trees.ts";
import { scripted, webNetwork } from "./served.ts";

/** What an agent makes of a server: the bodies of its answers to one request after the other, and what it asked. */
async function told(
  answers: readonly string[],
  methods: readonly string[] = ["GET"],
  options: UserAgentOptions = {},
): Promise<{ got: string[]; asked: string[] }> {
  const network = webNetwork();
  await using server = scripted(network, answers);
  using agent = new UserAgent({ network, ...options });
  const got: string[] = [];
  for (const method of methods) {
    try {
      const response = await agent.request(method, "http://127.0.0.1/a");
      got.push(`${response.status} ${await response.text()}`);
    } catch (error) {
      got.push((error as NetwrightError).name);
    }
  }
  return { got, asked: server.requests.map((head) => head.split("\r\n", 1)[0]!) };
}

const OK = "HTTP/1.1 200 OK\r\n";

const ANSWERS: readonly (readonly [
  tracker: string,
  what: string,
  answers: readonly string[],
  methods: readonly string[],
  got: readonly string[],
])[] = [
  [
    "curl/curl#10914",
    "a body shorter than its length",
    [`${OK}Content-Length: 9\r\n\r\nabc`],
    ["GET"],
    ["DisconnectedError"],
  ],
  [
    "curl/curl#5440",
    "a body longer than its length: the rest is no answer",
    [`${OK}Content-Length: 1\r\n\r\naHTTP/1.1 200 No\r\n\r\n`, `${OK}Content-Length: 1\r\n\r\nb`],
    ["GET", "GET"],
    ["200 a", "200 b"],
  ],
  [
    "validator/validator#865",
    "chunks without the last one",
    [`${OK}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n`],
    ["GET"],
    ["DisconnectedError"],
  ],
  [
    "marcidy/micropython-uasyncio-webexample#1",
    "chunks over HTTP/1.0, and a length as well",
    ["HTTP/1.0 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"],
    ["GET"],
    ["200 a"],
  ],
  [
    "nginx/nginx#1241",
    "several early hints in a row",
    [`${
      "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".repeat(2)
    }${OK}Content-Length: 1\r\n\r\na`],
    ["GET"],
    ["200 a"],
  ],
  [
    "apache/httpcomponents-core#57",
    "204 with a body, which is taken for no answer",
    ["HTTP/1.1 204 No\r\nContent-Length: 3\r\n\r\nabc", `${OK}Content-Length: 1\r\n\r\nb`],
    ["GET", "GET"],
    ["204 ", "200 b"],
  ],
  [
    "ziglang/zig#25254",
    "204 on a connection that stays open",
    [`HTTP/1.1 204 No\r\n\r\n|${OK}Content-Length: 1\r\n\r\nb`],
    ["GET", "GET"],
    ["204 ", "200 b"],
  ],
  [
    "vinipsmaker/tufao#41",
    "204 with an empty chunk",
    [
      "HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      `${OK}Content-Length: 1\r\n\r\nb`,
    ],
    ["GET", "GET"],
    ["204 ", "200 b"],
  ],
  [
    "racket/racket#1030",
    "nothing, but compressed",
    [`${OK}Content-Encoding: gzip\r\nContent-Length: 0\r\n\r\n`],
    ["GET"],
    ["200 "],
  ],
  [
    "curl/curl#2368",
    "a page that is not compressed, although the server says so",
    [`${OK}Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n<p>a`],
    ["GET"],
    ["200 <p>a"],
  ],
  [
    "denoland/deno#31932",
    "a kept connection that was closed meanwhile: asked again on another one",
    [`${OK}Content-Length: 1\r\n\r\na`, `${OK}Content-Length: 1\r\n\r\nb`],
    ["GET", "GET"],
    ["200 a", "200 b"],
  ],
  [
    "oven-sh/bun#28708",
    "a connection that is closed within a POST: not sent twice",
    [`${OK}Content-Length: 1\r\n\r\na|`, `${OK}Content-Length: 1\r\n\r\nb`],
    ["GET", "POST"],
    ["200 a", "DisconnectedError"],
  ],
];

for (const [tracker, what, answers, methods, got] of ANSWERS) {
  Deno.test(`${tracker}: ${what}`, async () => {
    assertEquals((await told(answers, methods)).got, got);
  });
}

const LOCATIONS:
  readonly (readonly [tracker: string, location: string, asked: string | undefined])[] = [
    ["0x676e67/wreq#1291", "/caf\xc3\xa9", "/caf%C3%A9"],
    ["whatwg/fetch#883", "/caf\xe9", "/caf%E9"],
    ["whatwg/fetch#883", "/a b?c d", "/a%20b?c%20d"],
    ["RFC 3986 §2.4", "/%E5%A5%BD", "/%E5%A5%BD"],
    ["RFC 3986 §5.2", "?b=c", "/a?b=c"],
    ["RFC 9110 §10.2.2", "", undefined],
    ["RFC 9110 §10.2.2", "b#frag", "/b"],
  ];

for (const [tracker, location, expected] of LOCATIONS) {
  Deno.test(`${tracker}: Location: ${JSON.stringify(location)}`, async () => {
    const { asked } = await told([
      `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      `${OK}Content-Length: 0\r\n\r\n`,
    ]);
    assertEquals(asked[1], expected === undefined ? undefined : `GET ${expected} HTTP/1.1`);
  });
}

const CHALLENGES: readonly (readonly [tracker: string, fields: readonly string[], sent: RegExp])[] =
  [
    [
      "psf/requests#2408",
      ['Digest realm="a", nonce="n", qop="auth,auth-int"'],
      /qop=auth, nc=00000001/,
    ],
    [
      "notroj/neon#26",
      [
        'Digest realm="a", nonce="n", algorithm=MD5',
        'Digest realm="a", nonce="m", algorithm=SHA-256',
      ],
      /nonce="m".*algorithm=SHA-256/,
    ],
    ["notroj/neon#89", ['Digest realm="a", nonce="n", qop="auth"'], /^(?!.*algorithm).*response="/],
    ["RFC 9110 §11.6.1", ['Negotiate, NTLM, Basic realm="a"'], /^Basic YTpi$/],
    [
      "RFC 7616 §3.3",
      ['Digest realm="a\\"b", nonce="n", qop="auth-int"'],
      /realm="a\\"b".*qop=auth-int/,
    ],
  ];

for (const [tracker, fields, sent] of CHALLENGES) {
  Deno.test(`${tracker}: ${fields.join(" | ")}`, async () => {
    const network = webNetwork();
    const challenges = fields.map((field) => `WWW-Authenticate: ${field}\r\n`).join("");
    await using server = scripted(network, [
      `HTTP/1.1 401 Who\r\n${challenges}Content-Length: 0\r\nConnection: close\r\n\r\n`,
      `${OK}Content-Length: 0\r\n\r\n`,
    ]);
    using agent = new UserAgent({ network });
    const response = await agent.request("GET", "http://a:b@127.0.0.1/");
    response.close();
    assertEquals(response.status, 200);
    const [, value = ""] = /^Authorization: (.*?)\r?$/m.exec(server.requests[1]!) ?? [];
    assert(sent.test(value), value);
  });
}

Deno.test("apify/crawlee#4134: no login for another port of the same host", async () => {
  const network = webNetwork();
  await using first = scripted(network, [
    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:81/end\r\nContent-Length: 0\r\n\r\n",
  ]);
  await using second = scripted(network, [`${OK}Content-Length: 0\r\n\r\n`], 81);
  using agent = new UserAgent({ network, fields: [["Authorization", "Bearer secret"]] });
  (await agent.request("GET", "http://127.0.0.1/")).close();
  assert(first.requests[0]!.includes("Bearer secret"));
  assert(!second.requests[0]!.includes("secret"), second.requests[0]);
});

const PROXIES: readonly (readonly [
  tracker: string,
  what: string,
  answers: readonly string[],
  login: boolean,
  text: RegExp,
  asked: number,
])[] = [
  [
    "curl/curl#6850",
    "407 and the end of the connection, without credentials: once",
    ["HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"],
    false,
    /requires a user/,
    1,
  ],
  [
    "curl/curl#6850",
    "407 and the end of the connection, with credentials: twice",
    ["HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"],
    true,
    /does not accept/,
    2,
  ],
  [
    "curl/curl#22817",
    "401 to CONNECT is no challenge",
    ["HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"],
    true,
    /refuses to connect: 401/,
    1,
  ],
  [
    "AsyncHttpClient/async-http-client#2072",
    "a tunnel that was refused is not used",
    ["HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n"],
    false,
    /refuses to connect: 502/,
    1,
  ],
];

for (const [tracker, what, answers, login, text, asked] of PROXIES) {
  Deno.test(`${tracker}: ${what}`, async () => {
    const network = webNetwork();
    await using proxy = scripted(network, answers, 3128);
    const server = parseProxy(`http://${login ? "u:p@" : ""}127.0.0.1:3128`);
    using agent = new UserAgent({
      network,
      transport: new ConnectionTransport({ network, proxyFor: () => server }),
      credentialsFor: () => ({ user: "never", password: new Secret("sent") }),
    });
    const error = await assertRejects(
      () => agent.request("GET", "https://a.example/"),
      ConnectError,
    );
    assert(text.test(error.message), error.message);
    assertEquals(proxy.requests.length, asked);
    assert(proxy.requests.every((head) => head.startsWith("CONNECT a.example:443 HTTP/1.1\r\n")));
  });
}

const WHOLE = "0123456789";
const PART = 'HTTP/1.1 206 Partial Content\r\nETag: "v"\r\n';

const RESUMED: readonly (readonly [
  tracker: string,
  what: string,
  answers: readonly string[],
  content: string,
])[] = [
  [
    "httpie/cli#95",
    "the rest is added",
    [`${PART}Content-Range: bytes 4-9/10\r\nContent-Length: 6\r\n\r\n456789`],
    WHOLE,
  ],
  [
    "rust-lang/rustup#4710",
    "a server that does not know ranges sends all",
    [`${OK}ETag: "v"\r\nContent-Length: 10\r\n\r\n${WHOLE}`],
    WHOLE,
  ],
  [
    "xroche/httrack#428",
    "a part that begins elsewhere is not added",
    [
      `${PART}Content-Range: bytes 2-9/10\r\nContent-Length: 8\r\n\r\n23456789`,
      `${OK}ETag: "v"\r\nContent-Length: 10\r\n\r\n${WHOLE}`,
    ],
    WHOLE,
  ],
  [
    "nao1215/mimixbox#290",
    "a part of another version is not added, though the server ignores If-Range",
    [
      'HTTP/1.1 206 Part\r\nETag: "w"\r\nContent-Range: bytes 4-9/10\r\nContent-Length: 6\r\n\r\nefghij',
      `${OK}ETag: "w"\r\nContent-Length: 10\r\n\r\nabcdefghij`,
    ],
    "abcdefghij",
  ],
  [
    "nextcloud/updater#671",
    "416 of a version that is shorter by now",
    [
      'HTTP/1.1 416 Not\r\nETag: "w"\r\nContent-Range: bytes */3\r\nContent-Length: 0\r\n\r\n',
      `${OK}ETag: "w"\r\nContent-Length: 3\r\n\r\nabc`,
    ],
    "abc",
  ],
  [
    "curl/curl#6740",
    "416 of what is complete already",
    ['HTTP/1.1 416 Not\r\nETag: "v"\r\nContent-Range: bytes */4\r\nContent-Length: 0\r\n\r\n'],
    "0123",
  ],
];

for (const [tracker, what, answers, content] of RESUMED) {
  Deno.test(`${tracker}: ${what}`, () =>
    inFolder(async (folder) => {
      const network = webNetwork();
      await using server = scripted(
        network,
        answers.map((one) => one.replace("\r\n", "\r\nConnection: close\r\n")),
      );
      const url = "http://127.0.0.1/a";
      Deno.writeTextFileSync(`${folder}/.a.part`, "0123");
      await writeOrigin(`${folder}/a`, JSON.stringify({ url, etag: '"v"', bytes: 10 }));
      using agent = new UserAgent({ network });
      const { file } = await downloadTo(agent, url, `${folder}/a`, { resume: true });
      assertEquals(Deno.readTextFileSync(file), content);
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["a"]);
      assert(
        server.requests[0]!.includes('Range: bytes=4-\r\nIf-Range: "v"\r\n'),
        server.requests[0],
      );
      assert(server.requests.slice(1).every((head) => !/range/i.test(head)));
    }));
}

Deno.test("ProtocolError: what is no answer of HTTP", async () => {
  const { got } = await told(["SSH-2.0-OpenSSH_9.2\r\n\r\n"]);
  assertEquals(got, [ProtocolError.name]);
  assertEquals((await told([""])).got, [DisconnectedError.name]);
});
