/** Sites for commands of the Web. */

const PAGE = `<!doctype html><title>A page</title><base href="/sub/">
<h1>Tea</h1><p>At <a href="../a.txt">four</a>?</p><img src=/pic.png alt=cup>
<form action="/echo" method=post><input name=q><input type=hidden name=token value=7></form>`;

const MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT";

/** Answers a request. */
export type Handler = (request: Request, url: URL) => Response | Promise<Response>;

/** Serves while a test runs. */
export async function withSite(
  handler: Handler,
  test: (site: string) => Promise<void>,
): Promise<void> {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => handler(request, new URL(request.url)),
  );
  try {
    await test(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

/** A small site that says what it is sent, and runs. */
export interface WebSite extends AsyncDisposable {
  /** Where, such as `127.0.0.1:8080`. */
  readonly endpoint: string;
}

/** Starts it. */
export function startWebSite(): WebSite {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  return {
    endpoint: `127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  switch (pathname) {
    case "/a.txt":
      return text("hello\n");
    case "/page.html":
      return new Response(PAGE, { headers: { "content-type": "text/html" } });
    case "/pic.png":
      return text("picture", { "content-type": "image/png" });
    case "/to":
      return new Response(null, { status: 302, headers: { location: "/a.txt" } });
    case "/echo":
      return new Response(`${request.method} ${await request.text()}\n`);
  }
  return new Response("none\n", { status: 404 });
}

function text(content: string, headers: Record<string, string> = {}): Response {
  return new Response(content, { headers: { "last-modified": MODIFIED, ...headers } });
}
