/** A site of any size whose faults are known, for the robot and its peers. */

/** A site that runs. */
export interface RobotSite extends AsyncDisposable {
  /** Where it begins, such as `http://127.0.0.1:8080/`. */
  readonly start: string;
  /** Another server, to which it links. */
  readonly elsewhere: string;
  /** What is to be found: problems and URLs, in which `SITE` and `ELSEWHERE` stand for the servers. */
  readonly expected: readonly string[];
  /** How often each path of the site was requested, by method and path. */
  readonly requests: ReadonlyMap<string, number>;
  /** Number of responses that said that nothing has changed. */
  readonly unchanged: number;
  /** Resolves when so many requests came. */
  reached(requests: number): Promise<void>;
}

/** How it is made. */
export interface RobotSiteOptions {
  /** Number of ordinary pages. */
  readonly pages: number;
  /** Whether links lead to the other server too. @default {true} */
  readonly external?: boolean;
  /** Whether there is a path that nests without end. @default {true} */
  readonly trap?: boolean;
}

/** The same numbers each time. */
function* random(seed: number): Generator<number, never> {
  for (let state = seed;;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    yield (state >>> 8) / 2 ** 24;
  }
}

type Page = { readonly links: string[]; readonly head: string[]; fields: Record<string, string> };

/** Starts it. */
export function startRobotSite(
  { pages: count, external = true, trap = true }: RobotSiteOptions,
): RobotSite {
  const pages: Page[] = [];
  const expected: string[] = [];
  const numbers = random(7);
  const next = (limit: number): number => Math.floor(numbers.next().value * limit);
  for (let number = 0; number < count; number++) {
    const links = [1, 2, 3].map((child) => number * 3 + child).filter((child) => child < count)
      .map((child) => `<a href="/p/${child}.html">page ${child}</a>`);
    for (let more = 0; more < 8; more++) {
      links.push(`<a href="/p/${next(count)}.html#s${next(5)}">more</a>`);
    }
    pages.push({ links, head: [], fields: {} });
  }
  const on = (number: number): Page => pages[number % count]!;
  /** Adds a fault to a page, and to what is to be found. */
  const fault = (number: number, html: string, problem: string, target: string): void => {
    on(number).links.push(html);
    expected.push(`${problem} ${target}`);
  };
  const every = Math.max(1, Math.floor(count / 10));
  for (let at = 0; at < 10; at++) {
    const number = at * every;
    fault(number + 1, `<a href="/gone/${at}">gone</a>`, "dead", `SITE/gone/${at}`);
    fault(number + 2, `<img src="/img/${at}.png">`, "dead", `SITE/img/${at}.png`);
    fault(
      number + 3,
      `<a href="/p/${at}.html#none-${at}">f</a>`,
      "missing-fragment",
      `SITE/p/${at}.html#none-${at}`,
    );
    fault(number + 4, `<a href="/error/${at}">e</a>`, "failed", `SITE/error/${at}`);
    fault(number + 5, `<a href="/moved/${at}">m</a>`, "redirect", `SITE/moved/${at}`);
    fault(number + 6, `<a href="/moved-dead/${at}">m</a>`, "dead", `SITE/moved-dead/${at}`);
    fault(number + 7, `<a href="/denied/${at}">m</a>`, "denied", `SITE/denied/${at}`);
    fault(number + 8, `<a href="/private/${at}">m</a>`, "robots", `SITE/private/${at}`);
  }
  // Two links to one thing are one finding.
  on(30).links.push('<a href="/gone/3">gone again</a>');
  fault(11, '<a href="/loop/a">loop</a>', "redirect-loop", "SITE/loop/a");
  fault(12, '<a href="http://[::1">x</a>', "malformed-url", "http://[::1");
  fault(13, '<a href="file:///etc/passwd">x</a>', "local-file", "file:///etc/passwd");
  fault(
    14,
    '<meta http-equiv="refresh" content="5; url=/gone/refresh">',
    "dead",
    "SITE/gone/refresh",
  );
  fault(15, '<img srcset="/ok.png 1x, /gone/2x.png 2x">', "dead", "SITE/gone/2x.png");
  fault(16, '<p style="background: url(/gone/style.png)">x</p>', "dead", "SITE/gone/style.png");
  fault(17, '<link rel="stylesheet" href="/style.css">', "dead", "SITE/gone/in-css.png");
  fault(18, '<a href="/notes.md">notes</a>', "dead", "SITE/gone/in-markdown");
  fault(19, '<link rel="canonical" href="/gone/canonical">', "dead", "SITE/gone/canonical");
  fault(20, '<video poster="/gone/poster.jpg"></video>', "dead", "SITE/gone/poster.jpg");
  fault(21, '<form action="/gone/form"></form>', "dead", "SITE/gone/form");
  on(22).fields.link = '</gone/header>; rel="next"';
  expected.push("dead SITE/gone/header");
  // Not faults.
  on(23).links.push(
    '<a href="/P/../p/5.html">same</a><a href="/%70/5.html?">same</a><a href="//SITEHOST/p/5.html">x</a>',
  );
  on(24).links.push(
    '<a href="tel:+1">t</a><a href="javascript:x()">j</a><a href="data:,x">d</a><a href="#">t</a><a href="#top">t</a>',
  );
  on(25).links.push(
    '<form action="/gone/posted" method="post"></form><link rel="preconnect" href="/gone/preconnect">',
  );
  on(26).links.push(
    '<!-- <a href="/gone/comment">c</a> --><script>"<a href=/gone/script>"</script>',
  );
  on(27).links.push(
    '<a href="/flaky">f</a><a href="/limited">l</a><a href="/page-with-base">b</a>',
  );
  // Pages behind links that are not to be followed have faults that nobody is to find.
  on(28).links.push(
    '<a href="/nofollow.html" rel="nofollow">n</a><a href="/meta-nofollow.html">n</a>',
  );
  if (trap) fault(29, '<a href="/nest/">nest</a>', "trap", "SITE/nest/nest/nest/nest/");
  if (external) {
    fault(31, '<a href="ELSEWHERE/dead">x</a>', "dead", "ELSEWHERE/dead");
    fault(32, '<a href="ELSEWHERE/denied">x</a>', "denied", "ELSEWHERE/denied");
    fault(33, '<a href="ELSEWHERE/limited">x</a>', "limited", "ELSEWHERE/limited");
    on(34).links.push(
      '<a href="ELSEWHERE/no-head">x</a><a href="ELSEWHERE/page">x</a><a href="ELSEWHERE/head-lies">x</a>',
    );
  }
  expected.push("only-in-sitemap SITE/hidden.html");

  const requests = new Map<string, number>();
  const waiting: { at: number; resolve: () => void }[] = [];
  let total = 0;
  let unchanged = 0;
  let site = "";
  let other = "";
  const answer = (request: Request): Response => {
    const { pathname, search } = new URL(request.url);
    const key = `${request.method} ${pathname}${search}`;
    requests.set(key, (requests.get(key) ?? 0) + 1);
    total++;
    for (const { at, resolve } of waiting) if (total >= at) resolve();
    const response = respond(pathname, requests.get(key)!);
    const etag = `"${pathname}"`;
    if (response.status === 200) {
      response.headers.set("etag", etag);
      if (request.headers.get("if-none-match") === etag) {
        unchanged++;
        return new Response(null, { status: 304, headers: { etag } });
      }
    }
    // Without it linkchecker waits a third of a second before each request.
    response.headers.set("linkchecker", "yes");
    return response;
  };
  const respond = (pathname: string, seen: number): Response => {
    const [, ordinary] = /^\/p\/(\d+)\.html$/.exec(pathname) ?? [];
    if (pathname === "/" || (ordinary !== undefined && Number(ordinary) < count)) {
      return showPage(Number(ordinary ?? 0), pages);
    }
    return other !== "" && special(pathname, seen, site) || new Response("none", { status: 404 });
  };
  const showPage = (number: number, list: readonly Page[]): Response => {
    const { links, fields } = list[number]!;
    const body = links.join("\n").replaceAll("ELSEWHERE", other).replaceAll(
      "SITEHOST",
      new URL(site).host,
    );
    const anchors = [0, 1, 2, 3, 4].map((anchor) => `<h2 id="s${anchor}">Part ${anchor}</h2>`);
    return html(`<!doctype html><title>Page ${number}</title>${anchors.join("")}${body}`, fields);
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  const second = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, elsewhere);
  site = `http://127.0.0.1:${server.addr.port}`;
  other = `http://127.0.0.1:${second.addr.port}`;
  return {
    start: `${site}/`,
    elsewhere: other,
    expected: expected.sort(),
    requests,
    get unchanged() {
      return unchanged;
    },
    reached(at) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ at, resolve });
      return promise;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([server.shutdown(), second.shutdown()]);
    },
  };
}

