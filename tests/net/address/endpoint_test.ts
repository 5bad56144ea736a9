import { assertEquals, assertThrows } from "@std/assert";
import { parseTarget } from "../../../src/net/internal.ts";
import { formatEndpoint, parseEndpoint, UsageError } from "../../../src/net/mod.ts";

Deno.test("parseEndpoint() reads every form, and formatEndpoint() writes it", async (t) => {
  const cases: readonly [text: string, expected: Record<string, unknown>, printed?: string][] = [
    ["example.org:25", { transport: "tcp", hostname: "example.org", port: 25 }],
    ["example.org", { transport: "tcp", hostname: "example.org", port: 7 }, "example.org:7"],
    ["127.0.0.1:0", { transport: "tcp", hostname: "127.0.0.1", port: 0 }],
    ["[::1]:25", { transport: "tcp", hostname: "::1", port: 25 }],
    ["[2001:db8::1]", { transport: "tcp", hostname: "2001:db8::1", port: 7 }, "[2001:db8::1]:7"],
    ["::1", { transport: "tcp", hostname: "::1", port: 7 }, "[::1]:7"],
    ["[fe80::1%eth0]:25", { transport: "tcp", hostname: "fe80::1%eth0", port: 25 }],
    [
      "[fe80::1%25eth0]",
      { transport: "tcp", hostname: "fe80::1%eth0", port: 7 },
      "[fe80::1%eth0]:7",
    ],
    ["FE80::1%eth0", { transport: "tcp", hostname: "fe80::1%eth0", port: 7 }, "[fe80::1%eth0]:7"],
    ["unix:/run/x", { transport: "unix", path: "/run/x" }],
  ];
  for (const [text, expected, printed = text] of cases) {
    await t.step(text, () => {
      const endpoint = parseEndpoint(text, { defaultPort: 7 });
      assertEquals<Record<string, unknown>>({ ...endpoint }, expected);
      assertEquals(formatEndpoint(endpoint), printed);
    });
  }
  for (
    const bad of [
      "",
      ":",
      "a:",
      "a:x",
      "a:65536",
      "a:-1",
      "[::1",
      "[::1]x",
      "unix:",
      "unix:x.sock",
      "unix:@abstract",
      `unix:/${"x".repeat(107)}`,
      "[fe80::1%]:1",
      "[fe80::1%a/b]:1",
      "[2001:db8::1%eth0]:1",
      "127.0.0.1%lo:1",
      "a b:1",
      "a:1:2",
      "a:1e3",
    ]
  ) {
    await t.step(`refuses ${JSON.stringify(bad)}`, () => {
      assertThrows(() => parseEndpoint(bad), UsageError);
    });
  }
});

Deno.test("parseTarget() reads URLs of the schemes", async (t) => {
  const cases = ["imaps://mail.example.org", "smtp://mail.example.org:2525", "pop://[::1]/"];
  for (const text of cases) await t.step(text, () => void parseTarget(text));
  await t.step("a zone (RFC 6874)", () => {
    const { endpoint } = parseTarget("ftp://ann@[fe80::1%25eth0]:2121/pub");
    assertEquals(formatEndpoint(endpoint), "[fe80::1%eth0]:2121");
  });
  for (const bad of ["gopher://x", "imap://", "http://a b/"]) {
    await t.step(`refuses ${bad}`, () => {
      assertThrows(() => parseTarget(bad), UsageError);
    });
  }
});
