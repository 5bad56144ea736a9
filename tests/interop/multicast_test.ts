/** Multicast on subnets of the test's own: who receives what, how far it goes, until when. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { serve, startNetwright } from "../support/netwright.ts";
import { ADDRESSES, mayMakeNamespaces, type TestHost, twoSubnets } from "../support/namespaces.ts";
import { startRouter } from "./peers/multicast_router.ts";
import { needs } from "./peers/needs.ts";

const ignore = Deno.build.os !== "linux" || !(await needs("perl")) ||
  !(await mayMakeNamespaces());

const GROUP = "225.1.0.1";
/** The group as the kernel lists it, in hexadecimal of the machine's order. */
const LISTED = "010001E1";

/** Sends the time all the while. */
const report = (host: TestHost, ...more: readonly string[]) =>
  startNetwright(["time-of-day", "send", "--group", GROUP, "--every", "0.1", ...more], {
    namespace: host.name,
  });

/** Receives the time once; gives the sender's address, or nothing. */
async function receives(host: TestHost, ...more: readonly string[]): Promise<string | undefined> {
  const group = more.includes("--group") ? [] : ["--group", GROUP];
  const { code, stdout, stderr } = await host.netwright([
    ...["time-of-day", "receive", "--count", "1", "--wait", "1", "--json"],
    ...group,
    ...more,
  ]);
  if (code === 0) return JSON.parse(stdout).from;
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /no time was received/);
  return undefined;
}

Deno.test({ name: "multicast reaches members only, and as far as its hops", ignore }, async (t) => {
  await using hosts = await twoSubnets();
  const { near, router, far } = hosts;
  await using _routing = await startRouter(router, GROUP, ADDRESSES.near[4], [
    ADDRESSES.router[4],
    ADDRESSES.routerFar[4],
  ]);
  await t.step("one hop: the link, and this host", async () => {
    await using _telling = report(near, "--hops", "1");
    assertEquals(await receives(router), ADDRESSES.near[4]);
    assertEquals(await receives(near), ADDRESSES.near[4]);
    assertEquals(await receives(far), undefined);
  });
  await t.step("two hops: behind the router too", async () => {
    await using _telling = report(near, "--hops", "2");
    assertEquals(await receives(far), ADDRESSES.near[4]);
  });
  await t.step("no hop: this host only", async () => {
    await using _telling = report(near, "--hops", "0");
    assertEquals(await receives(near), ADDRESSES.near[4]);
    assertEquals(await receives(router), undefined);
  });
  await t.step("without loopback: not this host", async () => {
    await using _telling = report(near, "--no-loopback");
    assertEquals(await receives(router), ADDRESSES.near[4]);
    assertEquals(await receives(near), undefined);
  });
  await t.step("members of another group, or on another interface, receive nothing", async () => {
    // Datagrams that the router forwards are received on its other side as well.
    await using _telling = report(near, "--hops", "1");
    assertEquals(await receives(router, "--interface", "eth0"), ADDRESSES.near[4]);
    assertEquals(await receives(router, "--interface", ADDRESSES.routerFar[4]), undefined);
    assertEquals(await receives(router, "--group", "225.1.0.2"), undefined);
  });
  await t.step("through the interfaces that were chosen", async () => {
    const both = ["--interface", "eth0", "--interface", "eth1"];
    await using _telling = report(router, ...both);
    assertEquals(await receives(near), ADDRESSES.router[4]);
    assertEquals(await receives(far), ADDRESSES.routerFar[4]);
  });
  await t.step("IPv6: a group of the link, by its interface", async () => {
    const group = ["--group", "[ff12::2070]:2070"];
    await using _telling = startNetwright(
      ["time-of-day", "send", ...group, "--every", "0.1", "--interface", "eth1"],
      { namespace: router.name },
    );
    assertEquals(await receives(far, ...group), ADDRESSES.routerFar[6]);
    assertEquals(await receives(router, ...group, "--interface", "eth1"), ADDRESSES.routerFar[6]);
    assertEquals(await receives(router, ...group, "--interface", "eth0"), undefined);
    assertEquals(await receives(near, ...group), undefined);
  });
  await t.step("membership is the kernel's, and ends with the command", async () => {
    await using _telling = report(near);
    const memberships = () => router.run("cat", "/proc/net/igmp");
    const receiving = startNetwright(["time-of-day", "receive", "--group", GROUP], {
      namespace: router.name,
    });
    await using _receiving = receiving;
    assert((await receiving.line())!.endsWith(`\t${ADDRESSES.near[4]}`));
    assert((await memberships()).includes(LISTED));
    await receiving.stop();
    assert(!(await memberships()).includes(LISTED));
  });
});

Deno.test({ name: "a multicast chat across a router", ignore }, async () => {
  await using hosts = await twoSubnets();
  const { near, router, far } = hosts;
  await using _routing = await startRouter(router, GROUP, ADDRESSES.near[4], [
    ADDRESSES.router[4],
    ADDRESSES.routerFar[4],
  ]);
  await using _server = await serve(["chat", "--multicast", "--listen", "0.0.0.0:2027"], {
    namespace: near.name,
  });
  const chat = (host: TestHost, name: string) =>
    startNetwright(
      ["chat", `${name}@${ADDRESSES.near[4]}`, "--multicast", "--join", "CurrentEvents"],
      { namespace: host.name, stdin: "" },
    );
  const say = async (talking: ReturnType<typeof chat>, text: string): Promise<void> => {
    const writer = talking.child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(`${text}\n`));
    writer.releaseLock();
  };
  await using ann = chat(far, "ann");
  assertMatch((await ann.line())!, /you are in CurrentEvents with 1 in all/);
  await using bob = chat(near, "bob");
  assertMatch((await bob.line())!, /you are in CurrentEvents with 2 in all/);
  assertEquals(await ann.line(), "-- bob enters CurrentEvents");
  await say(bob, "hello");
  for (const one of [ann, bob]) assertEquals(await one.line(), "[CurrentEvents] bob: hello");
  await say(ann, "/part");
  assertEquals(await ann.line(), "-- you left CurrentEvents");
  assertEquals(await bob.line(), "-- ann leaves CurrentEvents");
  await say(bob, "without ann");
  assertEquals(await bob.line(), "[CurrentEvents] bob: without ann");
  await say(bob, "/private ann psst");
  assertEquals(await ann.line(), "*bob* psst");
});
