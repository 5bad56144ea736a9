/** Requests of a user agent: a form that is sent, a login, a redirect, a download that is resumed. */

import { downloadTo, httpHandler, urlencodedForm, UserAgent } from "@netwright/netwright/http";
import { serve } from "@netwright/netwright/servers";

await using server = serve(httpHandler(async (request) => {
  const { pathname, origin } = new URL(request.url);
  if (pathname === "/old") return Response.redirect(`${origin}/new`, 301);
  if (pathname === "/echo") return new Response(await request.text());
  if (pathname === "/file") return new Response(new Uint8Array(300_000).fill(7));
  const isKnown = request.headers.get("authorization") === `Basic ${btoa("ann:sesame")}`;
  return isKnown ? new Response("hello ann") : new Response("who?", {
    status: 401,
    headers: { "www-authenticate": 'Basic realm="site"' },
  });
}));
const site = `http://127.0.0.1:${server.endpoint.port}`;

using agent = new UserAgent({ userAgent: "example/1", retries: 2 });
const welcome = await agent.request("GET", `${site.replace("//", "//ann:sesame@")}/old`);
if (await welcome.text() !== "hello ann") throw new Error(`${welcome.status}`);
if (welcome.history.map(({ status }) => status).join() !== "301,401") throw new Error("the way");

const answer = await agent.request("POST", `${site}/echo`, {
  body: urlencodedForm([["query", "tea & cake"]]),
  fields: [["Content-Type", "application/x-www-form-urlencoded"]],
  timeoutMs: 10_000,
});
if (await answer.text() !== "query=tea+%26+cake") throw new Error("another form");

const file = await Deno.makeTempFile();
const { bytes } = await downloadTo(agent, `${site}/file`, file, { resume: true });
if (bytes !== 300_000) throw new Error(`${bytes} bytes`);
await Deno.remove(file);
console.log("ok");
