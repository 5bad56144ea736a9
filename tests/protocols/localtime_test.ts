/** The local time service, over UNIX sockets for datagrams and over UDP. */

import { assertEquals, assertMatch } from "@std/assert";
import { formatLocaltime } from "../../src/protocols/localtime/internal.ts";
import { netwright, serve } from "../support/netwright.ts";
import { TestFolder } from "../support/trees.ts";

Deno.test("formatLocaltime() knows every zone, and says when there is none", () => {
  const cases: readonly [time: string, zone: string, text: string | undefined][] = [
    ["1970-01-01T00:00:00Z", "UTC", "Thu Jan  1 00:00:00 1970"],
    ["1970-01-01T00:00:00Z", "Asia/Tokyo", "Thu Jan  1 09:00:00 1970"],
    ["2026-07-04T12:00:05Z", "America/New_York", "Sat Jul  4 08:00:05 2026"],
    ["2026-12-31T23:30:00Z", "Europe/Berlin", "Fri Jan  1 00:30:00 2027"],
    ["2026-03-29T00:59:59Z", "Europe/Berlin", "Sun Mar 29 01:59:59 2026"],
    ["2026-03-29T01:00:00Z", "Europe/Berlin", "Sun Mar 29 03:00:00 2026"],
    ["2026-01-01T00:00:00Z", "Asia/Kathmandu", "Thu Jan  1 05:45:00 2026"],
    ["2026-01-01T00:00:00Z", "US/Eastern", "Wed Dec 31 19:00:00 2025"],
    ["2026-01-01T00:00:00Z", "Mars/Olympus", undefined],
    ["2026-01-01T00:00:00Z", "../../etc/passwd", undefined],
    ["2026-01-01T00:00:00Z", "\x1b[2J", undefined],
  ];
  for (const [time, zone, text] of cases) {
    assertEquals(formatLocaltime(new Date(time), zone), text, zone);
  }
  for (const zone of Intl.supportedValuesOf("timeZone")) {
    assertMatch(
      formatLocaltime(new Date(0), zone)!,
      /^\w{3} \w{3} [ 1-3]\d \d\d:\d\d:\d\d 19(?:69|70)$/,
    );
  }
  assertMatch(formatLocaltime(new Date(), "")!, /^\w{3} \w{3} [ 1-3]\d \d\d:\d\d:\d\d \d{4}$/);
});

Deno.test({
  name: "serve localtime and localtime over UNIX sockets for datagrams",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await TestFolder.make();
    const place = `unix:${folder.path}/localtime`;
    await using _server = await serve(["localtime", "--listen", place]);
    const ask = (...words: string[]) => netwright(["localtime", "--server", place, ...words]);
    const { code, stdout, stderr } = await ask("Asia/Tokyo", "UTC", "No/Where");
    const failure = "netwright: localtime: no such time zone: No/Where\n";
    assertEquals([code, stderr], [4, failure]);
    assertMatch(stdout, /^Asia\/Tokyo\t\w{3} \w{3} .{16}\nUTC\t\w{3} \w{3} .{16}\n$/);
    assertMatch((await ask()).stdout, /^\w{3} \w{3} .{16}\n$/);
    // No file is left beside the server's socket.
    assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["localtime"]);
    const nobody = await netwright(["localtime", "--server", `unix:${folder.path}/none`, "UTC"]);
    assertEquals(nobody.code, 1);
    assertMatch(nobody.stderr, /^netwright: localtime: unix:.*none: /);
  },
});