function html(text: string, headers: Record<string, string> = {}): Response {
  return new Response(text, {
    headers: { "content-type": "text/html; charset=utf-8", ...headers },
  });
}

function redirect(location: string, status = 302): Response {
  return new Response(null, { status, headers: { location } });
}

function typed(text: BodyInit, type: string): Response {
  return new Response(text, { headers: { "content-type": type } });
}

function special(path: string, seen: number, site: string): Response | undefined {
  const [, area = "", rest = ""] = /^\/([\w-]+)(?:\/(.*))?$/.exec(path) ?? [];
  switch (area) {
    case "moved":
      return redirect(`/p/${rest}.html`, 301);
    case "moved-dead":
      return redirect(`/gone-after-move/${rest}`);
    case "denied":
      return new Response("no", { status: 403 });
    case "error":
      return new Response("no", { status: 501 });
    case "loop":
      return redirect(rest === "a" ? "/loop/b" : "/loop/a");
    case "nest":
      return html('<title>Nest</title><a href="nest/">deeper</a>');
    case "flaky":
      return seen < 2 ? new Response("no", { status: 502 }) : typed("ok", "text/plain");
    case "limited":
      return seen < 2
        ? new Response("no", { status: 429, headers: { "retry-after": "0" } })
        : typed("ok", "text/plain");
  }
  switch (path) {
    case "/robots.txt":
      return typed(
        `User-agent: *\nDisallow: /private/\nSitemap: ${site}/sitemap-index.xml\n` +
          "Sitemap: http://169.254.169.254/sitemap.xml\n",
        "text/plain",
      );
    case "/sitemap-index.xml":
      return typed(
        `<sitemapindex><sitemap><loc>${site}/sitemap.xml.gz</loc></sitemap></sitemapindex>`,
        "application/xml",
      );
    case "/sitemap.xml.gz":
      return new Response(
        gzipped(
          `<?xml version="1.0"?><urlset><url><loc>${site}/hidden.html</loc></url>` +
            `<url><loc>${site}/p/1.html</loc></url></urlset>`,
        ),
        { headers: { "content-type": "application/gzip" } },
      );
    case "/style.css":
      return typed(
        "/* url(/gone/css-comment) */ p { background: url(/gone/in-css.png) }",
        "text/css",
      );
    case "/notes.md":
      return typed(
        "# Notes\n[gone](/gone/in-markdown) `[code](/gone/code)` [here](#notes)\n",
        "text/markdown",
      );
    case "/ok.png":
      return typed("x", "image/png");
    case "/hidden.html":
      return html("<title>Hidden</title><p>nothing</p>");
    case "/nofollow.html":
      return html('<title>N</title><a href="/gone/behind-nofollow">x</a>');
    case "/meta-nofollow.html":
      return html(
        '<title>M</title><meta name="robots" content="nofollow"><a href="/nofollow.html">x</a>',
      );
    case "/page-with-base":
      return html('<title>B</title><base href="/p/"><a href="1.html">one</a>');
  }
  return undefined;
}

function gzipped(text: string): ReadableStream<Uint8Array> {
  return new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
}

function elsewhere(request: Request): Response {
  const { pathname } = new URL(request.url);
  const isHead = request.method === "HEAD";
  switch (pathname) {
    case "/page":
      // Nothing beyond it is to be looked at.
      return html('<title>Elsewhere</title><a href="/dead-beyond">x</a>');
    case "/no-head":
      return new Response(null, { status: isHead ? 405 : 200 });
    case "/head-lies":
      return new Response(null, { status: isHead ? 404 : 200 });
    case "/denied":
      return new Response("no", { status: 403 });
    case "/limited":
      return new Response("no", { status: 429, headers: { "retry-after": "0" } });
    case "/robots.txt":
      return new Response("none", { status: 404 });
  }
  return new Response("none", { status: 404 });
}
