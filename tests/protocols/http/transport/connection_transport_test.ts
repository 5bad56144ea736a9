/** Requests on connections of our own: bytes of heads, large bodies, silent servers, several ways to fail. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { connectThroughSocks } from "../../../../src/net/internal.ts";
import {
  ConnectError,
  type Connection,
  exemptHosts,
  LimitError,
  memoryNetwork,
  parseProxy,
  ProtocolError,
  TimeoutError,
  UsageError,
} from "../../../../src/net/mod.ts";
import {
  ConnectionTransport,
  type HttpRequest,
  type SendOptions,
  type TransportResponse,
} from "../../../../src/protocols/http/mod.ts";
import { latin1 } from "../../../support/bytes.ts";
import { scripted, served, webNetwork } from "../client/served.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

function request(changes: Partial<HttpRequest> = {}): HttpRequest {
  return { method: "GET", url: new URL("http://127.0.0.1/"), fields: [], ...changes };
}

async function send(
  answers: readonly string[],
  changes: Partial<HttpRequest> = {},
  options: SendOptions = {},
): Promise<{ response: TransportResponse; requests: readonly string[] }> {
  const network = webNetwork();
  await using server = scripted(network, answers);
  using transport = new ConnectionTransport({ network });
  const response = await transport.send(request(changes), options);
  response.close();
  return { response, requests: server.requests };
}

Deno.test("values of fields keep their bytes, both ways", async () => {
  const bytes = Array.from({ length: 128 }, (_, index) => String.fromCharCode(128 + index)).join(
    "",
  );
  const { response } = await send([
    `HTTP/1.1 200 \xc3\x9c\r\nX-A: ${bytes}\r\nContent-Length: 0\r\n\r\n`,
  ]);
  assertEquals(response.headers.get("x-a"), bytes);
  assertEquals(response.reason, "\xc3\x9c");
  const network = webNetwork();
  const listener = network.listen({ hostname: "0.0.0.0", port: 80 });
  const heard = listener.accept().then(async (connection) => {
    const buffer = new Uint8Array(4096);
    const count = await connection.read(buffer);
    await connection.write(new TextEncoder().encode(OK));
    return latin1(buffer.subarray(0, count!));
  });
  using transport = new ConnectionTransport({ network });
  const fields = [["X-A", bytes], ["X-B", "\u20ac"], ["Connection", "close"]] as const;
  (await transport.send(request({ fields }))).close();
  const head = await heard;
  listener.close();
  assert(head.includes(`X-A: ${bytes}\r\nX-B: \xe2\x82\xac\r\nConnection: close\r\n`), head);
});

Deno.test("ends of lines without end are no head", async () => {
  await assertRejects(
    () => send(["\r\n".repeat(200)]),
    ProtocolError,
    "the status line is missing",
  );
});

const LARGE = new Uint8Array(2 * 1024 * 1024);

Deno.test("a large body waits for consent; a server that cannot be asked gets it at once", async () => {
  const seen: string[] = [];
  await using web = served(async (request) => {
    seen.push(`${request.headers.get("expect")} ${(await request.arrayBuffer()).byteLength}`);
    return new Response("");
  });
  using transport = new ConnectionTransport({ network: web.network });
  const small = new Uint8Array(1000);
  (await transport.send(request({ method: "PUT", body: small }))).close();
  assertEquals(seen, ["null 1000"]);
  const { requests } = await send([
    "HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
  ], { method: "PUT", body: LARGE });
  assertEquals(requests.map((head) => /expect/i.test(head)), [true, false]);
  const own = await send([OK], {
    method: "PUT",
    body: LARGE,
    fields: [["Expect", "100-continue"]],
  });
  assertEquals(own.requests[0]!.match(/expect/gi)?.length, 1);
});

Deno.test("a body that the server does not want is not sent to its end", async () => {
  let opened = false;
  const body = {
    bytes: undefined,
    isRepeatable: false,
    async *open() {
      opened = true;
      yield new Uint8Array(10);
    },
  };
  const { response } = await send(["HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n"], {
    method: "POST",
    body,
  });
  assertEquals([response.status, opened], [413, false]);
});

Deno.test("a server may be silent while a body is sent, and not after it", async () => {
  const network = memoryNetwork({ time: "real" });
  const listener = network.listen({ hostname: "127.0.0.1", port: 80 });
  const serving = listener.accept().then(async (connection: Connection) => {
    // Slower than the longest silence.
    const buffer = new Uint8Array(16_384);
    for (let left = 40_000; left > 0;) {
      left -= await connection.read(buffer) ?? left;
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await connection.write(new TextEncoder().encode(OK));
    return connection;
  });
  using transport = new ConnectionTransport({ network, idleTimeoutMs: 150 });
  const pieces = { bytes: 40_000, isRepeatable: false, open: slowPieces };
  async function* slowPieces(): AsyncGenerator<Uint8Array> {
    for (let count = 0; count < 4; count++) {
      yield new Uint8Array(10_000);
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
  }
  const response = await transport.send(request({ method: "PUT", body: pieces }));
  assertEquals(response.status, 200);
  response.close();
  (await serving).close();
  await using silent = scripted(network, [""], 81);
  listener.close();
  await assertRejects(
    async () => {
      const hanging = network.listen({ hostname: "127.0.0.1", port: 82 });
      const held = hanging.accept();
      try {
        await transport.send(request({ url: new URL("http://127.0.0.1:82/") }));
      } finally {
        (await held).close();
        hanging.close();
      }
    },
    TimeoutError,
    "no answer for 0.15 s",
  );
  assertEquals(silent.requests.length, 0);
});

Deno.test("a body of another length than was announced is an error", async () => {
  for (const bytes of [5, 20]) {
    const body = {
      bytes,
      isRepeatable: true,
      async *open() {
        yield new Uint8Array(10);
      },
    };
    const network = webNetwork();
    using listener = network.listen({ hostname: "127.0.0.1", port: 80 });
    const held = listener.accept();
    using transport = new ConnectionTransport({ network });
    const sending = transport.send(request({ method: "PUT", body }));
    await assertRejects(() => sending, LimitError, "announced");
    (await held).close();
  }
});

Deno.test("proxies are read, and hosts without one", () => {
  const cases: readonly (readonly [text: string, result: string])[] = [
    ["proxy", "http proxy:8080"],
    ["http://u:p%40@proxy:1/", "http proxy:1 u:p@"],
    ["https://proxy", "https proxy:443"],
    ["socks5h://[::1]", "socks5 ::1:1080"],
    ["socks5://a:9", "socks5 a:9"],
  ];
  for (const [text, result] of cases) {
    const { kind, endpoint, credentials } = parseProxy(text);
    const login = credentials === undefined ? "" : ` ${credentials.user}:${credentials.password}`;
    assertEquals(`${kind} ${endpoint.hostname}:${endpoint.port}${login}`, result);
  }
  for (const text of ["ftp://x", "http://", "http://x/y", "http://x\r\ny"]) {
    try {
      parseProxy(text);
      throw new Error(text);
    } catch (error) {
      assert(error instanceof UsageError, text);
    }
  }
  const isExempt = exemptHosts([".a.example", "10.0.0.0/8", "b", "::1"]);
  for (
    const [host, expected] of [
      ["a.example", true],
      ["x.a.example", true],
      ["ba.example", false],
      ["10.1.2.3", true],
      ["11.1.2.3", false],
      ["b", true],
      ["[::1]", true],
    ] as const
  ) assertEquals(isExempt(new URL(`http://${host}/`)), expected, host);
});

const SOCKS:
  readonly (readonly [what: string, answers: readonly number[][], error: string | undefined])[] = [
    ["without a login", [[5, 0], [5, 0, 0, 1, 1, 2, 3, 4, 0, 80]], undefined],
    ["an answer with a name", [[5, 0], [5, 0, 0, 3, 2, 97, 98, 0, 80]], undefined],
    ["refused", [[5, 0], [5, 5, 0, 1, 0, 0, 0, 0, 0, 0]], "connection refused"],
    ["not allowed", [[5, 0], [5, 2, 0, 1, 0, 0, 0, 0, 0, 0]], "does not allow"],
    ["a login", [[5, 2], [1, 0], [5, 0, 0, 4, ...new Array(16).fill(0), 0, 80]], undefined],
    ["a wrong login", [[5, 2], [1, 1]], "does not accept"],
    ["no method", [[5, 255]], "no login that is known"],
    ["SOCKS 4", [[0, 90]], "not a SOCKS 5 proxy"],
    ["HTTP", [[72, 84]], "not a SOCKS 5 proxy"],
    ["cut off", [[5]], "closed the connection"],
  ];

for (const [what, answers, error] of SOCKS) {
  Deno.test(`SOCKS: ${what}`, async () => {
    const network = memoryNetwork({ maxReadBytes: 1 });
    using listener = network.listen({ hostname: "127.0.0.1", port: 1080 });
    const serving = listener.accept().then(async (proxy) => {
      const buffer = new Uint8Array(600);
      for (const answer of answers) {
        await proxy.read(buffer);
        await proxy.write(Uint8Array.from(answer));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      if (error === undefined) await proxy.write(Uint8Array.of(42));
      else await proxy.closeWrite();
      return proxy;
    });
    const connection = await network.connect({ hostname: "127.0.0.1", port: 1080 });
    const target = { transport: "tcp", hostname: "a.example", port: 80 } as const;
    const connecting = connectThroughSocks(connection, target, {
      credentials: { user: "u", password: "p" },
    });
    if (error === undefined) {
      const byte = new Uint8Array(2);
      assertEquals(await (await connecting).read(byte), 1);
      assertEquals(byte[0], 42);
      connection.close();
    } else {
      const thrown = await connecting.catch((error) => error);
      assert(thrown instanceof Error && thrown.message.includes(error), String(thrown));
      assert(error !== "connection refused" || (thrown as ConnectError).kind === "refused");
    }
    (await serving).close();
  });
}
