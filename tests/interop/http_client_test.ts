/** `http get` and its kin against nginx, lighttpd, proxies and raw servers, with the results of `curl` beside them. */

import { assert, assertEquals } from "@std/assert";
import { certificates } from "../support/certificates.ts";
import { type Ended, netwright } from "../support/netwright.ts";
import { inFolder } from "../support/trees.ts";
import { needs } from "./peers/needs.ts";
import { run } from "./peers/program.ts";
import {
  startLighttpd,
  startMicrosocks,
  startNginx,
  startRaw,
  startSquid,
  startTinyproxy,
} from "./peers/web_servers.ts";

const programs = ["nginx", "lighttpd", "tinyproxy", "squid", "microsocks", "curl"];
const ignore = (await Promise.all(programs.map(needs))).includes(false);

/** What a client made of a request. */
interface Outcome {
  readonly status: number;
  readonly body: string;
  readonly url: string;
  readonly redirects: number;
  readonly type: string;
  readonly hasFailed: boolean;
  /** The header fields of the last response that do not depend on time or connection. */
  readonly fields: string;
}

const PASSING =
  /^(?:date|connection|keep-alive|via|age|x-cache.*|.*-authenticate|transfer-encoding)$/;

function fieldsOf(headers: Readonly<Record<string, string | readonly string[]>>): string {
  return Object.entries(headers).filter(([name]) => !PASSING.test(name))
    .map(([name, value]) => `${name}: ${[value].flat().join("|")}`.trimEnd())
    .sort().join("\n");
}

async function byCurl(words: readonly string[]): Promise<Outcome> {
  const format =
    "\n==%{http_code}\t%{url_effective}\t%{num_redirects}\t%{content_type}\t%{header_json}";
  const { code, stdout } = await new Deno.Command("curl", {
    args: ["-sL", "--fail-with-body", "--max-redirs", "20", "-w", format, ...words],
    stderr: "null",
    stdin: "null",
  }).output();
  const text = new TextDecoder("latin1").decode(stdout);
  const end = text.lastIndexOf("\n==");
  const [status, url = "", redirects, type = "", headers = "{}"] = text.slice(end + 3).split("\t");
  return {
    status: Number(status),
    body: text.slice(0, end),
    url,
    redirects: Number(redirects),
    type,
    hasFailed: code !== 0,
    fields: fieldsOf(JSON.parse(headers)),
  };
}

async function byUs(words: readonly string[]): Promise<Outcome> {
  const { code, stdout } = await netwright(["http", ...words, "--json"]);
  const line = stdout === "" ? undefined : JSON.parse(stdout);
  const bytes = line?.base64 === undefined
    ? new TextEncoder().encode(line?.body ?? "")
    : Uint8Array.fromBase64(line.base64);
  return {
    status: line?.status ?? 0,
    body: new TextDecoder("latin1").decode(bytes),
    url: line?.url ?? "",
    redirects:
      (line?.redirects ?? []).filter((one: { reason: string }) => one.reason === "redirect")
        .length,
    type: line?.headers["content-type"] ?? "",
    hasFailed: code !== 0,
    fields: fieldsOf(line?.headers ?? {}),
  };
}

const OK = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

const RAW = {
  "/chunked": [
    `${OK}Transfer-Encoding: chunked\r\n\r\n`,
    "3\r\nabc\r\n",
    20,
    "2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n",
  ],
  "/unending": [`${OK}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`],
  "/short": [`${OK}Content-Length: 9\r\n\r\nabc`],
  "/long": [`${OK}Content-Length: 3\r\n\r\nabcdef`],
  "/rest": [`${OK}\r\nabc`],
  "/old": ["HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nabc"],
  "/hints": [`HTTP/1.1 103 Early\r\nLink: </x>\r\n\r\n${OK}Content-Length: 3\r\n\r\nabc`],
  "/lf": ["HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 3\n\nabc"],
  "/nothing": [""],
  "/cut": ["HTTP/1.1 200 OK\r\nContent-"],
  "/garbage": ["garbage\r\n\r\n"],
  "/empty-location": [
    "HTTP/1.1 302 Found\r\nContent-Type: text/plain\r\nLocation:\r\nContent-Length: 1\r\n\r\nx",
  ],
  "/space": ["HTTP/1.1 302 Found\r\nLocation: /a b\r\nContent-Length: 0\r\n\r\n"],
  "/a%20b": [`${OK}Content-Length: 3\r\n\r\nabc`],
  "/slow": [OK, 30, "Content-", 30, "Length: 3\r\n\r\na", 30, "b", 30, "c"],
};

