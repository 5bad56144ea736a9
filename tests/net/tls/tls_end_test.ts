/** How a TLS connection ends: by the peer's word, by a cut between two records, within one. */

import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import {
  type Connection,
  memoryNetwork,
  readToEnd,
  secure,
  type SecureConnection,
  writeAll,
} from "../../../src/net/mod.ts";
import { TlsRecords } from "../../../src/net/tls/_tls_records.ts";
import { certificates } from "../../support/certificates.ts";

/** A client's TLS over a connection that is in the test's hands, and the server's side of it. */
async function pair(
  maxVersion?: "TLSv1.2",
): Promise<{ plain: Connection; client: SecureConnection; server: SecureConnection }> {
  const { ca, server: credentials } = await certificates();
  const network = memoryNetwork();
  using listener = network.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const accepted = listener.accept();
  const plain = await network.connect({ hostname: "127.0.0.1", port });
  const [client, server] = await Promise.all([
    secure(plain, { role: "client", hostname: "localhost", caCerts: [ca] }),
    secure(await accepted, { role: "server", ...credentials, maxVersion }),
  ]);
  return { plain, client, server };
}

for (const version of ["TLSv1.2", undefined] as const) {
  Deno.test(`the end of ${version ?? "TLS 1.3"}: announced, cut, or within a record`, async (t) => {
    await t.step("announced", async () => {
      const { client, server } = await pair(version);
      await writeAll(client, new Uint8Array(5000));
      await client.closeWrite();
      assertEquals((await readToEnd(server)).length, 5000);
      assertEquals(server.wasCut, false);
      client.close();
      server.close();
    });
    await t.step("cut between two records", async () => {
      const { plain, client, server } = await pair(version);
      await writeAll(client, new Uint8Array(5000));
      plain.close();
      assertEquals((await readToEnd(server)).length, 5000);
      assertEquals(server.wasCut, true);
      client.close();
      server.close();
    });
    await t.step("within a record, and nothing waits for ever", async () => {
      const { plain, client, server } = await pair(version);
      await writeAll(client, new Uint8Array(5000));
      await writeAll(plain, Uint8Array.of(23, 3, 3, 0, 100, 1, 2, 3));
      plain.close();
      await assertRejects(() => readToEnd(server), Error);
      await assertRejects(() => writeAll(server, new Uint8Array(10)), Error);
      await assertRejects(() => server.closeWrite(), Error);
      client.close();
      server.close();
    });
    await t.step("a record that cannot be decrypted closes it, and no more is read", async () => {
      const { plain, client, server } = await pair(version);
      const reading = assertRejects(() => server.read(new Uint8Array(10)), Error);
      const garbage = new Uint8Array(5 + 16_384).fill(65);
      garbage.set([23, 3, 3, 64, 0]);
      await writeAll(plain, garbage);
      await reading;
      await assertRejects(() => writeAll(server, new Uint8Array(10)), Error);
      await assertRejects(async () => {
        for (;;) await writeAll(plain, garbage);
      }, Error);
      client.close();
      server.close();
    });
    await t.step("a write that waits ends when the connection is closed", async () => {
      const { client, server } = await pair(version);
      const writing = assertRejects(() => writeAll(server, new Uint8Array(10_000_000)), Error);
      server.close();
      await writing;
      client.close();
    });
  });
}

Deno.test("a write that fails ends a read that waits", async () => {
  const { ca, server: credentials } = await certificates();
  const network = memoryNetwork();
  using listener = network.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const accepted = listener.accept();
  const plain = await network.connect({ hostname: "127.0.0.1", port });
  const inner = await accepted;
  let isReset = false;
  // As of a client that resets the connection while the server sends it a session ticket.
  const reset = new Proxy(inner, {
    get(target, name) {
      if (name === "write" && isReset) {
        return () => Promise.reject(new Deno.errors.ConnectionReset("reset"));
      }
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const [client, server] = await Promise.all([
    secure(plain, { role: "client", hostname: "localhost", caCerts: [ca] }),
    secure(reset, { role: "server", ...credentials }),
  ]);
  isReset = true;
  const reading = assertRejects(() => server.read(new Uint8Array(1)), Deno.errors.ConnectionReset);
  await server.write(new Uint8Array(1)).catch(() => {});
  await reading;
  await assertRejects(() => writeAll(server, new Uint8Array(1)), Error);
  client.close();
  server.close();
});

Deno.test("TlsRecords finds the same ends in any pieces", () => {
  const record = fc.record({
    type: fc.constantFrom(20, 21, 22, 23),
    length: fc.oneof(fc.constant(0), fc.constant(19), fc.nat(400)),
  });
  fc.assert(fc.property(fc.array(record), fc.nat(), fc.array(fc.nat(50)), (list, cut, sizes) => {
    const bytes = list.flatMap(({ type, length }) => [
      ...[type, 3, 3, length >> 8, length & 255],
      ...new Array<number>(length).fill(21),
    ]);
    const whole = Uint8Array.from(bytes);
    const upTo = whole.subarray(0, cut % (whole.length + 1));
    const records = new TlsRecords();
    let at = 0;
    for (const size of [...sizes, Infinity]) {
      records.feed(upTo.subarray(at, at + size));
      at = Math.min(upTo.length, at + size);
    }
    let [end, last] = [0, list[0]];
    for (const next of list) {
      if (end + 5 + next.length > upTo.length) break;
      [end, last] = [end + 5 + next.length, next];
    }
    assertEquals(records.isWithin, end !== upTo.length);
    const closes = last !== undefined &&
      (last.type === 21 || last.type === 23 && last.length === 19);
    assertEquals(records.isClosed, end === upTo.length && end > 0 && closes);
  }));
});
