/** The user agent on a network in memory: redirects, logins, cookies, retries, compression, limits. */

import fc from "fast-check";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  CapabilityError,
  InjectionError,
  LimitError,
  NetwrightError,
  ProtocolError,
  TimeoutError,
  UsageError,
} from "../../../../src/net/mod.ts";
import { Secret } from "../../../../src/protocols/wire/mod.ts";
import {
  multipartForm,
  type RequestOptions,
  UserAgent,
  type UserAgentOptions,
} from "../../../../src/protocols/http/mod.ts";
import { scripted, served, webNetwork } from "./served.ts";

/** Answers with what came. */
async function mirrorRequest(request: Request): Promise<Response> {
  const { pathname, search, host } = new URL(request.url);
  const to = new URL(request.url).searchParams.get("to");
  if (pathname.startsWith("/redirect/")) {
    const status = Number(pathname.slice("/redirect/".length));
    return new Response("gone", { status, headers: to === null ? {} : { location: to } });
  }
  return Response.json({
    method: request.method,
    path: pathname + search,
    host,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  });
}

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

async function fetched(
  url: string,
  options: RequestOptions & { readonly method?: string } = {},
  agentOptions: UserAgentOptions = {},
): Promise<Seen & { readonly url: string; readonly hops: string[] }> {
  await using web = served(mirrorRequest);
  using agent = new UserAgent({ network: web.network, ...agentOptions });
  const { method = "GET", ...rest } = options;
  const response = await agent.request(method, url, rest);
  const hops = response.history.map(({ method, status, reason }) =>
    `${method} ${status} ${reason}`
  );
  return { ...await response.json() as Seen, url: response.url, hops };
}

Deno.test("a request says who asks, and takes compressed bodies", async () => {
  const seen = await fetched("http://a.example/x?y=1#z");
  assertEquals([seen.method, seen.path, seen.host], ["GET", "/x?y=1", "a.example"]);
  assertEquals(seen.headers["user-agent"], "netwright");
  assertEquals(seen.headers["accept-encoding"], "gzip, deflate, br, zstd");
  const other = await fetched("http://a.example/", {
    fields: [["User-Agent", "x/1"], ["Accept", ""], ["X-Y", "z"]],
  }, { compression: false });
  assertEquals(other.headers["user-agent"], "x/1");
  assertEquals(other.headers["x-y"], "z");
  assertEquals("accept" in other.headers || "accept-encoding" in other.headers, false);
});

const REDIRECTS: readonly (readonly [
  status: number,
  method: string,
  becomes: string,
  body: string,
])[] = [
  [301, "GET", "GET", ""],
  [301, "POST", "GET", ""],
  [302, "POST", "GET", ""],
  [302, "PUT", "PUT", "b"],
  [303, "PUT", "GET", ""],
  [303, "HEAD", "HEAD", ""],
  [307, "POST", "POST", "b"],
  [308, "DELETE", "DELETE", "b"],
];

for (const [status, method, becomes, body] of REDIRECTS) {
  Deno.test(`a redirect ${status} of ${method} becomes ${becomes}`, async () => {
    await using web = served(mirrorRequest);
    using agent = new UserAgent({ network: web.network });
    const response = await agent.request(method, `http://a.example/redirect/${status}?to=/end`, {
      body: method === "GET" || method === "HEAD" ? undefined : "b",
    });
    assertEquals(response.url, "http://a.example/end");
    assertEquals(response.history.map(({ status }) => status), [status]);
    if (becomes === "HEAD") assertEquals(await response.text(), "");
    else {
      const seen = await response.json() as Seen;
      assertEquals([seen.method, seen.body], [becomes, body]);
    }
  });
}