Deno.test({
  name: "forty requests have the results that curl has",
  ignore,
  async fn(t) {
    await using nginx = await startNginx();
    await using lighttpd = await startLighttpd();
    await using tinyproxy = await startTinyproxy();
    await using squid = await startSquid();
    await using microsocks = await startMicrosocks();
    await using raw = startRaw(RAW);
    const { folder } = await certificates();
    const a = `http://127.0.0.1:${nginx.port}`;
    const tls = `https://localhost:${nginx.tlsPort}`;
    const l = `http://127.0.0.1:${lighttpd.port}`;
    const r = `http://127.0.0.1:${raw.port}`;
    const ca = [["--cacert", `${folder}/ca.pem`], ["--ca", `${folder}/ca.pem`]] as const;
    const proxy = (kind: string, port: number, login = "ann:sesame@") =>
      ["--proxy", `${kind}://${login}127.0.0.1:${port}`] as const;
    type Words = readonly string[];
    const both = (...words: Words): [Words, Words] => [words, ["get", ...words]];
    const row = (curl: Words, us: Words): [Words, Words] => [curl, us];
    const rows: readonly (readonly [name: string, words: readonly [Words, Words]])[] = [
      ["a file", both(`${a}/a.txt`)],
      ["an empty file", both(`${a}/empty.txt`)],
      ["a large file", both(`${a}/large.bin`)],
      ["no file", both(`${a}/missing`)],
      ["a blank in the path", row([`${a}/with%20space.txt`], ["get", `${a}/with space.txt`])],
      ["letters beyond ASCII", row([`${a}/%C3%BCber.txt`], ["get", `${a}/\u00fcber.txt`])],
      ["dots in the path", both(`${a}/x/../a.txt`)],
      ["a folder", both(`${a}/private`)],
      ["teapot", both(`${a}/teapot`)],
      ["a server's error", both(`${a}/error`)],
      ["no content", both(`${a}/none`)],
      ["closed without an answer", both(`${a}/closed`)],
      ...[301, 302, 303, 307, 308].map((status) =>
        [`redirect ${status}`, both(`${a}/${status}`)] as const
      ),
      ["redirects one after the other", both(`${a}/chain`)],
      ["POST and redirect 303", row(["-d", "x=1", `${a}/303`], ["post", "-d", "x=1", `${a}/303`])],
      ["a query", both(`${a}/query?a=b%20c&d`)],
      [
        "an agent's name and a field",
        row(
          ["-A", "own/1", "-H", "X-Own: y", `${a}/agent`],
          ["get", "-A", "own/1", "-H", "X-Own: y", `${a}/agent`],
        ),
      ],
      [
        "a cookie of a redirect",
        row(
          ["-b", "nothing", `${a}/cookie`],
          ["get", "--cookies", `${folder}/jar-${nginx.port}`, `${a}/cookie`],
        ),
      ],
      [
        "basic login",
        row(
          ["-u", "ann:s: same", `${a}/private/secret.txt`],
          ["get", `http://ann:s%3A%20same@127.0.0.1:${nginx.port}/private/secret.txt`],
        ),
      ],
      [
        "a wrong password",
        row(
          ["-u", "ann:wrong", `${a}/private/secret.txt`],
          ["get", `http://ann:wrong@127.0.0.1:${nginx.port}/private/secret.txt`],
        ),
      ],
      [
        "digest login, MD5",
        row(
          ["--digest", "-u", "ann:sesame", `${l}/md5/x.txt`],
          ["get", `http://ann:sesame@127.0.0.1:${lighttpd.port}/md5/x.txt`],
        ),
      ],
      [
        "digest login, SHA-256",
        row(
          ["--digest", "-u", "ann:sesame", `${l}/sha256/x.txt`],
          ["get", `http://ann:sesame@127.0.0.1:${lighttpd.port}/sha256/x.txt`],
        ),
      ],
      [
        "gzip",
        row(["--compressed", `${a}/zipped/text.txt`], [
          "get",
          "--compressed",
          `${a}/zipped/text.txt`,
        ]),
      ],
      [
        "brotli",
        row(
          ["--compressed", `${a}/brotli/text.txt`],
          ["get", "--compressed", `${a}/brotli/text.txt`],
        ),
      ],
      ["a range", row(["-r", "0-3", `${a}/a.txt`], ["get", "--range", "0-3", `${a}/a.txt`])],
      ["the last bytes", row(["-r", "-3", `${a}/a.txt`], ["get", "--range", "-3", `${a}/a.txt`])],
      [
        "a range behind the end",
        row(
          ["-r", "900-", `${a}/a.txt`],
          ["get", "--range", "900-", `${a}/a.txt`],
        ),
      ],
      ["TLS", row([...ca[0], `${tls}/a.txt`], ["get", ...ca[1], `${tls}/a.txt`])],
      ["TLS of an unknown authority", both(`${tls}/a.txt`)],
      [
        "HTTP/2",
        row(
          ["--http2", ...ca[0], `${tls}/chain`],
          ["get", "--http2", ...ca[1], `${tls}/chain`],
        ),
      ],
      [
        "tinyproxy",
        row(
          [...proxy("http", tinyproxy.port), `${a}/a.txt`],
          ["get", ...proxy("http", tinyproxy.port), `${a}/a.txt`],
        ),
      ],
      [
        "TLS through tinyproxy",
        row(
          [...proxy("http", tinyproxy.port), ...ca[0], `${tls}/a.txt`],
          ["get", ...proxy("http", tinyproxy.port), ...ca[1], `${tls}/a.txt`],
        ),
      ],
      [
        "squid",
        row(
          [...proxy("http", squid.port), `${a}/a.txt`],
          ["get", ...proxy("http", squid.port), `${a}/a.txt`],
        ),
      ],
      [
        "TLS through squid",
        row(
          [...proxy("http", squid.port), ...ca[0], `${tls}/a.txt`],
          ["get", ...proxy("http", squid.port), ...ca[1], `${tls}/a.txt`],
        ),
      ],
      [
        "squid without a login",
        row(
          [...proxy("http", squid.port, ""), `${a}/a.txt`],
          ["get", ...proxy("http", squid.port, ""), `${a}/a.txt`],
        ),
      ],
      [
        "SOCKS",
        row(
          [...proxy("socks5h", microsocks.port), `${a}/a.txt`],
          ["get", ...proxy("socks5h", microsocks.port), `${a}/a.txt`],
        ),
      ],
      [
        "TLS through SOCKS",
        row(
          [...proxy("socks5h", microsocks.port), ...ca[0], `${tls}/a.txt`],
          ["get", ...proxy("socks5", microsocks.port), ...ca[1], `${tls}/a.txt`],
        ),
      ],
      [
        "SOCKS without a login",
        row(
          [...proxy("socks5h", microsocks.port, ""), `${a}/a.txt`],
          ["get", ...proxy("socks5h", microsocks.port, ""), `${a}/a.txt`],
        ),
      ],
      ...Object.keys(RAW).map((path) => [`raw ${path}`, both(`${r}${path}`)] as const),
    ];
    assert(rows.length >= 40);
    for (const [name, [curl, us]] of rows) {
      await t.step(name, async () => {
        const [theirs, ours] = await Promise.all([byCurl(curl), byUs(us)]);
        // A head that breaks off is whole to curl 7.
        if (name === "raw /cut") return assertEquals([ours.hasFailed, ours.status], [true, 0]);
        assertEquals(ours.hasFailed, theirs.hasFailed, "exit status");
        // Of what broke off, no part is a result.
        if (theirs.hasFailed && theirs.status < 400) return;
        const url = name === "letters beyond ASCII" ? theirs.url : decodeURI(theirs.url);
        assertEquals(decodeURI(ours.url), decodeURI(url));
        // curl counts a login that is asked for as a redirect.
        const redirects = name.startsWith("digest") ? 0 : theirs.redirects;
        const undated = (text: string): string => text.replace(/Generated .* GMT/, "");
        assertEquals(
          { ...ours, url: "", body: undated(ours.body) },
          { ...theirs, url: "", body: undated(theirs.body), redirects },
        );
      });
    }
  },
});

