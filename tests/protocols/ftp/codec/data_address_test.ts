/** Addresses of data connections. */

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  formatExtendedAddress,
  formatHostPort,
  parseExtendedAddress,
  parseExtendedPort,
  parseHostPort,
} from "../../../../src/protocols/ftp/internal.ts";

Deno.test("parseHostPort()", () => {
  const at = (hostname: string, port: number) => ({ hostname, port });
  for (
    const [text, expected] of [
      ["Entering Passive Mode (192,0,2,1,4,1).", at("192.0.2.1", 1025)],
      ["=127,0,0,1,255,255", at("127.0.0.1", 65535)],
      ["Passive mode OK 192,0,2,1,0,21", at("192.0.2.1", 21)],
      ["(192,0,2,256,4,1)", undefined],
      ["(192,0,2,1,4)", undefined],
      ["(1192,0,2,1,4,1)", undefined],
      ["", undefined],
    ] as const
  ) assertEquals(parseHostPort(text), expected, text);
});

Deno.test("parseExtendedPort()", () => {
  for (
    const [text, expected] of [
      ["Entering Extended Passive Mode (|||6446|)", 6446],
      ["ok (!!!1!).", 1],
      ["(|||0|)", undefined],
      ["(|||65536|)", undefined],
      ["(||6446|)", undefined],
      ["(|1|192.0.2.1|6446|)", undefined],
      ["(1112161)", undefined],
    ] as const
  ) assertEquals(parseExtendedPort(text), expected, text);
});

Deno.test("parseExtendedAddress()", () => {
  for (
    const [text, expected] of [
      // RFC 2428 §2
      ["|1|132.235.1.2|6275|", { hostname: "132.235.1.2", port: 6275 }],
      ["|2|1080::8:800:200C:417A|5282|", { hostname: "1080::8:800:200c:417a", port: 5282 }],
      ["!1!192.0.2.1!21!", { hostname: "192.0.2.1", port: 21 }],
      ["|3|abc|21|", "unknown"],
      ["|1|2001:db8::1|21|", undefined],
      ["|2|192.0.2.1|21|", undefined],
      ["|1|192.0.2.1|65536|", undefined],
      ["|1|192.0.2.1|21|x", undefined],
      ["|1|192.0.2.1|21", undefined],
      ["", undefined],
    ] as const
  ) assertEquals(parseExtendedAddress(text), expected, text);
});

Deno.test("addresses are read as written", () => {
  const port = fc.integer({ min: 0, max: 65535 });
  fc.assert(fc.property(fc.ipV4(), port, (hostname, port) => {
    assertEquals(parseHostPort(formatHostPort({ hostname, port })), { hostname, port });
    assertEquals(parseExtendedAddress(formatExtendedAddress({ hostname, port })), {
      hostname,
      port,
    });
  }));
  fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => {
    parseHostPort(text);
    parseExtendedPort(text);
    parseExtendedAddress(text);
  }));
});
