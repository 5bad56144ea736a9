import { assert, assertEquals, assertMatch } from "@std/assert";
import { readToEnd, systemNetwork, writeAll } from "../../../src/net/mod.ts";
import { parseRequestHead } from "../../../src/protocols/http/internal.ts";
import { type AccessEntry, formatAccess } from "../../../src/services/http/access_log.ts";
import { netwright, serve } from "../../support/netwright.ts";

const TIME = new Date("2000-10-10T13:55:36.500Z");

function entry(request: string | undefined, status = 200): AccessEntry {
  const head = request === undefined ? undefined : parseRequestHead(request);
  return { client: "192.0.2.7", time: TIME, head, status, bodyBytes: 2326, sent: 0, received: 0 };
}

const LINES: readonly [request: string | undefined, rest: string][] = [
  ["GET /a?b HTTP/1.1\r\nHost: x", `"GET /a?b HTTP/1.1" 200 2326 "-" "-"`],
  [
    "GET /a HTTP/1.0\r\nReferer: http://y/\r\nUser-Agent: curl/8",
    `"GET /a HTTP/1.0" 200 2326 "http://y/" "curl/8"`,
  ],
  [
    `GET /"a HTTP/1.0\r\nUser-Agent: a" 200 1 "\\`,
    String.raw`"GET /\"a HTTP/1.0" 200 2326 "-" "a\" 200 1 \"\\"`,
  ],
  ["GET /a HTTP/1.0\r\nUser-Agent: \x9b2J", String.raw`"GET /a HTTP/1.0" 200 2326 "-" "\x9b2J"`],
  [undefined, `"-" 200 2326 "-" "-"`],
];

for (const [request, rest] of LINES) {
  Deno.test(`formatAccess(): ${JSON.stringify(request)}`, () => {
    const line = formatAccess(entry(request), "combined");
    assertEquals(line, `192.0.2.7 - - [10/Oct/2000:13:55:36 +0000] ${rest}`);
  });
}

Deno.test("formatAccess(): as JSON, nothing is lost and nothing ends the line", () => {
  const line = formatAccess(entry(`POST /"\\ HTTP/1.1\r\nHost: x\r\nUser-Agent: a"b`, 404), "json");
  assertEquals(JSON.parse(line), {
    time: TIME.toISOString(),
    client: "192.0.2.7",
    method: "POST",
    target: '/"\\',
    version: "1.1",
    host: "x",
    status: 404,
    bytes: 2326,
    agent: 'a"b',
  });
  assert(!line.includes("\n"));
});

for (const model of ["multiplex", "prefork", "prethread"]) {
  Deno.test(`serve http --access-log under ${model}: a line for each request, after a move too`, async () => {
    const folder = await Deno.makeTempDir();
    const file = `${folder}/access.log`;
    try {
      const words = ["http", "--listen", "127.0.0.1:0", "--sample", "5", "--model", model];
      await using server = await serve([...words, "--access-log", file, "-q"]);
      const ask = async (path: string): Promise<void> => {
        const [hostname = "", port] = server.endpoint.split(":");
        using connection = await systemNetwork().connect({ hostname, port: Number(port) });
        const request = `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
        await writeAll(connection, new TextEncoder().encode(request));
        assertMatch(new TextDecoder().decode(await readToEnd(connection)), /xxxxx$/);
      };
      for (let i = 0; i < 5; i++) await ask(`/${i}`);
      await written(file, 5);
      await Deno.rename(file, `${file}.1`);
      await ask("/after");
      assertMatch(
        await written(file, 1),
        /^127\.0\.0\.1 - - \[\d\d\/\w{3}\/\d{4}:[\d:]{8} \+0000\] "GET \/after HTTP\/1\.1" 200 5 "-" "-"\n$/,
      );
      assertEquals((await server.stop("SIGTERM")).code, 0);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/** The file once it has so many lines: the client has its answer before the line is written. */
async function written(file: string, lines: number): Promise<string> {
  const has = async (): Promise<string | undefined> => {
    const text = await Deno.readTextFile(file).catch(() => "");
    return text.split("\n").length > lines ? text : undefined;
  };
  using watcher = Deno.watchFs(file.replace(/[^/]*$/, ""));
  const now = await has();
  if (now !== undefined) return now;
  for await (const _ of watcher) {
    const text = await has();
    if (text !== undefined) return text;
  }
  throw new Error("the watcher ended");
}

Deno.test("serve http refuses a log that it cannot keep", async () => {
  const words = ["serve", "http", "--access-log", "x", "--access-format", "common"];
  const { code, stderr } = await netwright([...words, "--listen", "127.0.0.1:0"]);
  assertEquals(code, 2);
  assertMatch(stderr, /--access-format takes combined, json\n$/);
  const nowhere = ["serve", "http", "--access-log", "/nosuch/x", "--listen", "127.0.0.1:0"];
  const refused = await netwright(nowhere);
  assertEquals([refused.code, refused.stdout], [1, ""]);
  assertMatch(refused.stderr, /^netwright: serve: \/nosuch\/x: no such file/);
});