Deno.test("another origin gets no credentials, no cookies and no fields that may be secrets", async () => {
  const options = {
    fields: [
      ["Authorization", "Bearer x"],
      ["Cookie", "own=1"],
      ["X-Api-Key", "secret"],
      ["Accept-Language", "de"],
    ] as const,
  };
  const same = await fetched("http://u:p@a.example/redirect/302?to=/end", options);
  assertEquals(same.headers["x-api-key"], "secret");
  assertEquals(same.headers.cookie, "own=1");
  for (const to of ["http://b.example/end", "http://a.example:81/end", "//b.example/"]) {
    const url = `http://u:p@a.example/redirect/307?to=${encodeURIComponent(to)}`;
    const other = await fetched(url, { ...options, method: "POST", body: "b" }).catch((error) =>
      error
    );
    if (to.includes(":81")) {
      // Nobody listens there; that it was tried is enough.
      assertStringIncludes(String(other), "a.example:81");
      continue;
    }
    for (const name of ["authorization", "cookie", "x-api-key"]) {
      assertEquals(other.headers[name], undefined, name);
    }
    assertEquals(other.headers["accept-language"], "de");
    assertEquals(other.body, "b");
  }
});

const REFUSED: readonly (readonly [to: string, error: unknown, text: RegExp])[] = [
  ["file:///etc/passwd", ProtocolError, /file:/],
  ["javascript:alert(1)", ProtocolError, /javascript:/],
  ["ftp://a.example/", ProtocolError, /ftp:/],
  ["http://[", ProtocolError, /no URL/],
  ["http://127.0.0.1/", CapabilityError, /loopback/],
  ["http://localhost/", CapabilityError, /loopback|reserved/],
  ["http://[::1]/", CapabilityError, /loopback/],
  ["http://0x7f.1/", CapabilityError, /loopback/],
  ["http://2130706433/", CapabilityError, /loopback/],
  ["http://169.254.169.254/latest/meta-data", CapabilityError, /link-local/],
  ["http://inner.example/", CapabilityError, /private/],
];

for (const [to, error, text] of REFUSED) {
  Deno.test(`a redirect to ${to} is refused`, async () => {
    const thrown = await assertRejects(
      () => fetched(`http://a.example/redirect/302?to=${encodeURIComponent(to)}`),
      // deno-lint-ignore no-explicit-any -- one of our errors
      error as any,
    );
    assert(text.test(String(thrown)), String(thrown));
  });
}

Deno.test("a host that was allowed may be an inner one; the first one may always", async () => {
  const url = "http://a.example/redirect/302?to=http://inner.example/end";
  assertEquals((await fetched(url, {}, { allowedHosts: ["inner.example"] })).host, "inner.example");
  assertEquals((await fetched("http://inner.example/x")).host, "inner.example");
  const thrown = await assertRejects(
    () => fetched(url, {}, { capabilities: { net: ["a.example:80"] } }),
    CapabilityError,
  );
  assertStringIncludes(thrown.message, "out of scope");
});

Deno.test("circles end, redirects can be left alone, an empty one leads nowhere", async () => {
  await using web = served((request) =>
    request.url.endsWith("/loop")
      ? new Response("", { status: 302, headers: { location: "/loop" } })
      : mirrorRequest(request)
  );
  using agent = new UserAgent({ network: web.network, maxRedirects: 3 });
  await assertRejects(
    () => agent.request("GET", "http://a.example/loop"),
    ProtocolError,
    "more than 3 redirects",
  );
  const loop = "http://a.example/redirect/302?to=";
  using still = new UserAgent({ network: web.network, maxRedirects: 0 });
  for (const [one, to] of [[still, "/x"], [agent, ""]] as const) {
    const response = await one.request("GET", `${loop}${to}`);
    assertEquals([response.status, await response.text()], [302, "gone"]);
  }
});

Deno.test("a fragment stays unless there is another", async () => {
  assertEquals(
    (await fetched("http://a.example/redirect/302?to=/end#part")).url,
    "http://a.example/end#part",
  );
  assertEquals(
    (await fetched("http://a.example/redirect/302?to=/end%23other#part")).url,
    "http://a.example/end#other",
  );
});

Deno.test("what is none of the Web, or would end a line, is refused at once", async () => {
  using agent = new UserAgent({ network: webNetwork() });
  for (const url of ["ftp://a.example/", "a.example", "file:///x", "http://a.example:99999/"]) {
    await assertRejects(() => agent.request("GET", url), UsageError);
  }
  for (
    const [method, fields] of [
      ["GET", [["A", "b\r\nC: d"]]],
      ["GET", [["A\r\nB", "c"]]],
      ["GET", [["A", "b\0"]]],
      ["G ET", []],
      ["GET\r\nX: y", []],
    ] as const
  ) {
    await assertRejects(
      () => agent.request(method, "http://a.example/", { fields }),
      InjectionError,
    );
  }
});

