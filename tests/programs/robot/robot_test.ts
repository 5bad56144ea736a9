/** What the robot does: order, pace, scope, secrets, traps, local folders. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import type { LinkSource } from "../../../src/programs/robot/internal.ts";
import { isSitemap, readSitemap } from "../../../src/programs/robot/sources/sitemap.ts";
import { normaliseUrl } from "../../../src/programs/robot/mod.ts";
import { TrapDetector } from "../../../src/programs/robot/crawl/traps.ts";
import { cssLinks } from "../../../src/programs/web/mod.ts";
import { CrawlStore } from "../../../src/stores/internal.ts";
import { crawl, crawlFolder } from "./crawled.ts";

/** A page with a validator, as most servers give it: to HEAD too, and not twice to the same client. */
function validated(text: string): (request: Request) => Response {
  const headers = { "content-type": "text/html", etag: '"1"' };
  return ({ headers: asked }) =>
    asked.get("if-none-match") === headers.etag
      ? new Response(null, { status: 304, headers })
      : new Response(text, { headers });
}

function respond(status: number, headers: Record<string, string> = {}): Response {
  return new Response("x", { status, headers });
}

Deno.test("a page that was to be checked only is read once a link wants that", async () => {
  const { found, requests } = await crawl({
    "/": '<a rel="nofollow" href="/x">x</a><a href="/y">y</a>',
    "/y": '<a href="/x">x</a>',
    "/x": validated('<a href="/dead">d</a>'),
  });
  assertEquals(found, ["dead /dead"]);
  assertEquals(requests.filter((one) => one.endsWith(" /x")), ["HEAD /x", "GET /x"]);
});

Deno.test("a page that is read, then only checked, then read is read anew each time", async () => {
  using store = await CrawlStore.open();
  let home = '<a href="/x">x</a>';
  const site = { "/": () => home, "/x": validated('<a href="/dead">d</a>') };
  for (const [rel, expected] of [["", 1], ["nofollow", 0], ["", 1], ["", 1]] as const) {
    home = `<a rel="${rel}" href="/x">x</a>`;
    const { found } = await crawl(site, { store });
    assertEquals(found, expected === 1 ? ["dead /dead"] : [], `rel=${rel}`);
    store.restart();
  }
});

Deno.test("validators of a page whose links were left out are not kept", async () => {
  using store = await CrawlStore.open();
  const site = { "/": validated('<a href="/dead">d</a>') };
  await crawl(site, { store, robot: { maxUrls: 1 } });
  store.restart();
  assertEquals((await crawl(site, { store })).found, ["dead /dead"]);
});

Deno.test("a certificate that ends soon is one finding, of its server, in each run anew", async () => {
  using store = await CrawlStore.open();
  let days = 5.5;
  const https: LinkSource = {
    request: () =>
      Promise.resolve({
        outcome: days < 5 ? "unchanged" : "ok",
        certificateUntil: new Date(Date.now() + days * 86_400_000),
      }),
  };
  const site = { "/": '<a href="https://b.example/x">x</a><a href="https://b.example/y">y</a>' };
  for (const expected of ["in 5 days", "in 4 days"]) {
    const sources = () => ({ "https:": https });
    const { findings } = await crawl(site, { store, sources, ignoresRobots: true });
    assertEquals(findings.map(({ problem, url }) => `${problem} ${url}`), [
      "certificate-ends https://b.example/",
    ]);
    assertMatch(findings[0]!.reason, new RegExp(`^the certificate ends 20[0-9-]+, ${expected}$`));
    store.restart();
    days -= 1;
  }
});

Deno.test("a shorter way that is found late counts for what lies behind it, through redirects too", async () => {
  const page = (...links: string[]): string => links.map((to) => `<a href="${to}">x</a>`).join("");
  const moved = respond(302, { location: "/e" });
  const long = { "/a": page("/c1"), "/c1": page("/c2"), "/c2": page("/x") };
  const short = { "/n": page("/q"), "/q": page("/x") };
  const site = { "/x": page("/moved"), "/moved": moved, "/e": page("/dead") };
  // The slow page is on the short way: by then the long way has been followed.
  const slow = async (): Promise<Response> => {
    await new Promise((resolve) => setTimeout(resolve, 60));
    return new Response(short["/q"], { headers: { "content-type": "text/html" } });
  };
  for (const [first, second] of [["/a", "/n"], ["/n", "/a"]] as const) {
    const { found } = await crawl(
      { "/": page(first, second), ...long, ...short, "/q": slow, ...site },
      { robot: { perHost: 4 }, scope: { maxDepth: 4 } },
    );
    assertEquals(found, ["dead /dead"], first);
  }
});

