/** `FtpClient.connect()`: addresses, options, the login; and disposing. */

import { assertEquals, assertRejects } from "@std/assert";
import { FtpClient, type FtpClientOptions } from "../../../../src/protocols/ftp/mod.ts";
import { Served } from "../../../support/ftp_served.ts";

Deno.test("FtpClient.connect() logs in as the URL or the options say, and goes to the folder", async () => {
  await using served = new Served();
  {
    await using client = await served.connect({}, "ann");
    await client.makeFolder("pub");
    await client.store("pub/a", [new TextEncoder().encode("hello")]);
  }
  const { hostname, port } = served.endpoint;
  const { network } = served;
  const host = `${hostname}:${port}`;
  for (
    const [server, options] of [
      [`ftp://ann:secret@${host}/pub`, {}],
      [`ftp://ann@${host}/pub`, { password: "secret" }],
      [new URL(`ftp://${host}/pub`), { user: "ann", password: "secret" }],
      [`ftp://@${host}/pub/`, { user: "ann", password: "secret" }],
    ] as const
  ) {
    await using client = await FtpClient.connect(server, { network, ...options });
    assertEquals(await new Response(client.fetch("a")).text(), "hello");
  }
});

Deno.test("FtpClient.connect() rejects options before it connects", async () => {
  const rows: readonly (readonly [FtpClientOptions, new (text: string) => Error])[] = [
    [{ keepAliveMs: NaN }, RangeError],
    [{ timeoutMs: 0 }, RangeError],
    [{ maxEntries: -1 }, RangeError],
    [{ tls: "explicit" as "none" }, RangeError],
  ];
  for (const [options, error] of rows) {
    await assertRejects(() => FtpClient.connect("127.0.0.1:1", options), error);
  }
});

Deno.test("disposing of an FtpClient amid a command hides no error", async () => {
  await using served = new Served();
  const error = await assertRejects(async () => {
    await using client = await served.connect({}, "ann");
    client.pwd().catch(() => {});
    throw new Error("my own");
  }, Error);
  assertEquals(error.message, "my own");
});
