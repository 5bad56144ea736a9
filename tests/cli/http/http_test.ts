/** `http` and `fetch` as processes, against a site that says what it was sent. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Ended, flagsOf, netwright, OFFLINE_FLAGS, ROOT } from "../../support/netwright.ts";
import { inFolder } from "../../support/trees.ts";
import { type Handler, withSite } from "../../support/web_site.ts";

async function http(...words: readonly string[]): Promise<Ended> {
  return await netwright(["http", ...words]);
}

/** The header fields of a request and its body. */
const mirror: Handler = async (request) =>
  Response.json({
    method: request.method,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  });

Deno.test("what makes no sense is status 2, before anything is asked", async (t) => {
  const url = "http://127.0.0.1:1/";
  const rows: readonly (readonly [words: readonly string[], text: RegExp])[] = [
    [["http", "get"], /URL/],
    [["http", "get", "ftp://a/"], /not one of http/],
    [["http", "get", "http://"], /not a URL/],
    [["http", "get", "http://a\\b/"], /backslash/],
    [["http", "get", url, "-o", "a", "-O"], /exclude each other/],
    [["http", "get", url, "--continue"], /requires --output/],
    [["http", "get", url, "--range", "x"], /--range takes/],
    [["http", "get", url, "--fail", "--any-status"], /exclude/],
    [["http", "get", url, "-H", "no colon"], /NAME:VALUE/],
    [["http", "get", url, "-H", "A: b\r\nC: d"], /end of line/],
    [["http", "get", url, "--cookie", "x"], /NAME=VALUE/],
    [["http", "get", url, "--proxy", "ftp://x"], /a proxy is/],
    [["http", "get", url, "--proxy", "http://x", "--unix-socket", "/x"], /exclude/],
    [["http", "get", url, "--http2", "--proxy", "http://x"], /exclude/],
    [["http", "post", url, "-d", "a", "--json-body", "{}"], /one body/],
    [["http", "post", url, "--json-body", "{"], /no JSON/],
    [["http", "post", url, "--form", "x"], /--form takes/],
    [["http", "post", url, "--method", "A B"], /--method takes/],
    [["http", "form", url, "--set", "x"], /--set takes/],
    [["http", "mirror", url, "a/"], /FILE/],
    [["fetch"], /URL is missing/],
    [["fetch", url, "--continue"], /requires --to/],
    [["fetch", url, "--to", "x", "--print"], /exclude/],
    [["fetch", "--input", "/none/such"], /no such file/],
  ];
  for (const [words, text] of rows) {
    await t.step(words.join(" "), async () => {
      const { code, stdout, stderr } = await netwright(words);
      assertEquals([code, stdout], [2, ""], stderr);
      assertMatch(stderr, text);
    });
  }
});

Deno.test("bodies: text, values, JSON, files, forms", () =>
  withSite(mirror, (site) =>
    inFolder(async (folder) => {
      Deno.writeTextFileSync(`${folder}/f.json`, '{"a":1}\n');
      const sent = async (...words: string[]) => {
        const { code, stdout, stderr } = await http(...words);
        assertEquals(code, 0, stderr);
        const { method, headers, body } = JSON.parse(stdout);
        return [method, headers["content-type"], body];
      };
      const form = "application/x-www-form-urlencoded";
      assertEquals(await sent("post", site, "-d", "a=1", "-d", "b=2"), ["POST", form, "a=1&b=2"]);
      assertEquals(
        await sent("post", site, "--data-urlencode", "a=x y&z"),
        ["POST", form, "a=x+y%26z"],
      );
      assertEquals(
        await sent("post", site, "--json-body", `@${folder}/f.json`),
        ["POST", "application/json", '{"a":1}\n'],
      );
      assertEquals(
        await sent("put", site, `${folder}/f.json`),
        ["PUT", "application/json", '{"a":1}\n'],
      );
      assertEquals(
        await sent("post", site, "--method", "PATCH", "-d", "x", "--content-type", "text/plain"),
        ["PATCH", "text/plain", "x"],
      );
      assertEquals(await sent("delete", site), ["DELETE", undefined, ""]);
      const [, type, body] = await sent(
        "post",
        site,
        "-F",
        "a=1",
        "-F",
        `f=@${folder}/f.json;type=x/y`,
      );
      assertMatch(type, /^multipart\/form-data; boundary=/);
      assertMatch(
        body,
        /name="a"\r\n\r\n1\r\n[^]*filename="f\.json"\r\nContent-Type: x\/y\r\n\r\n\{"a":1\}\n\r\n/,
      );
    })));

