/** The http service, in memory, with a folder of its own. */

import { assertEquals, assertMatch } from "@std/assert";
import { dial, memoryNetwork, parseEndpoint, readToEnd } from "../../../src/net/mod.ts";
import { serveMultiplex } from "../../../src/servers/mod.ts";
import { streamService } from "../../../src/services/mod.ts";
import { latin1 } from "../../support/bytes.ts";
import { MALFORMED_REQUESTS } from "../../support/malformed_requests.ts";

const BIG = new Uint8Array(200_000).map((_, index) => index % 251);
const MODIFIED = new Date("2026-01-02T03:04:05Z");

/** A site for one test, and a function that sends bytes and gives all that comes back. */
async function site(): Promise<
  AsyncDisposable & { readonly root: string; send(wire: string): Promise<string> }
> {
  const root = await Deno.makeTempDir();
  const outside = await Deno.makeTempDir();
  await Deno.writeTextFile(`${outside}/secret`, "secret");
  await Deno.mkdir(`${root}/sub`);
  await Deno.mkdir(`${root}/index`);
  await Deno.writeTextFile(`${root}/a.txt`, "0123456789");
  await Deno.writeTextFile(`${root}/a.txt.gz`, "pressed");
  await Deno.writeTextFile(`${root}/12:30 <é>.txt`, "odd");
  await Deno.writeTextFile(`${root}/.hidden`, "secret");
  await Deno.writeTextFile(`${root}/index/index.html`, "<p>index");
  await Deno.writeFile(`${root}/big.bin`, BIG);
  await Deno.symlink(`${outside}/secret`, `${root}/link`);
  await Deno.symlink(outside, `${root}/sub/out`);
  for (const name of ["a.txt", "a.txt.gz"]) await Deno.utime(`${root}/${name}`, MODIFIED, MODIFIED);
  const network = memoryNetwork({ maxReadBytes: 1000 });
  const service = await streamService("http", { root });
  const server = serveMultiplex(service, { network, endpoint: parseEndpoint("127.0.0.1:0") });
  return {
    root,
    async send(wire) {
      using connection = await dial(server.endpoint, { network });
      const bytes = Uint8Array.from(wire, (character) => character.charCodeAt(0));
      const reading = readToEnd(connection, { maxBytes: 10_000_000 });
      for (let done = 0; done < bytes.length;) {
        const written = await connection.write(bytes.subarray(done)).catch(() => undefined);
        if (written === undefined) break;
        done += written;
      }
      await connection.closeWrite().catch(() => {});
      return latin1(await reading);
    },
    async [Symbol.asyncDispose]() {
      await server.shutdown(0);
      await Deno.remove(root, { recursive: true });
      await Deno.remove(outside, { recursive: true });
    },
  };
}