const CHALLENGES = {
  basic: 'Basic realm="a"',
  digest: 'Digest realm="a", nonce="n1", qop="auth", algorithm=SHA-256',
  both: 'Basic realm="a", Digest realm="a", nonce="n1", qop="auth"',
};

for (const [name, challenge] of Object.entries(CHALLENGES)) {
  Deno.test(`a login by ${name}, which is remembered`, async () => {
    const seen: string[] = [];
    await using web = served((request) => {
      const value = request.headers.get("authorization") ?? "";
      seen.push(value.split(" ", 1)[0]!);
      if (value === "") {
        return new Response("who?", { status: 401, headers: { "www-authenticate": challenge } });
      }
      return new Response("in");
    });
    using agent = new UserAgent({ network: web.network });
    const url = "http://ann:s%40same@127.0.0.1/";
    assertEquals(await (await agent.request("GET", url)).text(), "in");
    assertEquals(await (await agent.request("GET", "http://127.0.0.1/b")).text(), "in");
    assertEquals(await (await agent.request("GET", url)).text(), "in");
    const scheme = name === "basic" ? "Basic" : "Digest";
    assertEquals(seen, ["", scheme, scheme, scheme]);
  });
}

Deno.test("a password is not sent in clear text elsewhere, nor twice when it was refused", async () => {
  let asked = 0;
  await using web = served(() => {
    asked++;
    return new Response("", { status: 401, headers: { "www-authenticate": CHALLENGES.basic } });
  });
  using agent = new UserAgent({ network: web.network });
  await assertRejects(
    () => agent.request("GET", "http://u:p@a.example/"),
    NetwrightError,
    "others can read it",
  );
  assertEquals(asked, 1);
  using careless = new UserAgent({ network: web.network, insecureAuth: true });
  const response = await careless.request("GET", "http://u:p@a.example/");
  response.close();
  assertEquals([response.status, asked], [401, 3]);
  using token = new UserAgent({
    network: web.network,
    credentialsFor: () => ({ token: new Secret("t") }),
  });
  await assertRejects(
    () => token.request("GET", "http://a.example/"),
    NetwrightError,
    "others can read it",
  );
});

Deno.test("a server that asks for ever is asked a few times", async () => {
  let asked = 0;
  await using web = served(() => {
    const challenge = `Digest realm="a", nonce="${asked++}", qop="auth", stale=true`;
    return new Response("", { status: 401, headers: { "www-authenticate": challenge } });
  });
  using agent = new UserAgent({ network: web.network });
  const response = await agent.request("GET", "http://u:p@127.0.0.1/");
  response.close();
  assertEquals([response.status, asked], [401, 4]);
});

Deno.test("attempts are repeated when that may help, and as the server says", async () => {
  let left = 2;
  await using web = served(() =>
    left-- > 0
      ? new Response("later", { status: 503, headers: { "retry-after": "0" } })
      : new Response("now")
  );
  using agent = new UserAgent({ network: web.network, retries: 2 });
  const response = await agent.request("GET", "http://a.example/");
  assertEquals(await response.text(), "now");
  assertEquals(response.history.map(({ status, reason }) => `${status} ${reason}`), [
    "503 retry",
    "503 retry",
  ]);
  left = 9;
  assertEquals((await agent.request("GET", "http://a.example/")).status, 503);
});

Deno.test("a wait that is too long is not begun; the longest time is for all attempts", async () => {
  await using web = served(() =>
    new Response("", { status: 429, headers: { "retry-after": "3600" } })
  );
  using agent = new UserAgent({ network: web.network, retries: 5 });
  assertEquals((await agent.request("GET", "http://a.example/")).status, 429);
  await using silent = scripted(web.network, [""], 81);
  await assertRejects(
    () => agent.request("GET", "http://a.example:81/", { timeoutMs: 50 }),
    TimeoutError,
  );
  assertEquals(silent.requests.length, 1);
});

