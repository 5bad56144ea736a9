/** `serve --proxy-protocol` in every model: who the client is, as its proxy says. */

import { assertEquals, assertMatch } from "@std/assert";
import { readToEnd, writeAll } from "../../../src/net/mod.ts";
import { netwright, serve } from "../../support/netwright.ts";
import { certificates } from "../../support/certificates.ts";
import { inFolder } from "../../support/trees.ts";

const HEADER = "PROXY TCP4 192.0.2.7 192.0.2.8 5000 7\r\n";

async function say(endpoint: string, text: string): Promise<string> {
  const [hostname = "", port] = endpoint.split(":");
  using connection = await Deno.connect({ hostname, port: Number(port) });
  await writeAll(connection, new TextEncoder().encode(text));
  await connection.closeWrite();
  return new TextDecoder().decode(await readToEnd(connection).catch(() => new Uint8Array(0)));
}

Deno.test("networks that are none are refused", async () => {
  for (const from of ["x", "10.0.0.0/33", "", "10.0.0.0/8,y"]) {
    const { code, stdout } = await netwright([
      ...["serve", "echo", "--listen", "127.0.0.1:0", "--proxy-protocol", from],
    ]);
    assertEquals([code, stdout], [2, ""], from);
  }
});

for (const model of ["multiplex", "serial", "fork", "prefork", "thread", "prethread"]) {
  Deno.test(`--model ${model}: the service sees the client, and no byte of the header`, async () => {
    await inFolder(async (folder) => {
      const log = `${folder}/access.log`;
      await using server = await serve([
        ...["http", "--listen", "127.0.0.1:0", "--sample", "5", "--access-log", log, "-q"],
        ...["--model", model, "--proxy-protocol", "127.0.0.0/8"],
      ]);
      const request = "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
      assertMatch(await say(server.endpoint, HEADER + request), /^HTTP\/1\.1 200 .*xxxxx$/s);
      assertEquals(await say(server.endpoint, request), "");
      assertEquals((await server.stop("SIGTERM")).code, 0);
      assertMatch(await Deno.readTextFile(log), /^192\.0\.2\.7 - - .*"GET \/x HTTP\/1\.1" 200 5/);
    });
  });
}

Deno.test("limits count clients, not proxies; others than proxies are served as they are", async () => {
  await using server = await serve([
    ...["echo", "--listen", "127.0.0.1:0", "--max-per-client", "1"],
    ...["--proxy-protocol", "127.0.0.2,::1", "--proxy-protocol", "10.0.0.0/8"],
  ]);
  // We are 127.0.0.1, which is none of the proxies.
  assertEquals(await say(server.endpoint, HEADER), HEADER);
  await using other = await serve([
    ...["echo", "--listen", "127.0.0.1:0", "--max-per-client", "1"],
    ...["--proxy-protocol", "127.0.0.1"],
  ]);
  const [hostname = "", port] = other.endpoint.split(":");
  const open = async (source: string): Promise<Deno.TcpConn> => {
    const connection = await Deno.connect({ hostname, port: Number(port) });
    const text = `PROXY TCP4 ${source} 192.0.2.8 5000 7\r\nhello\n`;
    await writeAll(connection, new TextEncoder().encode(text));
    return connection;
  };
  using first = await open("192.0.2.1");
  assertEquals(await first.read(new Uint8Array(6)), 6);
  using second = await open("192.0.2.2");
  assertEquals(await second.read(new Uint8Array(6)), 6);
  using third = await open("192.0.2.1");
  assertEquals(await third.read(new Uint8Array(6)), null);
  let line = await other.errorLine();
  while (line !== undefined && !line.includes("refused")) line = await other.errorLine();
  assertMatch(line ?? "", /echo refused 192\.0\.2\.1:5000/);
});

Deno.test("the header comes before TLS", async () => {
  await inFolder(async (folder) => {
    const { ca, server } = await certificates();
    await Deno.writeTextFile(`${folder}/cert`, server.cert);
    await Deno.writeTextFile(`${folder}/key`, server.key);
    await using running = await serve([
      ...["echo", "--listen", "127.0.0.1:0", "--proxy-protocol", "127.0.0.1"],
      ...["--tls-cert", `${folder}/cert`, "--tls-key", `${folder}/key`],
    ]);
    const [hostname = "", port] = running.endpoint.split(":");
    const plain = await Deno.connect({ hostname, port: Number(port) });
    await writeAll(plain, new TextEncoder().encode(HEADER));
    using connection = await Deno.startTls(plain, { hostname: "localhost", caCerts: [ca] });
    await writeAll(connection, new TextEncoder().encode("hi\n"));
    const buffer = new Uint8Array(3);
    assertEquals(await connection.read(buffer), 3);
    assertMatch(await running.errorLine() ?? "", /echo connected 192\.0\.2\.7:5000/);
  });
});
