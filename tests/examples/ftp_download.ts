/** A file from an FTP server, with progress, resumed if it broke off. */

import { FtpClient } from "@netwright/netwright/ftp";
import { serve } from "@netwright/netwright/servers";
import { streamService } from "@netwright/netwright/services";

const folder = await Deno.makeTempDir();
await Deno.mkdir(`${folder}/pub`);
await Deno.writeFile(`${folder}/pub/image`, new Uint8Array(300_000).fill(7));
await using server = serve(await streamService("ftp", { root: folder, anonymous: "read" }));

await using client = await FtpClient.connect(`ftp://127.0.0.1:${server.endpoint.port}/pub`);
for await (const { name, size } of client.list()) console.error(name.forDisplay(), size);
const shown: string[] = [];
await client.downloadTo("image", `${folder}/copy`, {
  resume: true,
  onProgress: (done, total) => shown.push(`${done} of ${total}`),
});
if (shown.at(-1) !== "300000 of 300000") throw new Error(shown.at(-1));
if ((await Deno.readFile(`${folder}/copy`))[299_999] !== 7) throw new Error("another file");

const text = await new Response(client.fetch("image", { offset: 299_998 })).bytes();
if (text.join() !== "7,7") throw new Error(text.join());
await Deno.remove(folder, { recursive: true });
console.log("ok");
