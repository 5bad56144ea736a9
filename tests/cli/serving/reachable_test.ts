/** The address that a server names when it listens on all. */

import { assertEquals, assertMatch } from "@std/assert";
import { parseEndpoint } from "../../../src/net/mod.ts";
import { reachableAt } from "../../../src/cli/serving/reachable.ts";
import { netwright } from "../../support/netwright.ts";
import { atTerminal } from "../../support/at_terminal.ts";

/** Whether this host has an address beside loopback. */
const hasAddress = Deno.networkInterfaces().some(({ family, address }) =>
  family === "IPv4" && !address.startsWith("127.")
);

Deno.test("a server on one address names no other, and needs no permission for it", async () => {
  for (const text of ["127.0.0.1:80", "[::1]:80", "192.0.2.1:80", "unix:/tmp/x", "localhost:80"]) {
    const endpoint = parseEndpoint(text);
    assertEquals(await reachableAt(endpoint, "http", false), undefined, text);
  }
});

Deno.test({
  name: "a server on all addresses names one of this host",
  ignore: !hasAddress,
  async fn() {
    const endpoint = parseEndpoint("0.0.0.0:8080");
    assertMatch(await reachableAt(endpoint, "http", false) ?? "", /^http:\/\/[\d.]+:8080\/$/);
    assertMatch(await reachableAt(endpoint, "http", true) ?? "", /^https:\/\/[\d.]+:8080\/$/);
    assertMatch(await reachableAt(endpoint, "echo", false) ?? "", /^[\d.]+:8080$/);
    assertMatch(await reachableAt(parseEndpoint("[::]:7"), "echo", false) ?? "", /:7$/);
  },
});

Deno.test("without a terminal the remark needs no permission", async () => {
  const words = ["serve", "echo", "--listen", "0.0.0.0:0", "--permissions"];
  const { stdout } = await netwright(words);
  assertEquals(/\bsys\b/.test(stdout), false, stdout);
});

Deno.test({
  name: "at a terminal the server names an address, unless it is to be quiet",
  ignore: !hasAddress || Deno.build.os !== "linux",
  async fn() {
    const words = ["serve", "http", "--listen", "0.0.0.0:0"];
    await using server = await atTerminal(words);
    await server.until("reachable at http://");
    await using quiet = await atTerminal([...words, "--quiet"]);
    await quiet.until("listening on");
    assertEquals(quiet.text().includes("reachable"), false);
  },
});
