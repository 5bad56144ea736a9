import { assert, assertEquals } from "@std/assert";
import { ask, type Connection, memoryNetwork } from "../../../../src/net/mod.ts";
import { httpHandler } from "../../../../src/protocols/http/mod.ts";
import { serve } from "../../../../src/servers/mod.ts";

async function answerTo(
  handler: (request: Request) => Response | Promise<Response>,
  request: string,
): Promise<string> {
  const network = memoryNetwork();
  await using server = serve(httpHandler(handler), { network, log: () => {} });
  const bytes = await ask(server.endpoint, new TextEncoder().encode(request), { network });
  return new TextDecoder().decode(bytes).replace(/Date: .*\r\n/, "");
}

const GET = "GET /a?b=c HTTP/1.1\r\nHost: h:81\r\nConnection: close\r\n\r\n";
const OK = "HTTP/1.1 200 OK\r\n";

const CASES: readonly (readonly [
  what: string,
  handler: (request: Request) => Response | Promise<Response>,
  request: string,
  answer: string,
])[] = [
  [
    "a text has a length",
    (request) => new Response(request.url),
    GET,
    `${OK}content-type: text/plain;charset=UTF-8\r\nContent-Length: 17\r\nConnection: close\r\n\r\nhttp://h:81/a?b=c`,
  ],
  [
    "a stream comes in chunks",
    () => new Response(ReadableStream.from(slowly("ab", "", "c"))),
    GET,
    `${OK}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n`,
  ],
  [
    "to HTTP/1.0 a stream ends with the connection",
    () => new Response(ReadableStream.from(slowly("ab", "c"))),
    "GET / HTTP/1.0\r\n\r\n",
    `${OK}Connection: close\r\n\r\nabc`,
  ],
  [
    "HEAD has the length and no body",
    () => new Response("abc", { headers: { "content-length": "3" } }),
    GET.replace("GET", "HEAD"),
    `${OK}content-type: text/plain;charset=UTF-8\r\nContent-Length: 3\r\nConnection: close\r\n\r\n`,
  ],
  [
    "a body is read, cookies stay apart",
    async (request) =>
      new Response((await request.text()).toUpperCase(), {
        status: 201,
        headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"], ["connection", "x"]],
      }),
    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc",
    "HTTP/1.1 201 Created\r\ncontent-type: text/plain;charset=UTF-8\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n" +
    "Content-Length: 3\r\nConnection: close\r\n\r\nABC",
  ],
  [
    "an empty piece is not the end of the head",
    () =>
      new Response(ReadableStream.from(slowly("", "ab")), { headers: { "content-length": "2" } }),
    GET,
    `${OK}Content-Length: 2\r\nConnection: close\r\n\r\nab`,
  ],
  [
    "a stream longer than its length is cut",
    () =>
      new Response(ReadableStream.from(slowly("ab", "cdef")), {
        headers: { "content-length": "3" },
      }),
    GET,
    `${OK}Content-Length: 3\r\nConnection: close\r\n\r\nabc`,
  ],
  [
    "a text has its own length, whatever its header says",
    () => new Response("abcdef", { headers: { "content-length": "3", "content-type": "a/b" } }),
    GET,
    `${OK}content-type: a/b\r\nContent-Length: 6\r\nConnection: close\r\n\r\nabcdef`,
  ],
  [
    "HEAD without a length has none",
    () => new Response("abc", { headers: { "content-type": "a/b" } }),
    GET.replace("GET", "HEAD"),
    `${OK}content-type: a/b\r\nConnection: close\r\n\r\n`,
  ],
  [
    "cookies are joined by semicolons, and the handler may end the connection",
    (request) =>
      new Response(request.headers.get("cookie"), {
        headers: { "connection": "close", "content-type": "a/b" },
      }),
    "GET / HTTP/1.1\r\nHost: h\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n",
    `${OK}content-type: a/b\r\nContent-Length: 8\r\nConnection: close\r\n\r\na=1; b=2`,
  ],
  [
    "no body, no length",
    () => new Response(null, { status: 204 }),
    GET,
    "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
  ],
];