Deno.test("pages that were equal to many others are read as themselves once they are not", async () => {
  using store = await CrawlStore.open();
  let count = 40;
  const pages = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [
    `/p${at}`,
    validated(`<title>same</title><a href="/u">u</a>`),
  ]));
  const site = {
    ...pages,
    "/": () => Array.from({ length: count }, (_, at) => `<a href="/p${39 - at}">p</a>`).join(""),
    "/u": validated('<a href="/dead">d</a>'),
  };
  await crawl(site, { store });
  count = 10;
  store.restart();
  assertEquals((await crawl(site, { store })).found, ["dead /dead"]);
});

Deno.test("fields about links count although the content has not changed", async () => {
  using store = await CrawlStore.open();
  const fields: Record<string, string> = {};
  const page = validated('<a href="/x">x</a>');
  const site = {
    "/": (request: Request) => {
      const response = page(request);
      for (const [name, value] of Object.entries(fields)) response.headers.set(name, value);
      return response;
    },
    "/x": validated('<a href="/dead">d</a>'),
  };
  assertEquals((await crawl(site, { store })).found, ["dead /dead"]);
  store.restart();
  fields["x-robots-tag"] = "nofollow";
  assertEquals((await crawl(site, { store })).found, []);
  store.restart();
  delete fields["x-robots-tag"];
  assertEquals((await crawl(site, { store })).found, ["dead /dead"]);
  store.restart();
  fields.link = "</dead2>; rel=next";
  assertEquals((await crawl(site, { store })).found, ["dead /dead", "dead /dead2"]);
});

Deno.test("HTML without a media type is read, and other bytes are not", async () => {
  const untyped = (text: string): Response =>
    new Response(new TextEncoder().encode(text), { headers: {} });
  const { found } = await crawl({
    "/": '<a href="/html">h</a><a href="/text">t</a>',
    "/html": untyped('<!-- x --><!DOCTYPE html><a href="/dead">d</a>'),
    "/text": untyped('see <a href="/dead2">d</a>'),
  });
  assertEquals(found, ["dead /dead"]);
});

Deno.test("a server that wants a longer wait than --max-wait is left alone, and the wait is said", async () => {
  for (
    const [field, text] of [
      ["7000", "429 Too Many Requests, for 7000 s (--max-wait)"],
      ["9".repeat(40), "429 Too Many Requests, for more than a year (--max-wait)"],
    ] as const
  ) {
    const { findings } = await crawl({ "/": () => respond(429, { "retry-after": field }) });
    assertEquals(findings.map(({ reason }) => reason), [text]);
  }
  for (const [value, text] of [["500.5", "500.5 s"], ["9".repeat(40), "more than a year"]]) {
    const { findings } = await crawl({
      "/robots.txt": new Response(`User-agent: *\nCrawl-delay: ${value}\n`),
      "/": "<p>x</p>",
    });
    assertEquals(findings.map(({ reason }) => reason), [
      `robots.txt asks for ${text} between requests (--max-wait)`,
    ]);
  }
});

Deno.test("the depth limits what is read, and a shorter way found later counts", async () => {
  const site = {
    "/": '<a href="/a">a</a><a href="/b">b</a>',
    "/a": '<a href="/c">c</a>',
    "/b": '<a href="/d">d</a>',
    "/c": '<a href="/e">e</a>',
    "/d": '<a href="/gone">g</a>',
    "/e": '<a href="/far">f</a>',
  };
  assertEquals((await crawl(site, { scope: { maxDepth: 1 } })).requests, [
    "GET /robots.txt",
    "GET /",
    "GET /a",
    "GET /b",
    "HEAD /c",
    "HEAD /d",
  ]);
  assertEquals((await crawl(site, { scope: { maxDepth: 2 } })).found, ["dead /gone"]);
});

Deno.test("one request at a time, by default and for robots.txt of others too", async () => {
  let [running, most] = [0, 0];
  const slow = async (): Promise<Response> => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 2));
    running--;
    return new Response("<p>x</p>", { headers: { "content-type": "text/html" } });
  };
  const pages = Array.from({ length: 10 }, (_, at) => `/${at}`);
  await crawl({
    "/": pages.map((path) => `<a href="${path}">x</a>`).join(""),
    ...Object.fromEntries(pages.map((path) => [path, slow])),
  });
  assertEquals(most, 1);
});

Deno.test("the pace: each request waits for its turn, the second one for a resource too", async () => {
  const times: number[] = [];
  const at = (response: Response) => () => {
    times.push(performance.now());
    return response.clone();
  };
  await crawl({
    "/": () => {
      times.push(performance.now());
      return '<img src="/a.png"><img src="/b.png">';
    },
    "/robots.txt": at(respond(404)),
    "/a.png": at(respond(404)),
    "/b.png": at(respond(200)),
  }, { robot: { delayFor: () => 40 } });
  // robots.txt, the page, HEAD and GET of the one, HEAD of the other.
  assertEquals(times.length, 5);
  for (const [index, time] of times.slice(1).entries()) assert(time - times[index]! >= 35);
});

