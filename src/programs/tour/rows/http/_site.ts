/**
 * A small site for the rows.
 *
 * @module
 */

import { httpHandler } from "../../../../protocols/http/mod.ts";
import type { TourContext } from "../../core/row.ts";

const PAGE = `<!doctype html><html><head><title>RFCs</title><base href="/rfc/"></head><body>
<h1>Tea time</h1><p>See <a href="2324.html">RFC 2324</a> and <a href="http://b.example/">others</a>.</p>
<img src="/pot.png" srcset="/pot.png 1x, /large.png 2x" alt="a pot">
<form action="/search" method="post"><input name="query"><input type="hidden" name="kind" value="rfc"></form>
<form action="/count" method="post" enctype="multipart/form-data"><input type="file" name="file"></form>
</body></html>`;

const MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT";

/**
 * Serves it.
 *
 * @param tour The means of the row.
 * @returns Its address, such as `http://127.0.0.1:8080`.
 */
export async function serveSite(tour: TourContext): Promise<string> {
  const { handle } = httpHandler(answer);
  return `http://${await tour.serveStream((connection, context) => handle(connection, context))}`;
}

async function answer(request: Request): Promise<Response> {
  const { pathname, origin } = new URL(request.url);
  const html = (text: string): Response =>
    new Response(text, { headers: { "content-type": "text/html", "last-modified": MODIFIED } });
  switch (pathname) {
    case "/":
      return request.headers.get("if-modified-since") === MODIFIED
        ? new Response(null, { status: 304 })
        : html(PAGE);
    case "/agent":
      return new Response(`${request.headers.get("user-agent")}\n`);
    case "/old":
      return Response.redirect(`${origin}/older`, 301);
    case "/older":
      return Response.redirect(`${origin}/`, 302);
    case "/search":
      return html(`<p>found: ${await request.text()}</p>`);
    case "/count": {
      const file = (await request.formData()).get("file");
      const text = file instanceof File ? await file.text() : "";
      return new Response(`${text.split("\n").length - 1} lines\n`);
    }
    case "/private": {
      const login = request.headers.get("authorization");
      if (login === null) {
        const challenge = 'Digest realm="tour", nonce="1", qop="auth", algorithm=SHA-256';
        return new Response("who?\n", { status: 401, headers: { "www-authenticate": challenge } });
      }
      return new Response(`${login.slice(0, 22)}\n`, {
        headers: { "set-cookie": "seen=1; Path=/" },
      });
    }
  }
  return new Response("none\n", { status: 404 });
}