async function* slowly(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    yield new TextEncoder().encode(text);
  }
}

Deno.test("httpHandler() serves a function from Request to Response", async (t) => {
  for (const [what, handler, request, answer] of CASES) {
    await t.step(what, async () => assertEquals(await answerTo(handler, request), answer));
  }
});

Deno.test("httpHandler() refuses what no Request can hold, and reports failures", async () => {
  const fails = (): Response => {
    throw new Error("secret");
  };
  const answer = await answerTo(fails, GET);
  assert(answer.startsWith("HTTP/1.1 500 ") && !answer.includes("secret"), answer);
  for (
    const odd of [Response.error(), new Response("x", { headers: { "x-l": "caf\u00e9" } })]
  ) assert((await answerTo(() => odd, GET)).startsWith("HTTP/1.1 500 "));
  const never = (): Response => new Response("never");
  for (const [request, status] of [["TRACE / HTTP/1.1", 501], ["CONNECT a:1 HTTP/1.1", 501]]) {
    const text = await answerTo(never, `${request}\r\nHost: a:1\r\nConnection: close\r\n\r\n`);
    assert(text.startsWith(`HTTP/1.1 ${status} `), text);
  }
});

Deno.test("httpHandler() cancels a stream whose client has gone", async () => {
  const network = memoryNetwork();
  const cancelled = Promise.withResolvers<void>();
  const endless = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      controller.enqueue(new Uint8Array(10_000));
    },
    cancel: () => cancelled.resolve(),
  });
  await using server = serve(httpHandler(() => new Response(endless)), { network });
  const { hostname, port } = server.endpoint;
  const connection = await network.connect({ hostname, port });
  await connection.write(new TextEncoder().encode(GET));
  await connection.read(new Uint8Array(100));
  connection.close();
  await cancelled.promise;
});

/** Connects, sends a request, and hands the connection over. */
async function talked(
  handler: (request: Request) => Response | Promise<Response>,
  talk: (connection: Connection) => Promise<void>,
): Promise<void> {
  const network = memoryNetwork();
  await using server = serve(httpHandler(handler), { network, log: () => {} });
  const { hostname, port } = server.endpoint;
  using connection = await network.connect({ hostname, port });
  await connection.write(new TextEncoder().encode(GET.replace("Connection: close\r\n", "")));
  await talk(connection);
}

async function readText(connection: Connection): Promise<string> {
  const buffer = new Uint8Array(1000);
  return new TextDecoder().decode(buffer.subarray(0, await connection.read(buffer) ?? 0));
}

Deno.test("httpHandler() sends the head of a stream before its first piece, and cancels it with its client", async () => {
  const cancelled = Promise.withResolvers<void>();
  const silent = new ReadableStream<Uint8Array>({ cancel: () => cancelled.resolve() });
  const handler = () => new Response(silent, { headers: { "content-type": "text/event-stream" } });
  await talked(handler, async (connection) => {
    assert((await readText(connection)).startsWith("HTTP/1.1 200 OK\r\n"));
    connection.close();
    await cancelled.promise;
  });
});

Deno.test("httpHandler() aborts the signal of a request whose client has gone", async () => {
  const aborted = Promise.withResolvers<void>();
  const began = Promise.withResolvers<void>();
  const handler = (request: Request): Promise<Response> => {
    request.signal.addEventListener("abort", () => aborted.resolve());
    began.resolve();
    return new Promise(() => {});
  };
  await talked(handler, async (connection) => {
    await began.promise;
    connection.close();
    await aborted.promise;
  });
});

Deno.test("httpHandler() serves a request that came while a stream was sent", async () => {
  const handler = (): Response => new Response(ReadableStream.from(slowly("ab", "c")));
  await talked(handler, async (connection) => {
    let text = "";
    while (!text.endsWith("0\r\n\r\n")) text += await readText(connection);
    await connection.write(new TextEncoder().encode(GET));
    let second = "";
    while (!second.endsWith("0\r\n\r\n")) second += await readText(connection);
    assert(second.startsWith("HTTP/1.1 200 "), second);
  });
});