Deno.test({
  name: "circles end as they do for curl",
  ignore,
  async fn() {
    await using nginx = await startNginx();
    const { code, stderr } = await netwright([
      "http",
      "get",
      `http://127.0.0.1:${nginx.port}/loop`,
    ]);
    assertEquals(code, 1);
    assert(stderr.includes("more than 20 redirects"), stderr);
  },
});

Deno.test({
  name: "uploads, deletions, and a body that the server does not want",
  ignore,
  async fn() {
    await using nginx = await startNginx();
    const a = `http://127.0.0.1:${nginx.port}`;
    await inFolder(async (folder) => {
      const bytes = crypto.getRandomValues(new Uint8Array(50_000));
      const file = `${folder}/file.bin`;
      const content = new Uint8Array(5_000_000);
      for (let at = 0; at < content.length; at += bytes.length) content.set(bytes, at);
      Deno.writeFileSync(file, content);
      const put = await netwright(["http", "put", `${a}/dav/new/file.bin`, file]);
      assertEquals([put.code, put.stdout, put.stderr], [0, "", ""]);
      assertEquals(Deno.readFileSync(`${nginx.root}/dav/new/file.bin`), content);
      const piped = await netwright(["http", "put", `${a}/dav/piped`, "-"], {
        stdin: "from a pipe",
      });
      assertEquals(piped.code, 0, piped.stderr);
      assertEquals(Deno.readTextFileSync(`${nginx.root}/dav/piped`), "from a pipe");
      assertEquals((await netwright(["http", "delete", `${a}/dav/piped`])).code, 0);
      const refused = await netwright(["http", "post", `${a}/small`, "--form", `f=@${file}`]);
      assertEquals(refused.code, 1);
      assert(refused.stderr.includes("413 Content Too Large"), refused.stderr);
    });
  },
});