async function zipped(format: "gzip" | "deflate" | "deflate-raw", bytes: Uint8Array) {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream()
    .pipeThrough(new CompressionStream(format));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

Deno.test("compressed bodies are decoded, in any pieces; broken ones and bombs are errors", async () => {
  const text = new TextEncoder().encode("hello ".repeat(1000));
  const { brotliCompressSync } = await import("node:zlib");
  const bodies: Record<string, [coding: string, body: Uint8Array]> = {
    gzip: ["gzip", await zipped("gzip", text)],
    zlib: ["deflate", await zipped("deflate", text)],
    bare: ["deflate", await zipped("deflate-raw", text)],
    br: ["br", brotliCompressSync(text)],
    twice: ["gzip, gzip", await zipped("gzip", await zipped("gzip", text))],
    cut: ["gzip", (await zipped("gzip", text)).subarray(0, 30)],
    wrong: ["gzip", text],
    none: ["gzip", new Uint8Array(0)],
    unknown: ["utf-8", text],
    bomb: ["gzip", await zipped("gzip", new Uint8Array(20_000_000))],
    many: ["gzip, gzip, gzip, gzip", await zipped("gzip", text)],
  };
  await using web = served((request) => {
    const [coding, body] = bodies[new URL(request.url).pathname.slice(1)]!;
    return new Response(body as Uint8Array<ArrayBuffer>, {
      headers: { "content-encoding": coding },
    });
  }, { maxReadBytes: 100 });
  using agent = new UserAgent({ network: web.network, maxDecodedBytes: 1_000_000 });
  const get = async (name: string) =>
    await (await agent.request("GET", `http://a.example/${name}`)).text();
  for (const name of ["gzip", "zlib", "bare", "br", "twice", "unknown"]) {
    assertEquals((await get(name)).length, text.length, name);
  }
  assertEquals(await get("none"), "");
  await assertRejects(() => get("cut"), ProtocolError, "coding");
  // curl/curl#2368: a page that was not compressed after all.
  assertEquals((await get("wrong")).length, text.length);
  await assertRejects(() => get("bomb"), LimitError, "more than 1000000 bytes");
  await assertRejects(() => get("many"), LimitError, "codings");
});

Deno.test("hosts that want TLS get it, also without being asked again", async () => {
  await using web = served(mirrorRequest);
  using agent = new UserAgent({ network: web.network });
  // Over plain text the field means nothing (RFC 6797 §8.1).
  await using odd = scripted(web.network, [
    "HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=99\r\nContent-Length: 0\r\n\r\n",
  ], 8080);
  for (const _ of [1, 2]) (await agent.request("GET", "http://a.example:8080/")).close();
  assertEquals(odd.requests.length, 2);
});

Deno.test("a form with files is sent as it is read", async () => {
  const pieces = ["ab", "c"].map((text) => new TextEncoder().encode(text));
  const { body, contentType } = multipartForm([
    { name: 'a"b', content: "x" },
    {
      name: "f",
      content: async function* () {
        yield* pieces;
      },
      fileName: "d\r\ne.txt",
      type: "text/plain",
    },
  ], "B");
  const seen = await fetched("http://a.example/", {
    method: "POST",
    body,
    fields: [["Content-Type", contentType]],
  });
  assertEquals(seen.headers["content-type"], "multipart/form-data; boundary=B");
  assertEquals(
    seen.body,
    '--B\r\nContent-Disposition: form-data; name="a%22b"\r\n\r\nx\r\n' +
      '--B\r\nContent-Disposition: form-data; name="f"; filename="d%0D%0Ae.txt"\r\n' +
      "Content-Type: text/plain\r\n\r\nabc\r\n--B--\r\n",
  );
});

Deno.test("what a form holds comes out of it again", async () => {
  const text = fc.string({ unit: "binary", maxLength: 50 }).filter((one) => one.isWellFormed());
  const value = fc.record({ name: fc.string({ minLength: 1, maxLength: 10 }), content: text });
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 5 }), async (values) => {
      const { body, contentType } = multipartForm(values);
      const bytes = await new Response(ReadableStream.from(body.open())).bytes();
      assertEquals(bytes.length, body.bytes);
      const headers = { "content-type": contentType };
      const form = await new Response(bytes, { headers }).formData();
      assertEquals([...form.values()], values.map(({ content }) => content));
    }),
  );
});
