/** `http robot` as a process: what makes no sense, reports, baseline, state, secrets, local files. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  type Ended,
  flagsOf,
  netwright,
  OFFLINE_FLAGS,
  ROOT,
  startNetwright,
} from "../../support/netwright.ts";
import { inFolder } from "../../support/trees.ts";
import { type Handler, withSite } from "../../support/web_site.ts";

function robot(...words: readonly string[]): Promise<Ended> {
  return netwright(["http", "robot", ...words]);
}

function html(text: string, headers: Record<string, string> = {}): Response {
  return new Response(text, { headers: { "content-type": "text/html", ...headers } });
}

Deno.test("what makes no sense is status 2 and one line, before anything is asked", async (t) => {
  const url = "http://127.0.0.1:1/";
  const rows: readonly (readonly [words: readonly string[], text: RegExp])[] = [
    [[], /URL\|PATH/],
    [[""], /empty/],
    [["ftp://a/"], /begins with http/],
    [["mailto:a@b.c"], /begins with http/],
    [["./none-such"], /no such file or folder/],
    [["none-such/"], /no such file or folder/],
    [["none.md#x"], /no such file or folder/],
    [["/dev/null"], /neither a file nor a folder/],
    [[ROOT + "deno.json"], /only HTML, Markdown/],
    [[url, "--only-changed"], /requires --state/],
    [[url, "--delay", "1", "--no-delay"], /exclude each other/],
    [[url, "--html", "-"], /name of a file/],
    [[url, "--html", "x", "--junit", "x"], /one file for two purposes/],
    [[url, "--state", "x", "--html", "x"], /one file for two purposes/],
    [[url, "--state", "x", "--baseline", "x"], /one file for two purposes/],
    [[url, "--ignore", "/(/"], /not a pattern/],
    [[url, "--depth", "x"], /--depth/],
    [[url, "--baseline", "/none/such"], /no such file/],
    [[url, "--from", "a\r\nb"], /end of line|control/],
  ];
  for (const [words, text] of rows) {
    await t.step(words.join(" "), async () => {
      const { code, stdout, stderr } = await robot(...words);
      assertEquals(stdout, "");
      assertMatch(stderr, text);
      assertEquals(stderr.split("\n").length, 2, stderr);
      assert(code === 2 || words.includes("--baseline"), `${code}`);
    });
  }
});

Deno.test("secrets and fields go to the servers that were named, and to no other", async () => {
  const seen: string[] = [];
  const handler: Handler = (request) => {
    seen.push(`${request.headers.get("x-key") ?? ""}${request.headers.get("authorization") ?? ""}`);
    return new Response("x");
  };
  await using other = Deno.serve(
    { hostname: "127.0.0.9", port: 0, onListen: () => {} },
    (request) => handler(request, new URL(request.url)),
  );
  const elsewhere = `http://127.0.0.9:${other.addr.port}/`;
  const own: string[] = [];
  await withSite((request, { pathname }) => {
    own.push(request.headers.get("x-key") ?? "");
    return pathname === "/"
      ? html(`<a href="${elsewhere}">x</a><a href="/to">y</a>`)
      : pathname === "/to"
      ? Response.redirect(`${elsewhere}to`, 302)
      : new Response("none", { status: 404 });
  }, async (site) => {
    const { code } = await robot(
      ...[
        site,
        "--allow-host",
        "127.0.0.9",
        "-H",
        "X-Key: secret",
        "-H",
        "Authorization: Bearer t",
      ],
    );
    assertEquals(code, 0);
  });
  assertEquals(seen, ["", "", ""]);
  assertEquals([...new Set(own)], ["secret"]);
});

Deno.test("JUnit, a baseline that is kept, and what is no longer found", async () => {
  let isMended = false;
  await withSite(
    (_, { pathname }) =>
      pathname === "/"
        ? html('<a href="/one?a&b">&lt;one&gt;</a><a href="/two">2</a>')
        : isMended && pathname === "/two"
        ? html("x")
        : new Response("none", { status: 404 }),
    (site) =>
      inFolder(async (folder) => {
        const baseline = `${folder}/known.jsonl`;
        const files = ["--baseline", baseline, "--write-baseline", baseline];
        const first = await robot(site, ...files, "--junit", `${folder}/j.xml`);
        assertEquals(first.code, 4);
        const junit = await Deno.readTextFile(`${folder}/j.xml`);
        assertMatch(junit, /<testsuites tests="3" failures="2" errors="0" skipped="0"/);
        assertMatch(
          junit,
          /name="\S+\/one\?a&amp;b">\n\s+<failure message="404 Not Found">linked from:\n\S+\/ \(&lt;one&gt;\)/,
        );
        const second = await robot(site, ...files);
        assertEquals([second.code, second.stdout], [0, ""]);
        assertMatch(second.stderr, /0 errors, .* 2 known\n$/);
        assertEquals((await Deno.readTextFile(baseline)).split("\n").length, 4);
        isMended = true;
        const third = await robot(site, "--baseline", baseline);
        assertMatch(third.stderr, /^no longer found: dead \S+\/two\n/);
        await Deno.writeTextFile(baseline, "# known\n{\n");
        const wrong = await robot(site, "--baseline", baseline);
        assertEquals(wrong.code, 2);
        assertMatch(wrong.stderr, /known\.jsonl:2: a line holds an object/);
      }),
  );
});

Deno.test("with --state only what changed is asked for and, if wanted, reported", async () => {
  const answers = new Map([["/", '<a href="/a">a</a><a href="/gone">g</a>'], ["/a", "<p>a"]]);
  const asked: string[] = [];
  await withSite((request, { pathname }) => {
    const text = answers.get(pathname);
    asked.push(`${request.method} ${pathname}`);
    if (text === undefined) return new Response("none", { status: 404 });
    const etag = `"${text.length}"`;
    return request.headers.get("if-none-match") === etag
      ? new Response(null, { status: 304 })
      : html(text, { etag });
  }, (site) =>
    inFolder(async (folder) => {
      const words = [site, "--state", `${folder}/state.db`, "--only-changed", "--ignore-robots"];
      const first = await robot(...words);
      assertMatch(first.stdout, /^error\tdead\t\S+\/gone\t404 Not Found\t\S+\/\n$/);
      const second = await robot(...words);
      assertEquals([second.code, second.stdout], [0, ""]);
      assertEquals(asked, ["GET /", "GET /a", "GET /gone", "GET /", "GET /a", "GET /gone"]);
      answers.set("/a", '<a href="/new">new</a>');
      answers.set("/gone", "x");
      const third = await robot(...words);
      assertMatch(third.stdout, /^error\tdead\t\S+\/new\t404 Not Found\t\S+\/a\n$/);
      assertMatch(third.stderr, /^no longer found: dead \S+\/gone\n/);
      const narrow = await robot(...words.slice(0, 3), "--depth", "0", "--ignore", `${site}/a`);
      assertMatch(narrow.stderr, /^2 URLs /);
    }));
});

Deno.test("a page that has not changed keeps its findings, and its links their nofollow", async () => {
  let start = '<a href="http:///bad url">x</a><a href="/a">a</a><a href="/x">x</a>';
  const a = '<a href="/x" rel="nofollow">x</a>';
  const asked: string[] = [];
  await withSite((request, { pathname }) => {
    asked.push(`${request.method} ${pathname}`);
    const text = { "/": start, "/a": a, "/x": '<a href="/gone">g</a>' }[pathname];
    if (text === undefined) return new Response("none", { status: 404 });
    const etag = `"${text.length}"`;
    return request.headers.get("if-none-match") === etag
      ? new Response(null, { status: 304 })
      : html(text, { etag });
  }, (site) =>
    inFolder(async (folder) => {
      const words = [site, "--state", `${folder}/state.db`, "--ignore-robots", "--json"];
      const problems = async () =>
        (await robot(...words)).stdout.trim().split("\n").map((line) => JSON.parse(line).problem);
      assertEquals(await problems(), ["dead", "malformed-url"]);
      assertEquals(await problems(), ["dead", "malformed-url"]);
      start = '<a href="http:///bad url">x</a><a href="/a">a</a>';
      asked.length = 0;
      assertEquals(await problems(), ["malformed-url"]);
      assertEquals(asked, ["GET /", "GET /a", "HEAD /x"]);
    }));
});

Deno.test("interrupted, it prints what it has, and goes on from there", async () => {
  const begun = Promise.withResolvers<void>();
  let served = 0;
  await withSite((_, { pathname }) => {
    const number = Number(pathname.slice(1));
    if (++served === 100) begun.resolve();
    if (pathname === "/robots.txt") return new Response("none", { status: 404 });
    if (pathname.startsWith("/gone")) return new Response("none", { status: 404 });
    return html(
      `<a href="/${number + 1}">on</a><a href="/gone${number}">g</a>`.repeat(number < 400 ? 1 : 0),
    );
  }, (site) =>
    inFolder(async (folder) => {
      const words = ["http", "robot", `${site}/0`, "--state", `${folder}/state.db`];
      await using running = startNetwright(words);
      await begun.promise;
      const { code } = await running.stop("SIGINT");
      assertEquals(code, 130);
      assertMatch(await running.line() ?? "", /^error\tdead\t\S+\/gone\d+\t404 Not Found/);
      const said = await running.stderr;
      assertMatch(said, /^\d+ of \d+ URLs in .*\nrun the same command to resume\n.*SIGINT\n$/);
      const { code: after, stdout, stderr } = await netwright(words);
      assertEquals(after, 4);
      assertMatch(stderr, /^resumed: \d+ of \d+ known URLs are done\n801 URLs /);
      assertEquals(stdout.trimEnd().split("\n").length, 400);
    }));
});

Deno.test("files that are no state, and one that another run uses", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/text`, "x".repeat(5000));
    await Deno.writeTextFile(`${folder}/a.md`, "# A\n");
    const text = await robot(`${folder}/a.md`, "--state", `${folder}/text`);
    assertEquals(text.code, 2);
    assertMatch(text.stderr, /text: not a state file of a crawl\n$/);
    assertEquals((await Deno.readTextFile(`${folder}/text`)).length, 5000);
  });
});

Deno.test("local files, also in place under exactly the flags that are printed", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/docs/sub`, { recursive: true });
    await Deno.writeTextFile(`${folder}/docs/a.md`, "[b](sub/b.md#x) [up](../r.md) [l](link.md)\n");
    await Deno.writeTextFile(`${folder}/docs/sub/b.md`, "# B\n[gone](gone.md) [a](../a.md)\n");
    await Deno.symlink("sub/b.md", `${folder}/docs/link.md`);
    const words = ["http", "robot", `${folder}/docs`, "--internal", "--html", `${folder}/r.html`];
    const expected = [
      `error\tdead\t${folder}/docs/sub/gone.md\tno such file\t${folder}/docs/sub/b.md`,
      `error\tmissing-fragment\t${folder}/docs/sub/b.md#x\tthe page has no anchor "x"\t${folder}/docs/a.md`,
      `unclear\toutside\t${folder}/r.md\toutside of the given folders\t${folder}/docs/a.md`,
    ];
    const sandboxed = await netwright(words);
    assertEquals(sandboxed.stdout.trimEnd().split("\n"), expected);
    assertMatch(await Deno.readTextFile(`${folder}/r.html`), /^<!doctype html>/);
    const flags = await flagsOf(words);
    const { stdout, code } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", ...OFFLINE_FLAGS, ...flags, "main.ts", ...words],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals([code, new TextDecoder().decode(stdout).trimEnd().split("\n")], [4, expected]);
  });
});
