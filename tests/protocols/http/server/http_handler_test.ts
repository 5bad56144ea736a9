import { assert, assertEquals } from "@std/assert";
import { ask, memoryNetwork } from "../../../../src/net/mod.ts";
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

Deno.test("httpHandler() serves what a function from Request to Response says", async (t) => {
  for (const [what, handler, request, answer] of CASES) {
    await t.step(what, async () => assertEquals(await answerTo(handler, request), answer));
  }
});

Deno.test("httpHandler() refuses what no Request can hold, and tells of failures", async () => {
  const fails = (): Response => {
    throw new Error("secret");
  };
  const answer = await answerTo(fails, GET);
  assert(answer.startsWith("HTTP/1.1 500 ") && !answer.includes("secret"), answer);
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