Deno.test({
  name: "a download that is interrupted goes on, and begins anew with another version",
  ignore,
  async fn() {
    await using nginx = await startNginx();
    await inFolder(async (folder) => {
      const url = `http://127.0.0.1:${nginx.port}/slow.bin`;
      const file = `${folder}/copy.bin`;
      const get = (...words: string[]): Promise<Ended> =>
        netwright(["http", "get", url, "-o", file, "--continue", ...words]);
      // An hour ago: what changed just now could be two versions of one second.
      const past = new Date(Date.now() - 3_600_000);
      Deno.utimeSync(`${nginx.root}/large.bin`, past, past);
      const cut = await get("--max-time", "1");
      assertEquals(cut.code, 1, cut.stderr);
      const begun = Deno.statSync(`${folder}/.copy.bin.part`).size;
      assert(begun > 10_000 && begun < 1_000_000, `${begun}`);
      const whole = await get("--json");
      const facts = JSON.parse(whole.stdout);
      assertEquals([whole.code, facts.status, facts.bytes], [0, 206, 1_048_576]);
      assertEquals(facts.headers["content-length"], `${1_048_576 - begun}`);
      assertEquals(Deno.readFileSync(file), Deno.readFileSync(`${nginx.root}/large.bin`));
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["copy.bin"]);
      const again = await get();
      assertEquals(again.stderr, `${file}: complete already\n`);
      Deno.removeSync(file);
      assertEquals((await get("--max-time", "1")).code, 1);
      Deno.writeTextFileSync(`${nginx.root}/large.bin`, "another version");
      assertEquals((await get()).code, 0);
      assertEquals(Deno.readTextFileSync(file), "another version");
    });
  },
});

Deno.test({
  name: "the same jar of cookies serves curl",
  ignore,
  async fn() {
    await using nginx = await startNginx();
    await inFolder(async (folder) => {
      const a = `http://127.0.0.1:${nginx.port}`;
      const jar = `${folder}/jar`;
      const seen = await netwright(["http", "get", `${a}/cookie`, "--cookies", jar]);
      assertEquals(seen.stdout, "a=1\n");
      assertEquals(await run("curl", ["-s", "-b", jar, `${a}/seen`]), "a=1\n");
      await run("curl", ["-s", "-c", `${folder}/theirs`, `${a}/cookie`]);
      const back = await netwright(["http", "get", `${a}/seen`, "--cookies", `${folder}/theirs`]);
      assertEquals(back.stdout, "a=1\n");
    });
  },
});