const get = (target: string, fields = ""): string =>
  `GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;

interface Answer {
  readonly status: number;
  readonly fields: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Takes answers apart; each says how long it is. */
function parse(wire: string): Answer[] {
  const answers: Answer[] = [];
  for (let rest = wire; rest !== "";) {
    const end = rest.indexOf("\r\n\r\n");
    const [first = "", ...lines] = rest.slice(0, end).split("\r\n");
    const fields = new Map(lines.map((line) => {
      const [name = "", value = ""] = line.split(": ");
      return [name.toLowerCase(), value] as const;
    }));
    const length = Number(fields.get("content-length") ?? 0);
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]);
    answers.push({ status, fields, body: rest.slice(end + 4, end + 4 + length) });
    rest = rest.slice(end + 4 + length);
  }
  return answers;
}

Deno.test("requests one after the other on one connection are answered in order", async () => {
  await using here = await site();
  const answers = parse(
    await here.send(
      get("/a.txt") + get("/nosuch") + get("/big.bin?x=y") + get("/index/") + get("/") +
        "GET /12:30%20%3C%C3%A9%3E.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" +
        get("/a.txt"),
    ),
  );
  assertEquals(answers.map(({ status }) => status), [200, 404, 200, 200, 200, 200]);
  assertEquals(answers[0]!.body, "0123456789");
  assertEquals(answers[0]!.fields.get("content-type"), "text/plain; charset=utf-8");
  assertEquals(answers[0]!.fields.get("last-modified"), "Fri, 02 Jan 2026 03:04:05 GMT");
  assertEquals(answers[2]!.body === latin1(BIG), true);
  assertEquals(answers[3]!.body, "<p>index");
  assertMatch(answers[4]!.body, /href="\.\/12%3A30%20%3C%C3%A9%3E\.txt">12:30 &lt;/);
  assertEquals(/hidden|link/.test(answers[4]!.body), false);
  assertEquals([answers[5]!.body, answers[5]!.fields.get("connection")], ["odd", "close"]);
});

Deno.test("nothing outside the folder is reached, however it is spelled", async (t) => {
  await using here = await site();
  const targets = [
    "/link",
    "/sub/out/secret",
    "/sub/out/",
    "/.hidden",
    "/../secret",
    "/sub/../../secret",
    "/%2e%2e/secret",
    "/%2E%2E%2Fsecret",
    "/..%2fsecret",
    "/..%5csecret",
    "/..\\secret",
    "/%252e%252e/secret",
    "/..%c0%afsecret",
    "/%c0%ae%c0%ae/secret",
    "/a.txt%00",
    "/a.txt%0d%0aX:%20y",
    "//etc/passwd",
    "///etc/passwd",
    "/./a.txt",
    "/sub//out",
    "/a.txt/",
    "/%",
    "/%zz",
    here.root,
    "file:///etc/passwd",
  ];
  for (const target of targets) {
    await t.step(JSON.stringify(target), async () => {
      const wire = await here.send(get(target, "Connection: close\r\n"));
      const [answer] = parse(wire);
      assertEquals([400, 404].includes(answer!.status), true, wire);
      assertEquals(/secret|root:|^X:/m.test(wire), false, wire);
    });
  }
});

Deno.test("malformed requests are refused by status, and the connection ends", async (t) => {
  await using here = await site();
  for (const [name, wire, status] of MALFORMED_REQUESTS) {
    await t.step(name, async () => {
      // What follows a malformed request must never be taken for another one.
      const answers = parse(await here.send(wire + get("/a.txt")));
      assertEquals(answers.map((answer) => answer.status), [status]);
      assertEquals(answers[0]!.fields.get("connection"), "close");
    });
  }
});

Deno.test("conditions, parts, encodings and methods", async (t) => {
  await using here = await site();
  const [plain] = parse(await here.send(get("/a.txt", "Connection: close\r\n")));
  const tag = plain!.fields.get("etag")!;
  const date = plain!.fields.get("last-modified")!;
  const earlier = "Thu, 01 Jan 2026 00:00:00 GMT";
  const cases: readonly [
    fields: string,
    status: number,
    body?: string | undefined,
    more?: [string, string],
  ][] = [
    [`If-None-Match: ${tag}`, 304],
    [`If-None-Match: "x", W/${tag}`, 304],
    ["If-None-Match: *", 304],
    [`If-None-Match: "x"\r\nIf-Modified-Since: ${date}`, 200, "0123456789"],
    [`If-Modified-Since: ${date}`, 304],
    [`If-Modified-Since: ${earlier}`, 200, "0123456789"],
    ["If-Modified-Since: yesterday", 200, "0123456789"],
    [`If-Match: "x"`, 412],
    [`If-Match: ${tag}`, 200, "0123456789"],
    [`If-Unmodified-Since: ${earlier}`, 412],
    [`If-Unmodified-Since: ${date}`, 200, "0123456789"],
    ["Range: bytes=0-0", 206, "0", ["content-range", "bytes 0-0/10"]],
    ["Range: bytes=8-", 206, "89", ["content-range", "bytes 8-9/10"]],
    ["Range: bytes=-3", 206, "789", ["content-range", "bytes 7-9/10"]],
    ["Range: bytes=8-99", 206, "89", ["content-range", "bytes 8-9/10"]],
    ["Range: bytes=10-", 416, undefined, ["content-range", "bytes */10"]],
    ["Range: bytes=-0", 416],
    ["Range: bytes=5-4", 200, "0123456789"],
    ["Range: bytes=0-1,3-4", 200, "0123456789"],
    ["Range: lines=0-1", 200, "0123456789"],
    [`Range: bytes=0-1\r\nIf-Range: ${tag}`, 206, "01"],
    [`Range: bytes=0-1\r\nIf-Range: "x"`, 200, "0123456789"],
    [`Range: bytes=0-1\r\nIf-Range: ${earlier}`, 200, "0123456789"],
    ["Accept-Encoding: gzip, br", 200, "pressed", ["content-encoding", "gzip"]],
    ["Accept-Encoding: gzip;q=0", 200, "0123456789"],
  ];
  for (const [fields, status, body, more] of cases) {
    await t.step(fields, async () => {
      const [answer] = parse(await here.send(get("/a.txt", `${fields}\r\nConnection: close\r\n`)));
      assertEquals(answer!.status, status);
      if (body !== undefined) assertEquals(answer!.body, body);
      if (more !== undefined) assertEquals(answer!.fields.get(more[0]), more[1]);
    });
  }
  const head = await here.send("HEAD /a.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  assertMatch(
    head,
    /^HTTP\/1\.1 200 OK\r\n[^]*\r\nContent-Length: 10\r\nConnection: close\r\n\r\n$/,
  );
  const post = "POST /a.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
  assertEquals(parse(await here.send(post + get("/a.txt"))).map(({ status }) => status), [
    405,
    200,
  ]);
  const waits =
    "PUT /a.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
  assertEquals(parse(await here.send(waits)).map(({ status }) => status), [405]);
  assertEquals(
    parse(await here.send("GET /sub HTTP/1.0\r\n\r\n"))[0]!.fields.get("location"),
    "/sub/",
  );
});

Deno.test("the page of a folder is never taken from a compressed one of another folder", async () => {
  await using here = await site();
  await Deno.writeTextFile(`${here.root}/index.html.gz`, "the root's");
  const ask = async (): Promise<string> => {
    const fields = "Accept-Encoding: gzip\r\nConnection: close\r\n";
    return parse(await here.send(get("/index/", fields)))[0]!.body;
  };
  assertEquals(await ask(), "<p>index");
  assertEquals(await ask(), "<p>index");
});

Deno.test("well-known resources, caches, versions within one second, names that are not UTF-8", async (t) => {
  await using web = await site();
  const get = (target: string, fields = "") =>
    web.send(`GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}Connection: close\r\n\r\n`);
  await t.step("/.well-known/ is served, other dot names are not (RFC 8615)", async () => {
    await Deno.mkdir(`${web.root}/.well-known`);
    await Deno.mkdir(`${web.root}/sub/.well-known`);
    for (const folder of [".well-known", "sub/.well-known"]) {
      await Deno.writeTextFile(`${web.root}/${folder}/security.txt`, "Contact: mailto:a@b.example");
    }
    await Deno.writeTextFile(`${web.root}/.well-known/.hidden`, "secret");
    assertMatch(await get("/.well-known/security.txt"), /^HTTP\/1\.1 200 .*Contact/s);
    assertMatch(await get("/.well-known/.hidden"), /^HTTP\/1\.1 404 /);
    assertMatch(await get("/sub/.well-known/security.txt"), /^HTTP\/1\.1 404 /);
    assertMatch(await get("/.hidden"), /^HTTP\/1\.1 404 /);
  });
  await t.step("a file with a compressed sibling varies, for every client", async () => {
    assertMatch(await get("/a.txt"), /\r\nVary: Accept-Encoding\r\n.*0123456789$/s);
    assertMatch(
      await get("/a.txt", "If-Modified-Since: Fri, 02 Jan 2026 03:04:05 GMT\r\n"),
      /^HTTP\/1\.1 304 .*\r\nVary: Accept-Encoding\r\n/s,
    );
    assertEquals((await get("/big.bin")).includes("Vary"), false);
  });
  await t.step("two versions of one size in one second have two tags", async () => {
    const tags = new Set<string>();
    for (const ms of [100, 900]) {
      await Deno.writeTextFile(`${web.root}/v${ms}`, "same size");
      await Deno.utime(`${web.root}/v${ms}`, new Date(ms), new Date(ms));
      const answer = await get(`/v${ms}`);
      tags.add(/\r\nETag: (".*?")/.exec(answer)![1]!);
      assertMatch(answer, /\r\nLast-Modified: Thu, 01 Jan 1970 00:00:00 GMT\r\n/);
      const since = "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT\r\n";
      assertMatch(await get(`/v${ms}`, since), /^HTTP\/1\.1 304 /);
      const part = "Range: bytes=0-1\r\nIf-Range: Thu, 01 Jan 1970 00:00:00 GMT\r\n";
      assertMatch(await get(`/v${ms}`, part), /^HTTP\/1\.1 206 /);
    }
    assertEquals(tags.size, 2);
  });
  await t.step("types of web manifests and source maps", async () => {
    await Deno.writeTextFile(`${web.root}/app.webmanifest`, "{}");
    await Deno.writeTextFile(`${web.root}/app.js.map`, "{}");
    assertMatch(await get("/app.webmanifest"), /\r\nContent-Type: application\/manifest\+json\r\n/);
    assertMatch(await get("/app.js.map"), /\r\nContent-Type: application\/json\r\n/);
  });
  await t.step("a name that is not UTF-8 is reported", async () => {
    const printf = `printf x > "$(printf '${web.root}/caf\\351.txt')"`;
    await new Deno.Command("sh", { args: ["-c", printf] }).output();
    assertMatch(await get("/"), /<td>caf\xef\xbf\xbd\.txt<td>its name is not UTF-8/);
  });
});