Deno.test("fields, agent, cookies and secrets of a request", () =>
  withSite(mirror, (site) =>
    inFolder(async (folder) => {
      Deno.writeTextFileSync(`${folder}/token`, "t0ken\n");
      Deno.writeTextFileSync(`${folder}/netrc`, "machine 127.0.0.1 login ann password sesame\n");
      const { stdout, stderr } = await http(
        ...["get", site, "-A", "own/1", "-H", "X-A: b", "-H", "Accept:", "--cookie", "c=d"],
        ...["--token-file", `${folder}/token`, "--wire"],
      );
      const { headers } = JSON.parse(stdout);
      assertEquals(
        [
          headers["user-agent"],
          headers["x-a"],
          headers.accept,
          headers.cookie,
          headers.authorization,
        ],
        ["own/1", "b", undefined, "c=d", "Bearer t0ken"],
      );
      assertMatch(stderr, /C: Authorization: Bearer \*{8}\n/);
      assert(!stderr.includes("t0ken") && !stderr.includes("c=d"), stderr);
      const basic = await http("get", site, "--netrc", `${folder}/netrc`, "--auth", "basic");
      assertEquals(JSON.parse(basic.stdout).headers.authorization, "Basic YW5uOnNlc2FtZQ==");
    })));

const statuses: Handler = (_, { pathname }) =>
  new Response(`body ${pathname}\n`, { status: Number(pathname.slice(1)) || 200 });

Deno.test("statuses of responses are statuses of the command", () =>
  withSite(statuses, async (site) => {
    const plain = await http("get", `${site}/404`);
    assertEquals([plain.code, plain.stdout], [1, "body /404\n"]);
    assertEquals(plain.stderr, `netwright: http get: ${site}/404: 404 Not Found\n`);
    assertEquals((await http("get", `${site}/404`, "--fail")).stdout, "");
    assertEquals((await http("get", `${site}/404`, "--any-status")).code, 0);
    assertEquals((await http("head", `${site}/500`)).code, 1);
    await inFolder(async (folder) => {
      const saved = await http("get", `${site}/404`, "-o", `${folder}/x`);
      assertEquals([saved.code, [...Deno.readDirSync(folder)].length], [1, 0]);
    });
  }));

Deno.test("a redirect to another host needs consent, and is then followed", () =>
  withSite(
    (_, { pathname, port }) =>
      pathname === "/end" ? new Response("end\n") : Response.redirect(
        `http://${pathname === "/inner" ? "127.0.0.2" : "localhost"}:${port}/end`,
        302,
      ),
    async (site) => {
      const { code, stderr } = await http("get", site);
      assertEquals(code, 3, stderr);
      assertMatch(
        stderr,
        /this leads to another host or port \(--allow-host localhost:\d+ follows it\)/,
      );
      const allowed = await http("get", site, "--allow-host", `localhost:${site.split(":")[2]}`);
      assertEquals([allowed.code, allowed.stdout], [0, "end\n"]);
      // Any host is not every address: what a server names must not lead into this host.
      const any = await http("get", `${site}/inner`, "--allow-host", "*");
      assertMatch(any.stderr, /redirect refused: the peer named a loopback address/);
      assertEquals(any.code, 3);
      const flags = await flagsOf(["http", "get", site]);
      assertEquals(flags.filter((flag) => flag.startsWith("--allow")), [
        `--allow-net=${site.slice(7)}`,
      ]);
    },
  ));

const NAMES: readonly (readonly [path: string, name: string])[] = [
  ["/a.txt", "a.txt"],
  ["/", "index.html"],
  ["/x/", "index.html"],
  ["/a%20b.txt?c=/d", "a b.txt"],
  ["/..%2f..%2fetc%2fpasswd", "passwd"],
  ["/%2e%2e%2f%2e%2e", "index.html"],
  ["/.bashrc", "bashrc"],
  ["/CON", "_CON"],
  ["/a%00b%0a%e2%80%aec", "a_b__c"],
  ["/a%5c..%5cb", "b"],
  ["/%ff", "%ff"],
  [`/${"x".repeat(300)}.txt`, `${"x".repeat(196)}.txt`],
];

