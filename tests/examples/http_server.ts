/** A web server of one's own: routes, JSON, an error, and a body that is streamed. */

import { httpHandler } from "@netwright/netwright/http";
import { serve } from "@netwright/netwright/servers";

const notes = new Map<string, string>();

async function respond(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const name = decodeURIComponent(pathname.slice(1));
  if (request.method === "PUT") {
    notes.set(name, await request.text());
    return new Response(null, { status: 204 });
  }
  if (name === "") return Response.json([...notes.keys()]);
  const text = notes.get(name);
  return text === undefined ? new Response("no such note\n", { status: 404 }) : new Response(text);
}

await using server = serve(httpHandler(respond, { maxBodyBytes: 10_000 }));
const url = `http://127.0.0.1:${server.endpoint.port}`;

await (await fetch(`${url}/milk`, { method: "PUT", body: "2 litres" })).body?.cancel();
const names = await (await fetch(url)).json();
const text = await (await fetch(`${url}/milk`)).text();
const missing = await fetch(`${url}/eggs`);
await missing.body?.cancel();
if (names.join() !== "milk" || text !== "2 litres" || missing.status !== 404) {
  throw new Error(`${names} ${text} ${missing.status}`);
}
console.log("ok");
