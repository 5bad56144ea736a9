/** `--socket-option`: each that is offered does something, and the others are refused by name. */

import { assertEquals, assertMatch } from "@std/assert";
import { flagsOf, netwright, serve } from "../../support/netwright.ts";
import { certificates } from "../../support/certificates.ts";

const OFFERED: readonly (readonly [setting: string])[] = [
  ["noDelay=true"],
  ["keepAlive=true"],
  ["reuseAddress=true"],
  ["reusePort=true"],
  ["linger=5"],
  ["sendBuffer=20000"],
  ["receiveBuffer=20000"],
  ["oobInline=true"],
  ["keepAliveIdle=60"],
  ["keepAliveInterval=5"],
  ["keepAliveCount=3"],
  ["ttl=9"],
  ["typeOfService=16"],
];

Deno.test("--socket-option takes all that connections have, under exactly the flags it prints", async (t) => {
  await using server = await serve(["echo", "--listen", "127.0.0.1:0"]);
  for (const [setting] of OFFERED) {
    await t.step(setting, async () => {
      const words = ["echo", server.endpoint, "--message", "hi", "--socket-option", setting];
      const ended = await netwright(words, { flags: await flagsOf(words) });
      assertEquals([ended.code, ended.stdout], [0, "hi\n"], ended.stderr);
    });
  }
  await t.step("several, to a name, inside TLS", async () => {
    const { folder } = await certificates();
    const tls = ["--tls-cert", `${folder}/server.pem`, "--tls-key", `${folder}/server.key`];
    await using secured = await serve(["echo", "--listen", "127.0.0.1:0", ...tls]);
    const words = [
      ...["echo", secured.endpoint.replace("127.0.0.1", "localhost"), "--message", "hi", "--tls"],
      ...[
        "--ca",
        `${folder}/ca.pem`,
        "--socket-option",
        "ttl=9",
        "--socket-option",
        "noDelay=true",
      ],
    ];
    const ended = await netwright(words, { flags: await flagsOf(words) });
    assertEquals([ended.code, ended.stdout], [0, "hi\n"], ended.stderr);
  });
});

Deno.test("--socket-option refuses unsupported options by name", async (t) => {
  const rows: readonly [setting: string, status: number, error: RegExp][] = [
    ["broadcast=true", 2, /the socket option broadcast is for datagrams only\n$/],
    ["multicastTtl=3", 2, /the socket option multicastTtl is for datagrams only\n$/],
    ["nosuch=1", 2, /unknown socket option "nosuch"; known: \w+/],
    ["constructor=1", 2, /unknown socket option "constructor"/],
    ["ttl=x", 2, /the socket option ttl is a number\n$/],
    ["noDelay=7", 2, /the socket option noDelay is true or false\n$/],
    ["ttl=999", 1, /the system does not take ttl=999: invalid argument\n$/i],
  ];
  for (const [setting, status, error] of rows) {
    await t.step(setting, async () => {
      const ended = await netwright([
        ...["echo", "127.0.0.1:1", "--message", "x", "--socket-option", setting],
      ]);
      assertEquals(ended.code, status);
      assertMatch(ended.stderr, error);
    });
  }
  const words = ["echo", "127.0.0.1:1", "--udp", "--message", "x", "--socket-option", "ttl=3"];
  const udp = await netwright(words);
  assertEquals(udp.code, 2);
  assertMatch(udp.stderr, /--socket-option is for connections, not for --udp\n$/);
});