Deno.test("resources are saved under safe names, each its own", () =>
  withSite((_, { pathname }) => new Response(pathname), (site) =>
    inFolder(async (folder) => {
      for (const [path, name] of NAMES) {
        const { code, stderr } = await http("get", `${site}${path}`, "-o", `${folder}/one/`);
        assertEquals(code, 1, "the folder is missing");
        assertMatch(stderr, /there is no such folder/);
        Deno.mkdirSync(`${folder}/one`, { recursive: true });
        await http("get", `${site}${path}`, "-o", `${folder}/one/`);
        assertEquals([...Deno.readDirSync(`${folder}/one`)].map(({ name }) => name), [name], path);
        Deno.removeSync(`${folder}/one`, { recursive: true });
      }
      const urls = NAMES.slice(0, 3).flatMap((
        [path],
      ) => [`${site}${path}`, `${site}/other${path}`]);
      const { code } = await netwright(["fetch", ...urls, "--to", `${folder}/many`, "-q"]);
      assertEquals(code, 0);
      assertEquals([...Deno.readDirSync(`${folder}/many`)].map(({ name }) => name).sort(), [
        "a-2.txt",
        "a.txt",
        "index-2.html",
        "index-3.html",
        "index-4.html",
        "index.html",
      ]);
    })));

Deno.test("nothing is written through a link, and no file is replaced unasked", () =>
  withSite(() => new Response("new"), (site) =>
    inFolder(async (folder) => {
      Deno.writeTextFileSync(`${folder}/secret`, "old");
      for (const name of ["a", ".b.part", ".c.part.from"]) {
        Deno.symlinkSync(`${folder}/secret`, `${folder}/${name}`);
      }
      for (const name of ["a", "b", "c"]) {
        const file = `${folder}/${name}`;
        assertEquals((await http("get", `${site}/x`, "-o", file, "--continue")).code, 0);
        assertEquals(Deno.readTextFileSync(file), "new");
        assertEquals(Deno.readTextFileSync(`${folder}/secret`), "old");
      }
    })));

Deno.test("forms over several steps, with cookies and hidden fields", () => {
  const login =
    "<form action=/in method=post><input name=user><input type=hidden name=t value=7></form>";
  const search =
    "<form action=/find><input name=q><select name=k><option>a<option>b</select></form>";
  const site: Handler = async (request, { pathname, search: query }) => {
    const html = (text: string, headers: Record<string, string> = {}) =>
      new Response(text, { headers: { "content-type": "text/html", ...headers } });
    if (pathname === "/") return html(login);
    if (pathname === "/in") {
      const body = await request.text();
      return body === "user=ann&t=7"
        ? html(search, { "set-cookie": "session=1; Path=/" })
        : new Response(body, { status: 403 });
    }
    return html(`${query} ${request.headers.get("cookie")}\n`);
  };
  return withSite(site, async (at) => {
    const listed = await http("form", at);
    assertEquals(
      listed.stdout,
      `form 1: POST ${at}/in\n  text      user=\n  hidden    t=7\n`,
    );
    const words = ["--set", "user=ann", "--set", "2:q=dogs & cats", "--set", "2:k=b"];
    const { code, stdout, stderr } = await http("form", at, ...words);
    assertEquals([code, stdout], [0, "?q=dogs+%26+cats&k=b session=1\n"], stderr);
    const wrong = await http("form", at, "--set", "name=ann");
    assertEquals(wrong.code, 2);
    assertMatch(wrong.stderr, /the form has no field "name", but user, t/);
  });
});