Deno.test("a server that wants a long pause is left alone", async () => {
  const { found, requests } = await crawl({
    "/": '<a href="http://b.example/1">1</a><a href="http://b.example/2">2</a>',
    "b.example/1": respond(429, { "retry-after": "99999999" }),
  }, { robot: { maxPauseMs: 1000 } });
  assertEquals(found, ["limited http://b.example/1", "limited http://b.example/2"]);
  assertEquals(requests.filter((one) => one.includes("b.example/2")), []);
});

Deno.test("robots.txt that asks for a pause of months, or fails", async () => {
  const site = { "/": '<a href="/a">a</a>', "/a": "x" };
  const never = "user-agent: *\ncrawl-delay: 9999999\n";
  const slow = await crawl({ ...site, "/robots.txt": new Response(never) });
  assertEquals([slow.found, slow.requests], [["limited /"], ["GET /robots.txt"]]);
  assertMatch(slow.findings[0]!.reason, /^robots\.txt asks for 9999999 s/);
  const failing = await crawl({ ...site, "/robots.txt": respond(503) });
  assertEquals([failing.found, failing.requests], [["failed /"], ["GET /robots.txt"]]);
  const missing = await crawl({ ...site, "/robots.txt": respond(403) });
  assertEquals(missing.found, []);
});

Deno.test("a port that is closed says nothing about the host's other ports", async () => {
  const links = [1, 2, 3, 4, 5, 6].map((at) =>
    `<a href="http://b.example:81/${at}">x</a><a href="http://b.example/${at}">x</a>`
  );
  const { found } = await crawl({
    "/": links.join(""),
    ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((at) => [`b.example/${at}`, "x"])),
  }, { ignoresRobots: true });
  assertEquals(found.length, 6);
  assertEquals(found.every((one) => one.startsWith("failed http://b.example:81/")), true);
});

Deno.test("a redirect to itself that sets a cookie is asked again; another one is a loop", async () => {
  const loop = respond(302, { location: "/x" });
  assertEquals((await crawl({ "/": '<a href="/x">x</a>', "/x": loop })).found, [
    "redirect-loop /x",
  ]);
  const cookie = respond(302, { location: "/x", "set-cookie": "a=1" });
  const site = {
    "/": '<a href="/x">x</a>',
    "/x": (_: Request, times: number) => times === 1 ? cookie.clone() : "x",
  };
  assertEquals((await crawl(site)).found, []);
});

Deno.test("too large a page is there, but not read", async () => {
  const { found } = await crawl({ "/": `<a href="/big">x</a>`, "/big": "x".repeat(1_100_000) });
  assertEquals(found, ["unread /big"]);
});

Deno.test("the limit of URLs holds, and says so", async () => {
  const store = await CrawlStore.open();
  const { requests } = await crawl({
    "/": Array.from({ length: 50 }, (_, at) => `<a href="/${at}">x</a>`).join(""),
  }, { store, robot: { maxUrls: 10 } });
  assertEquals(requests.filter((one) => one !== "GET /robots.txt").length, 10);
  assertEquals(store.meta("full"), "10");
  store[Symbol.dispose]();
});

Deno.test("sitemaps list sitemaps, but not without end", async () => {
  const next = (number: number) =>
    new Response(
      `<sitemapindex><sitemap><loc>http://a.example/s${number}.xml</loc></sitemap></sitemapindex>`,
      { headers: { "content-type": "application/xml" } },
    );
  const { found } = await crawl({
    "/": "x",
    "/robots.txt": new Response("Sitemap: http://a.example/s0.xml\n"),
    ...Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`/s${at}.xml`, next(at + 1)])),
  });
  assertEquals(found, ["trap /s4.xml"]);
});

Deno.test("pages that are all the same are not followed without end", async () => {
  const site: Record<string, string> = new Proxy({}, {
    get: (_, path: string) => {
      if (path !== "/" && !/^\/\d+$/.test(path)) return undefined;
      return `<title>Soft</title>${"<a href=/x></a>"}<a href="/${Number(path.slice(1)) + 1}">n</a>`;
    },
  });
  const { found, requests } = await crawl({ ...site, "/x": "x" }, { robot: { maxUrls: 300 } });
  assert(requests.length < 300, `${requests.length}`);
  assert(found.length <= 2, found.join());
});

