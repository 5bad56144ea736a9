/** Situations from the trackers of link checkers and robots, each with its project and number. */

import { assertEquals } from "@std/assert";
import { NewsSource } from "../../../src/programs/robot/internal.ts";
import { DestinationGate } from "../../../src/net/mod.ts";
import { type Answer, crawl, crawlFolder, type CrawlOptions } from "./crawled.ts";

function redirect(location: string, status = 302): Response {
  return new Response(null, { status, headers: { location } });
}

function status(code: number, headers: Record<string, string> = {}): Response {
  return new Response("no", { status: code, headers });
}

interface Situation {
  readonly site: Readonly<Record<string, Answer>>;
  readonly options?: CrawlOptions;
  readonly found: readonly string[];
  /** Requests, without those for `robots.txt`, in any order; not looked at if absent. */
  readonly requests?: readonly string[];
}

const SITUATIONS: Readonly<Record<string, Situation>> = {
  "linkchecker/linkchecker#628: + and : of a fragment, encoded or not": {
    site: {
      "/": '<a id="THR+13"></a><a id="a:b"></a><a href="#THR+13">x</a><a href="#THR%2B13">x</a>' +
        '<a href="#a:b">x</a><a href="#a%3Ab">x</a>',
    },
    found: [],
  },
  "wummel/linkchecker#359: a fragment that is percent-encoded": {
    site: { "/": '<h1 id="naïve">x</h1><a href="#na%C3%AFve">x</a><a href="#naïve">x</a>' },
    found: [],
  },
  "wummel/linkchecker#253: the case of anchors counts": {
    site: { "/": '<a name="Navigation_Pane"></a><a href="#Navigation_pane">x</a>' },
    found: ["missing-fragment /#Navigation_pane"],
  },
  "wummel/linkchecker#584: quotes in anchors": {
    site: { "/": `<a href="/o#%27path%27">x</a>`, "/o": `<a id="'path'"></a>` },
    found: [],
  },
  "wummel/linkchecker#557: fragments of the page itself": {
    site: { "/": '<a href="#broken">x</a><a href="#working">x</a><h2 id="working">x</h2>' },
    found: ["missing-fragment /#broken"],
  },
  "linkchecker/linkchecker#555, #568: many anchors, many pages at once, none lost": {
    site: Object.fromEntries([
      ["/", Array.from({ length: 40 }, (_, at) => `<a href="/${at}#a999">x</a>`).join("")],
      ...Array.from({ length: 40 }, (_, at): [string, string] => [
        `/${at}`,
        Array.from({ length: 1000 }, (_, anchor) => `<i id="a${anchor}"></i>`).join(""),
      ]),
    ]),
    options: { robot: { perHost: 20 } },
    found: [],
  },
  "linkchecker/linkchecker#752: links to news are checked, not dropped": {
    site: { "/": '<a href="news:no%20group">x</a><a href="news:comp.%00">x</a>' },
    options: {
      sources: (network) => ({
        "news:": new NewsSource({
          network,
          gate: new DestinationGate({ capabilities: { net: true } }),
          server: undefined,
          timeoutMs: 1000,
        }),
      }),
    },
    found: ["dead news:comp.%00", "dead news:no%20group"],
  },
  "JustinBeckwith/linkinator#511: commas of srcset are no part of URLs": {
    site: {
      "/": '<img srcset="/a.png, /b.png 2x,/c.png 3x">',
      "/a.png": "x",
      "/b.png": "x",
      "/c.png": "x",
    },
    found: [],
    requests: ["GET /", "HEAD /a.png", "HEAD /b.png", "HEAD /c.png"],
  },
  "JustinBeckwith/linkinator#364: a server that denies by HEAD what GET redirects": {
    site: {
      "/": '<a href="http://b.example/x">x</a>',
      "b.example/x": ({ method }) => method === "HEAD" ? status(404) : redirect("/y"),
      "b.example/y": "y",
    },
    found: [],
    requests: ["GET /", "HEAD b.example/x", "GET b.example/x", "HEAD b.example/y"],
  },
  "JustinBeckwith/linkinator#21: HEAD is not allowed": {
    site: {
      "/": '<a href="http://b.example/x">x</a>',
      "b.example/x": ({ method }) => method === "HEAD" ? status(405) : "x",
    },
    found: [],
  },
  "JustinBeckwith/linkinator#647: the path of the start does not limit what is read": {
    site: {
      "/docs/start.html": '<a href="/other/a.html">x</a>',
      "/other/a.html": '<a href="/other/gone.html">x</a>',
    },
    options: { start: "http://a.example/docs/start.html" },
    found: ["dead /other/gone.html"],
  },
  "JustinBeckwith/linkinator-action#182, lycheeverse/lychee#2117: who refuses robots is not dead": {
    site: {
      "/": [401, 403, 429, 451].map((code) => `<a href="http://b.example/${code}">x</a>`).join(""),
      ...Object.fromEntries(
        [401, 403, 429, 451].map((code) => [`b.example/${code}`, status(code)]),
      ),
    },
    found: [
      "denied http://b.example/401",
      "denied http://b.example/403",
      "denied http://b.example/451",
      "limited http://b.example/429",
    ],
  },
  "lycheeverse/lychee#367, #1605: after 429 nothing is asked until Retry-After is over": {
    site: {
      "/": '<a href="/one">x</a><a href="/two">x</a>',
      "/one": (_, times) => times === 1 ? status(429, { "retry-after": "0" }) : "one",
      "/two": "two",
    },
    options: { robot: { retries: 2 } },
    found: [],
    requests: ["GET /", "GET /one", "GET /one", "GET /two"],
  },
  "lycheeverse/lychee#634, #1678: one resource in several spellings is asked for once": {
    site: {
      "/": '<a href="/x">1</a><a href="/y/../x">2</a><a href="HTTP://A.example:80/%78#a">3</a>' +
        '<a href="/x?">4</a><a href=" /x\n">5</a>',
      "/x": '<i id="a"></i>',
    },
    found: [],
    requests: ["GET /", "GET /x"],
  },
  "raviqqe/muffet#147: a redirect whose Location is malformed says so": {
    site: { "/": '<a href="/x">x</a>', "/x": redirect("http://b.example:port/") },
    found: ["failed /x"],
  },
  "raviqqe/muffet#356: the prefix that a hosting site puts before anchors": {
    site: {
      "/": '<a href="/x?tab=readme#versioning">x</a>',
      "/x?tab=readme": '<i id="user-content-versioning"></i>',
    },
    found: [],
  },
  "rockdaboot/wget2#358: robots.txt is not asked for if it is to be ignored": {
    site: { "/": '<a href="/x">x</a>', "/x": "x", "/robots.txt": "user-agent: *\ndisallow: /" },
    options: { ignoresRobots: true },
    found: [],
    requests: ["GET /", "GET /x"],
  },
  "rockdaboot/wget2#390: what pages below a path load is checked wherever it is": {
    site: {
      "/sub/": '<link rel=stylesheet href="/css/a.css"><a href="/outside/">x</a>',
      "/css/a.css": "x",
      "/outside/": '<a href="/outside/gone">x</a>',
    },
    options: { start: "http://a.example/sub/", scope: { paths: ["/sub/"] } },
    found: [],
    requests: ["GET /sub/", "HEAD /css/a.css", "HEAD /outside/"],
  },
  "rockdaboot/wget2#262: a fragment is no part of the resource": {
    site: { "/": '<a href="/doc.html#Codes">x</a>', "/doc.html": '<i id="Codes"></i>' },
    found: [],
    requests: ["GET /", "GET /doc.html"],
  },
  "rockdaboot/wget2#370: other hosts are checked, and never read": {
    site: {
      "/": '<a href="http://b.example/">x</a>',
      "b.example/": '<a href="/gone">x</a>',
    },
    found: [],
    requests: ["GET /", "HEAD b.example/"],
  },
  "ArchiveTeam/wpull#58: robots.txt that redirects to another host": {
    site: {
      "/": '<a href="/secret">x</a>',
      "/robots.txt": redirect("http://b.example/robots.txt", 301),
      "b.example/robots.txt": new Response("user-agent: *\ndisallow: /secret"),
    },
    found: ["robots /secret"],
    requests: ["GET /"],
  },
  "apify/crawlee-python#1563: a malformed robots.txt does not end the crawl": {
    site: {
      "/": '<a href="/gone">x</a>',
      "/robots.txt": new Response(new Uint8Array([0xff, 0xfe, 0, 10, 0x3a, 0x3a, 10, 0x80])),
    },
    found: ["dead /gone"],
  },
  "CVE-2026-46497 (crawlee-python): a sitemap leads to no inner address": {
    site: {
      "/": "x",
      "/robots.txt": new Response(
        "Sitemap: http://10.0.0.1/sitemap.xml\nSitemap: http://a.example/sitemap.xml\n",
      ),
      "/sitemap.xml": new Response(
        "<urlset><url><loc>http://10.0.0.1/admin</loc></url></urlset>",
        { headers: { "content-type": "text/xml" } },
      ),
    },
    found: ["outside http://10.0.0.1/admin"],
    requests: ["GET /", "GET /sitemap.xml"],
  },
  "scrapy/scrapy#457: a redirect to a file is not followed": {
    site: { "/": '<a href="/x">x</a>', "/x": redirect("file:///etc/passwd") },
    found: ["failed /x"],
  },
  "a link that nests without end is a trap": {
    site: new Proxy({}, {
      get: (_, path: string) =>
        path === "/" || path.startsWith("/a/") ? '<a href="a/">deeper</a>' : undefined,
    }),
    found: ["trap /a/a/a/a/"],
  },
  "preconnect and dns-prefetch name servers, no resources": {
    site: {
      "/":
        '<link rel=preconnect href="http://b.example"><link rel="dns-prefetch" href="//c.example">',
    },
    found: [],
    requests: ["GET /"],
  },
};

