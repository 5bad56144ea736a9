/** Broadcast on subnets of the test's own: receivers, and found servers. */

import { assertEquals, assertMatch } from "@std/assert";
import { serve } from "../support/netwright.ts";
import { ADDRESSES, mayMakeNamespaces, twoSubnets } from "../support/namespaces.ts";

const ignore = Deno.build.os !== "linux" || !(await mayMakeNamespaces());

Deno.test(
  { name: "discovery finds the chat servers of each subnet that it is in", ignore },
  async (t) => {
    await using hosts = await twoSubnets();
    const { near, router, far } = hosts;
    const wait = ["--wait", "0.6"];
    await t.step("no one", async () => {
      const { code, stdout } = await near.netwright(["discover", "chat", ...wait]);
      assertEquals([code, stdout], [1, ""]);
      const chat = await near.netwright(["chat", "ann", "--discover", ...wait]);
      assertEquals(chat.code, 1);
      assertMatch(chat.stderr, /no chat server answers on any subnet/);
    });
    const at = (host: { readonly name: string }) =>
      serve(["chat", "--listen", "0.0.0.0:2027"], { namespace: host.name });
    await using _near = await at(near);
    await using _far = await at(far);
    await t.step("from the middle, both; the replies name them", async () => {
      const { code, stdout, stderr } = await router.netwright(["discover", "chat", ...wait]);
      assertEquals([code, stderr], [0, ""]);
      assertEquals(
        stdout.trimEnd().split("\n").sort(),
        [
          `${ADDRESSES.near[4]}:2027`,
          `${ADDRESSES.far[4]}:2027`,
        ].sort(),
      );
    });
    await t.step("from one side, none behind the router", async () => {
      const { stdout } = await far.netwright(["discover", "chat", ...wait]);
      const others = stdout.trimEnd().split("\n").filter((line) => !line.startsWith("127."));
      assertEquals(others, [`${ADDRESSES.far[4]}:2027`]);
    });
    await t.step("the only one is talked to, of several one must be named", async () => {
      const options = { stdin: "hello\n" };
      const one = await near.netwright(
        ["chat", "ann", "--discover", "--join", "Pets", ...wait],
        options,
      );
      assertEquals([one.code, one.stderr], [0, ""]);
      assertMatch(one.stdout, /\[Pets\] ann: hello\n$/);
      const several = await router.netwright(["chat", "ann", "--discover", ...wait], options);
      assertEquals(several.code, 1);
      assertMatch(several.stderr, /there are several: .*10\.11\.[12]\.1:2027/);
    });
  },
);