Deno.test("links of folders: symbolic names, queries, fallback endings, what is outside", async () => {
  const { found } = await crawlFolder({
    "index.html": '<a href="about">a</a><a href="sub/">s</a><a href="sub/?x#deep">q</a>',
    "about.html": '<a href="/sub/README.md#deep">x</a><a href="../elsewhere.md">e</a>',
    "sub/README.md": "## Deep\n[no](no%zz.md) [dir](../sub) www.gone.md\n",
    "based.html": '<base href="/sub/"><a href="README.md">x</a><a href="/based.html">y</a>',
    "node_modules/a/README.md": "[x](gone.md)",
    ".hidden/README.md": "[x](gone.md)",
  }, { extensions: ["html"] });
  assertEquals(found, ["dead /sub/no%25zz.md", "outside file://docs/root/elsewhere.md"]);
});

Deno.test("normalised URLs: examples, and twice is once", () => {
  const rows: readonly (readonly [url: string, normalised: string])[] = [
    ["HTTP://EXAMPLE.com:80/a/../b", "http://example.com/b"],
    ["https://example.com:443", "https://example.com/"],
    ["http://example.com/%7euser/%41", "http://example.com/~user/A"],
    ["http://example.com/a%2fb%c3%a9", "http://example.com/a%2Fb%C3%A9"],
    ["http://user:word@example.com/", "http://example.com/"],
    ["http://example.com/?", "http://example.com/"],
    ["http://example.com/??", "http://example.com/??"],
    ["http://example.com/?b=1&a=2#x", "http://example.com/?b=1&a=2"],
    ["http://example.com/a/", "http://example.com/a/"],
    ["http://example.com//a", "http://example.com//a"],
  ];
  for (const [url, expected] of rows) assertEquals(normaliseUrl(new URL(url)).url, expected);
  assertEquals(
    normaliseUrl(new URL("http://a/?utm_x=1&b=2&utm_y"), ["utm_*"]).url,
    "http://a/?b=2",
  );
  fc.assert(fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (text) => {
    const once = normaliseUrl(new URL(text)).url;
    assertEquals(normaliseUrl(new URL(once)).url, once);
  }));
});

Deno.test("traps: paths that repeat, that are deep, and queries without end", () => {
  const traps = new TrapDetector({ maxQueries: 3 });
  const rows: readonly (readonly [path: string, isTrap: boolean])[] = [
    ["/a/a/a/b", false],
    ["/a/a/a/a/", true],
    ["/x/y/x/y/x/y/x/y/", true],
    ["/2024/01/2024/02/2024/03", false],
    [`/${"a/b/c/d/e/".repeat(7)}`, true],
    ["/c?1", false],
    ["/c?2", false],
    ["/c?3", false],
    ["/c?4", true],
  ];
  for (const [path, isTrap] of rows) {
    assertEquals(traps.check(new URL(`http://a.example${path}`)) !== undefined, isTrap, path);
  }
});

Deno.test("sitemaps: what they look like, any text is read, and none takes long", async () => {
  const yes = [
    "<urlset>",
    "\ufeff<?xml version='1.0'?>\n<!-- a --><!-- b -->\n<s:urlset >",
    "<feed>",
    "<RSS>",
  ];
  for (const text of yes) assertEquals(isSitemap(text), true, text);
  const no = [
    "<html>",
    "<!-- <urlset> -->",
    "urlset",
    "<!--",
    `${"<!---->".repeat(5000)}x`,
    "<urlsetx>",
  ];
  for (const text of no) assertEquals(isSitemap(text), false, text.slice(0, 50));
  await fc.assert(fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
    isSitemap(text);
    await readSitemap(text);
    await readSitemap(`<urlset>${text}`);
    cssLinks(text);
  }));
});

Deno.test("the state: what was committed is there again, and only that", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.remove(path);
    {
      using store = await CrawlStore.open(path);
      store.add("http://a.example/1", "a.example", "read", 0);
      store.commit();
      store.add("http://a.example/2", "a.example", "read", 0);
    }
    using store = await CrawlStore.open(path);
    assertEquals(store.counts(), { urls: 1, done: 0 });
    const [host] = store.waitingHosts(5);
    const [item] = store.waiting(host!.id, 0, 5);
    store.finish(item!, {
      outcome: "ok",
      links: [{ target: 1, kind: "link", fragment: "", text: "", mode: "read" }],
    });
    assertEquals([store.counts(), store.waitingHosts(5)], [{ urls: 1, done: 1 }, []]);
    store.restart();
    assertEquals(store.counts(), { urls: 0, done: 0 });
    assertEquals(store.add("http://a.example/1", "a.example", "check", 3).isNew, true);
    assertEquals(store.current(item!.id)?.mode, "check");
  } finally {
    for (const end of ["", "-wal", "-shm"]) await Deno.remove(path + end).catch(() => {});
  }
});
