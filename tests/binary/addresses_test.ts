/** A name with several addresses, of which the first one is of no use, on every runtime that we run on. */

import { assertEquals, assertMatch } from "@std/assert";
import { BUNDLE, EXECUTABLE, testBinary, testBundle } from "../support/executable.ts";
import { aloneHost, mayMakeNamespaces } from "../support/namespaces.ts";
import { netwright, type RunOptions, serve } from "../support/netwright.ts";

const HOSTS = "::1 two.test\n127.0.0.2 two.test\n127.0.0.1 two.test\n127.0.0.1 localhost\n";

async function everyAddressIsTried(options: RunOptions): Promise<void> {
  if (Deno.build.os !== "linux" || !await mayMakeNamespaces()) return;
  await using host = await aloneHost();
  // A namespace has files of its own for /etc, if there is a folder with its name.
  const folder = `/etc/netns/${host.name}`;
  await Deno.mkdir(folder, { recursive: true });
  try {
    await Deno.writeTextFile(`${folder}/hosts`, HOSTS);
    const at = { ...options, namespace: host.name };
    await using server = await serve(["daytime", "--listen", "127.0.0.1:0"], at);
    const port = server.endpoint.split(":").at(-1);
    const { code, stdout, stderr } = await netwright(["daytime", `two.test:${port}`], {
      ...at,
      stdin: "hello\n",
    });
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, /\d\d:\d\d:\d\d/);
    const refused = await netwright(["daytime", "two.test:9"], { ...at, stdin: "hello\n" });
    assertEquals(refused.code, 1);
    assertMatch(refused.stderr, /^netwright: daytime: two\.test:9: connection refused .*\n$/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

testBinary("the executable tries every address of a name", async () => {
  await everyAddressIsTried({ executable: EXECUTABLE });
});

testBundle("the bundle tries every address of a name", async () => {
  await everyAddressIsTried({ main: BUNDLE });
});