Deno.test("pictures: the largest of each, once, only what has changed", () => {
  const page =
    "<img src=/a.png><img srcset='/b1.png 1x, /b2.png 2x'><img src=/a.png><img src=/none.png>";
  const site: Handler = (request, { pathname }) => {
    if (pathname === "/") return new Response(page, { headers: { "content-type": "text/html" } });
    if (pathname === "/none.png") return new Response("", { status: 404 });
    const modified = "Sun, 06 Nov 1994 08:49:37 GMT";
    return request.headers.get("if-modified-since") === modified
      ? new Response(null, { status: 304 })
      : new Response(pathname, { headers: { "last-modified": modified } });
  };
  return withSite(site, (at) =>
    inFolder(async (folder) => {
      const first = await http("images", at, "--to", folder);
      assertEquals(first.code, 4);
      assertMatch(first.stderr, /none\.png: 404 Not Found/);
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
        "a.png",
        "b2.png",
      ]);
      const second = await http("images", at, "--to", folder);
      assertEquals(second.stdout.match(/unchanged/g)?.length, 2);
    }));
});

Deno.test("many at once: in order, with failures told, from a file", () =>
  withSite(statuses, (site) =>
    inFolder(async (folder) => {
      Deno.writeTextFileSync(`${folder}/urls`, `# mine\n${site}/a\n\n${site}/404\r\n${site}/b\n`);
      const { code, stdout, stderr } = await netwright([
        ...["fetch", "--input", `${folder}/urls`, "--in-order"],
      ]);
      assertEquals(code, 4);
      assertEquals(
        stdout.split("\n").map((line) => line.replace(/[\d.]+(?=\thttp)/, "*")),
        [`200\t8\t*\t${site}/a`, `200\t8\t*\t${site}/b`, ""],
      );
      assertEquals(stderr, `netwright: fetch: ${site}/404: 404 Not Found\n`);
      assertEquals((await netwright(["fetch", `${site}/500`])).code, 1);
    })));

Deno.test("what a page wants to do to a terminal or a reader, it does not", () => {
  const page = `<title>\x1b[2Jt</title><a href="/a\x1b]0;x\x07">b\x1b[31mc\u202e</a>${
    "<a".repeat(1_000_000)
  }`;
  return withSite(
    () => new Response(page, { headers: { "content-type": "text/html", "x-a": "b\x9b" } }),
    async (at) => {
      for (const words of [["links", at], ["text", at], ["headers", at], ["links", at, "--json"]]) {
        const { code, stdout } = await http(...words);
        assertEquals(code, 0);
        if (words.includes("--json")) assert(!/[\x1b\x9b\u202e]/.test(stdout), words.join(" "));
      }
    },
  );
});

Deno.test("an interrupt ends at once, and keeps what came", () =>
  withSite(
    () =>
      new Response(
        ReadableStream.from((async function* () {
          yield new Uint8Array(1000);
          await new Promise((resolve) => setTimeout(resolve, 3000));
        })()),
        { headers: { etag: '"v"' } },
      ),
    (site) =>
      inFolder(async (folder) => {
        const { code, stderr } = await http("get", site, "-o", `${folder}/x`, "--max-time", "0.7");
        assertEquals(code, 1);
        assertMatch(stderr, /not done within 0\.7 s/);
        assertEquals(Deno.statSync(`${folder}/.x.part`).size, 1000);
      }),
  ));

Deno.test("the server's own name is taken on request, and made safe", () => {
  const names: readonly (readonly [field: string, name: string])[] = [
    ["attachment; filename=report.pdf", "report.pdf"],
    ["attachment; filename*=UTF-8''%E2%82%AC%20rates.txt; filename=x", "\u20ac rates.txt"],
    ['attachment; filename="../../etc/passwd"', "passwd"],
    ['attachment; filename=".."', "a.txt"],
    ["inline", "a.txt"],
  ];
  return withSite(
    (_, { searchParams }) =>
      new Response("x", {
        headers: { "content-disposition": names[Number(searchParams.get("n"))]![0] },
      }),
    async (site) => {
      for (const [index, [field, name]] of names.entries()) {
        await inFolder(async (folder) => {
          const { code, stderr } = await new Deno.Command(Deno.execPath(), {
            args: [
              "run",
              "-A",
              "--no-prompt",
              "--no-lock",
              ...OFFLINE_FLAGS,
              `${ROOT}main.ts`,
              "http",
              "get",
              "-OJ",
              `${site}/a.txt?n=${index}`,
            ],
            cwd: folder,
          }).output();
          assertEquals(code, 0, new TextDecoder().decode(stderr));
          assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), [name], field);
        });
      }
    },
  );
});
