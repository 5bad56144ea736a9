/** Hosts that require TLS (RFC 6797), when requests are repeated, what a redirect changes. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  ConnectError,
  DisconnectedError,
  ProtocolError,
  TimeoutError,
} from "../../../../src/net/mod.ts";
import { HttpHeaders } from "../../../../src/protocols/http/mod.ts";
import { locationOf } from "../../../../src/protocols/http/client/redirect.ts";
import { isPassing, mayPass, retryDelay } from "../../../../src/protocols/http/client/retry.ts";
import { SecureHosts } from "../../../../src/protocols/http/client/secure_hosts.ts";

const url = (text: string) => new URL(text);

Deno.test("SecureHosts: what a server says by TLS moves requests to TLS, as long as it said", () => {
  const hosts = new SecureHosts();
  const upgraded = (text: string, now = 1000) => hosts.upgrade(url(text), now).href;
  hosts.learn(url("https://a.example/"), "max-age=10", 0);
  assertEquals(upgraded("http://a.example/x?y"), "https://a.example/x?y");
  assertEquals(upgraded("http://a.example:8080/"), "https://a.example:8080/");
  assertEquals(upgraded("http://b.a.example/"), "http://b.a.example/");
  assertEquals(upgraded("http://a.example/", 10_001), "http://a.example/");
  hosts.learn(url("https://a.example/"), 'Max-Age="10" ; includeSubDomains', 0);
  assertEquals(upgraded("http://b.a.example/"), "https://b.a.example/");
  assertEquals(upgraded("http://ba.example/"), "http://ba.example/");
  hosts.learn(url("https://a.example/"), "max-age=0", 0);
  assertEquals(upgraded("http://a.example/"), "http://a.example/");
  for (
    const [from, field] of [
      ["http://c.example/", "max-age=10"],
      ["https://c.example/", "includeSubDomains"],
      ["https://c.example/", "max-age=x"],
      ["https://127.0.0.1/", "max-age=10"],
      ["https://[::1]/", "max-age=10"],
    ] as const
  ) hosts.learn(url(from), field, 0);
  for (const text of ["http://c.example/", "http://127.0.0.1/", "http://[::1]/"]) {
    assertEquals(upgraded(text), text);
  }
});

Deno.test("retryDelay(): as the server says, else longer each time, never all at once", () => {
  const headers = (value: string) => new HttpHeaders([["retry-after", value]]);
  const now = new Date("2026-11-30T08:00:00Z");
  assertEquals(retryDelay(1, headers("7"), now), 7000);
  assertEquals(retryDelay(1, headers("Mon, 30 Nov 2026 08:00:09 GMT"), now), 9000);
  assertEquals(retryDelay(1, headers("Mon, 30 Nov 2026 07:00:00 GMT"), now), 0);
  for (const [attempt, longest] of [[1, 1000], [2, 2000], [3, 4000], [9, 30_000]] as const) {
    const delay = retryDelay(attempt, headers("soon"), now);
    assert(delay >= longest / 2 && delay <= longest, `${delay}`);
  }
});

Deno.test("only what may pass is tried again, and only what may be done twice", () => {
  const row = (status: number) => ["GET", "POST"].map((method) => isPassing(method, status));
  assertEquals([404, 500, 503, 429, 501].map(row), [
    [false, false],
    [true, false],
    [true, true],
    [true, true],
    [false, false],
  ]);
  const refused = new ConnectError("x", { kind: "refused" });
  const unknown = new ConnectError("x", { kind: "name not found" });
  const broken = new DisconnectedError("x");
  const late = new TimeoutError("x");
  assertEquals(
    [refused, unknown, broken, late, new Error("x")].map((error) =>
      ["GET", "POST"].map((one) => mayPass(one, error))
    ),
    [[true, true], [false, false], [true, false], [true, false], [false, false]],
  );
});

Deno.test("two places are none", () => {
  const both = new HttpHeaders([["location", "/a"], ["location", "/b"]]);
  assertThrows(
    () => locationOf(302, both, url("http://a.example/")),
    ProtocolError,
    "several places",
  );
  const same = new HttpHeaders([["location", "/a"], ["location", "/a"]]);
  assertEquals(locationOf(302, same, url("http://a.example/"))?.pathname, "/a");
  assertEquals(locationOf(300, same, url("http://a.example/")), undefined);
});
