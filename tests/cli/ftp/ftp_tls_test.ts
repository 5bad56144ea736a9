/** FTP inside TLS, command against command: the data too. */

import { assertEquals, assertMatch } from "@std/assert";
import { certificates } from "../../support/certificates.ts";
import { MODEL_CHOICES, serveWords } from "../../support/model_conversations.ts";
import { netwright, serve } from "../../support/netwright.ts";
import { inFolder } from "../../support/trees.ts";

for (const model of MODEL_CHOICES) {
  Deno.test(`--model ${model} serves files over FTP inside TLS, from the first byte and after AUTH`, async () => {
    const { folder: keys } = await certificates();
    await inFolder(async (root) => {
      await Deno.mkdir(`${root}/pub`);
      await Deno.writeTextFile(`${root}/pub/a.txt`, "hello\n");
      for (const [scheme, more] of [["ftps", ["--implicit"]], ["ftp+tls", []]] as const) {
        const words = serveWords("ftp", model, "--root", root, "--anonymous", "read", ...more);
        const tls = ["--tls-cert", `${keys}/server.pem`, "--tls-key", `${keys}/server.key`];
        await using server = await serve([...words.slice(1), ...tls]);
        const url = `${scheme}://localhost:${server.endpoint.split(":").at(-1)}/pub/`;
        const ca = ["--ca", `${keys}/ca.pem`];
        const listed = await netwright(["ftp", "ls", url, ...ca]);
        assertEquals([listed.code, listed.stdout], [0, "a.txt\n"], listed.stderr);
        // The rest is the same for every model.
        if (model !== "multiplex") continue;
        const file = await netwright(["ftp", "cat", `${url}a.txt`, ...ca]);
        assertEquals([file.code, file.stdout], [0, "hello\n"], file.stderr);
        const plain = await netwright(["ftp", "ls", url, ...ca, "--wire"]);
        assertMatch(plain.stderr, /PROT P/);
      }
    });
  });
}
