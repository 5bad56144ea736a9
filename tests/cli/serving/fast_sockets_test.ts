/** `serve --fast`: datagrams and connections by the system's own calls, sandboxed and in place, and where it is refused. */

import { assertEquals, assertMatch } from "@std/assert";
import { certificates } from "../../support/certificates.ts";
import { freeDatagramPort } from "../../support/ports.ts";
import { flagsOf, netwright, serve } from "../../support/netwright.ts";

const ignore = Deno.build.os !== "linux";

Deno.test({ name: "serve --fast answers as without", ignore }, async (t) => {
  for (const inPlace of [false, true]) {
    await t.step(inPlace ? "in place" : "sandboxed", async () => {
      const words = ["serve", "echo", "--udp", "--fast", "--listen", "127.0.0.1:0"];
      const options = inPlace ? { flags: await flagsOf(words) } : {};
      await using echo = await serve(words.slice(1), options);
      const { code, stdout } = await netwright(["echo", "--udp", echo.endpoint], {
        stdin: "one\ntwo\n",
      });
      assertEquals([code, stdout], [0, "one\ntwo\n"]);
      assertEquals((await echo.stop()).code, 0);
      // Groups are joined by the same calls.
      await using chat = await serve([
        ...["chat", "--fast", "--multicast", "--multicast-port", `${freeDatagramPort()}`],
        ...["--listen", "127.0.0.1:0"],
      ]);
      const said = await netwright(
        ["chat", `ann@${chat.endpoint}`, "--multicast", "--join", "Pets", "--wait", "0.3"],
        { stdin: "hello\n" },
      );
      assertMatch(said.stdout, /\[Pets\] ann: hello\n$/);
    });
  }
});

Deno.test(
  { name: "serve --fast is refused without its permission, and where it cannot be", ignore },
  async () => {
    const words = ["serve", "echo", "--udp", "--fast", "--listen", "127.0.0.1:0"];
    const flags = (await flagsOf(words)).filter((flag) => !flag.startsWith("--allow-ffi"));
    const refused = await netwright(words, { flags });
    assertEquals([refused.code, refused.stdout], [3, ""]);
    assertMatch(refused.stderr, /needs --allow-ffi=/);
    for (
      const more of [
        ["echo", "--fast", "--model", "prefork"],
        ["echo", "--fast", "--listen", "unix:/nowhere/at/all"],
        ["localtime", "--fast", "--listen", "unix:/nowhere/at/all"],
      ]
    ) {
      const { code, stderr } = await netwright(["serve", ...more]);
      assertEquals(code, 2);
      assertMatch(stderr, /--fast is for UDP/);
    }
  },
);

Deno.test(
  { name: "serve http --fast keeps connections, also in place and with TLS", ignore },
  async () => {
    const words = ["serve", "http", "--sample", "5", "--fast", "--listen", "127.0.0.1:0"];
    const { folder, ca } = await certificates();
    const tls = ["--tls-cert", `${folder}/server.pem`, "--tls-key", `${folder}/server.key`];
    for (
      const [flags, more] of [[undefined, []], [await flagsOf(words), []], [
        undefined,
        tls,
      ]] as const
    ) {
      await using server = await serve([...words.slice(1), ...more], flags ? { flags } : {});
      const scheme = more.length > 0 ? "https" : "http";
      const caCerts = more.length > 0 ? [ca] : [];
      using client = Deno.createHttpClient({ caCerts, poolMaxIdlePerHost: 1 });
      for (let round = 0; round < 3; round++) {
        const url = `${scheme}://${server.endpoint.replace("127.0.0.1", "localhost")}/`;
        const answer = await fetch(url, { client });
        assertEquals([answer.status, await answer.text()], [200, "xxxxx"]);
      }
      assertEquals((await server.stop()).code, 0);
    }
  },
);

Deno.test({ name: "echo --udp --fast reports a closed port", ignore }, async () => {
  const words = ["echo", "--udp", "--fast", "--message", "x", `127.0.0.1:${freeDatagramPort()}`];
  for (const options of [{}, { flags: await flagsOf(words) }]) {
    const { code, stdout, stderr } = await netwright(words, options);
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^netwright: echo: 127\.0\.0\.1:\d+: connection refused/);
  }
  await using server = await serve(["echo", "--udp", "--listen", "127.0.0.1:0"]);
  const answered = await netwright(["echo", "--udp", "--fast", "--message", "x", server.endpoint]);
  assertEquals([answered.code, answered.stdout], [0, "x\n"]);
});
