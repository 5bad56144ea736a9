/** The load generator and the comparison of the models, as processes. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { SERVER_MODELS } from "../../../src/cli/serving/server_models.ts";
import { flagsOf, netwright, serve } from "../../support/netwright.ts";

Deno.test("bench load: several threads, JSON, a status of its own when something fails", async () => {
  await using server = await serve(["http", "--listen", "127.0.0.1:0", "--sample", "1000"]);
  const url = `http://${server.endpoint}/`;
  const words = ["bench", "load", url, "--threads", "2", "--requests", "101", "-c", "5", "--json"];
  for (const options of [{}, { flags: await flagsOf(words.slice(0, -1)) }]) {
    const { code, stdout, stderr } = await netwright(words, options);
    assertEquals([code, stderr], [0, ""]);
    const { requests, errors, bytes, opened, latencyMs } = JSON.parse(stdout);
    assertEquals([requests, errors, bytes, opened], [101, {}, 101_000, 5]);
    assert(latencyMs.p50 <= latencyMs.max);
  }
  await server.stop("SIGTERM");
  const { code, stdout } = await netwright(["bench", "load", url, "-n", "3", "-c", "1"]);
  assertEquals(code, 1);
  assertMatch(stdout, /^answered +0 .*\nfailed +3\n {2}3 times: connection refused\n$/m);
});

for (
  const [words, reported] of [
    [["ftp://127.0.0.1/"], "a target is http://…, https://… or echo://…, not ftp://"],
    [["echo://127.0.0.1", "--no-keep-alive"], "--no-keep-alive is for http"],
    [["127.0.0.1", "--size", "3"], "--size is for echo"],
    [["https://127.0.0.1", "--threads", "2"], "only one thread can ask over https"],
    [["http://user:secret@127.0.0.1/"], "a target has neither user name nor password here"],
    [["http://a b/"], "is not a URL"],
  ] as const
) {
  Deno.test(`bench load ${words.join(" ")} is refused`, async () => {
    const { code, stdout, stderr } = await netwright(["bench", "load", ...words]);
    assertEquals([code, stdout], [2, ""]);
    assert(stderr.includes(reported), stderr);
  });
}

Deno.test("bench models: every model, as JSON and as one page that needs nothing else", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const html = `${folder}/models.html`;
    const words = ["bench", "models", "--duration", "0.1", "--runs", "1", "-c", "2", "--json"];
    const { code, stdout, stderr } = await netwright([...words, "--html", html]);
    assertEquals([code, stderr], [0, ""]);
    const measures = stdout.trim().split("\n").map((line) => JSON.parse(line));
    const models = [...new Set(measures.map(({ model }) => model))];
    assertEquals(
      models.toSorted(),
      [
        ...Object.keys(SERVER_MODELS),
        "prefork, own sockets",
        "prethread, shared socket",
      ].toSorted(),
    );
    assertEquals(measures.length, models.length * 3);
    const page = await Deno.readTextFile(html);
    for (const model of models) assert(page.includes(`<th scope="row">${model}</th>`));
    // Three loads, two charts of each, for light and for dark screens.
    assertEquals(page.match(/<svg /g)?.length, 12);
    assertEquals(page.match(/<script|<link|<img|@import|url\(/g), null);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["models.html"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