for (const [what, { site, options, found, requests }] of Object.entries(SITUATIONS)) {
  Deno.test(what, async () => {
    const result = await crawl(site, options);
    assertEquals(result.found, found);
    if (requests === undefined) return;
    const asked = result.requests.filter((request) => !request.endsWith("/robots.txt"));
    assertEquals(asked.toSorted(), requests.toSorted());
  });
}

const FOLDERS: Readonly<
  Record<
    string,
    { readonly files: Readonly<Record<string, string>>; readonly found: readonly string[] }
  >
> = {
  "lycheeverse/lychee#1896, #1577: fragments of links that begin at the folder": {
    files: {
      "a.md": "[a](b.html#a) [a](/b.html#a) [c](/b.html#c)",
      "b.html": '<h1 id="a">a</h1>',
    },
    found: ["missing-fragment /b.html#c"],
  },
  "lycheeverse/lychee#452, #1265: links that begin with a slash are checked": {
    files: { "nested/page.md": "[x](/bad.md) [y](/nested/page.md)" },
    found: ["dead /bad.md"],
  },
  "lycheeverse/lychee#2111: steps above the folder lead out of it, and may lead anywhere": {
    files: { "x/index.html": '<link rel=icon href="../../../icon.png">', "icon.png": "x" },
    found: ["outside file://docs/icon.png"],
  },
  "timaschew/link-checker#5: anchors beyond ASCII": {
    files: {
      "a.html": '<a id="Кира"></a><a href="#Кира">x</a><a href="#%D0%9A%D0%B8%D1%80%D0%B0">x</a>',
    },
    found: [],
  },
  "Munter/netlify-plugin-checklinks#198: names of files that are percent-encoded": {
    files: {
      "a.html": '<img src="mi%40x.png"><img src="%C3%B2.png">',
      "mi@x.png": "x",
      "ò.png": "x",
    },
    found: [],
  },
};

for (const [what, { files, found }] of Object.entries(FOLDERS)) {
  Deno.test(what, async () => assertEquals((await crawlFolder(files)).found, found));
}
