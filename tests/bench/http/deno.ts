/** `Deno.serve` with the file read at each request, as its own file server does. Arguments: folder. */
const [folder = "."] = Deno.args;
Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(`listening on 127.0.0.1:${port}`),
}, async (request) => {
  const { pathname } = new URL(request.url);
  const file = await Deno.open(`${folder}${pathname}`).catch(() => undefined);
  if (file === undefined) return new Response("not found\n", { status: 404 });
  const { size } = await file.stat();
  return new Response(file.readable, { headers: { "content-length": `${size}` } });
});
