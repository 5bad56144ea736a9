/** Processes with sockets in their hands, and listening sockets that several accept from. */

import { assertEquals, assertRejects } from "@std/assert";
import { DisconnectedError, readToEnd } from "../../../src/net/mod.ts";
import {
  closeDescriptor,
  makePipe,
  openListener,
  setBlocking,
  SharedListener,
  startChild,
  SystemStream,
} from "../../../src/os/internal.ts";

const LOOPBACK = { transport: "tcp", hostname: "127.0.0.1", port: 0 } as const;

function listen(spinMs = 0): SharedListener & { readonly addr: Deno.NetAddr } {
  return new SharedListener(openListener(LOOPBACK), { spinMs }) as never;
}

Deno.test("a program reads and writes the client's own socket", async () => {
  using listener = listen();
  using client = await Deno.connect({ port: listener.addr.port });
  const accepted = await listener.acceptDescriptor();
  assertEquals(accepted?.remote, { ...client.localAddr, transport: "tcp" });
  const fd = accepted!.fd;
  setBlocking(fd, true);
  const child = startChild({
    argv: ["sh", "-c", 'read line; echo "$line $GREETING $HOME"; exit 3'],
    env: { GREETING: "hello" },
    stdio: [fd, fd, undefined],
  });
  closeDescriptor(fd);
  await client.write(new TextEncoder().encode("hi\n"));
  const text = new TextDecoder().decode(await readToEnd(client));
  assertEquals(text, `hi hello ${Deno.env.get("HOME")}\n`);
  assertEquals(await child.status, { code: 3 });
  child.kill();
});

Deno.test("a variable that is set anew is there once", async () => {
  const [reading, writing] = makePipe();
  const child = startChild({
    argv: ["env"],
    env: { HOME: "/nowhere" },
    stdio: [undefined, writing, undefined],
  });
  closeDescriptor(writing);
  assertEquals((await child.status).code, 0);
  const buffer = new Uint8Array(65_536);
  const file = await Deno.open(`/proc/self/fd/${reading}`);
  const text = new TextDecoder().decode(buffer.subarray(0, await file.read(buffer) ?? 0));
  file.close();
  closeDescriptor(reading);
  const homes = text.split("\n").filter((line) => line.startsWith("HOME="));
  assertEquals(homes, ["HOME=/nowhere"]);
});

Deno.test("a program that is not there is an error, one that is killed reports its signal", async () => {
  let thrown: unknown;
  try {
    startChild({ argv: ["/nowhere/at/all"], stdio: [] });
  } catch (error) {
    thrown = error;
  }
  assertEquals((thrown as { errno?: number }).errno, 2);
  const child = startChild({ argv: ["sleep", "60"], stdio: [] });
  child.kill();
  assertEquals(await child.status, { code: 137, signal: 9 });
});

for (const spinMs of [0, 2]) {
  Deno.test(`a shared listener's connections echo, half-close and end (${spinMs} ms in place)`, async () => {
    using listener = listen(spinMs);
    const serving = (async () => {
      using connection = await listener.accept();
      const buffer = new Uint8Array(65_536);
      for (let count = await connection.read(buffer); count !== null;) {
        for (let done = 0; done < count;) {
          done += await connection.write(buffer.subarray(done, count));
        }
        count = await connection.read(buffer);
      }
      await connection.closeWrite();
      await assertRejects(() => connection.write(Uint8Array.of(1)), DisconnectedError);
    })();
    using client = await Deno.connect({ port: listener.addr.port });
    const sent = new Uint8Array(4_000_000).map((_, index) => index * 7);
    const sending = new Blob([sent]).stream().pipeTo(
      new WritableStream({
        async write(piece) {
          for (let done = 0; done < piece.length;) {
            done += await client.write(piece.subarray(done));
          }
        },
        close: () => client.closeWrite(),
      }),
    );
    const back = await readToEnd(client, { maxBytes: 8_000_000 });
    assertEquals(back.length === sent.length && back.every((byte, at) => byte === sent[at]), true);
    await sending;
    await serving;
  });
}

Deno.test("closing ends a pending accept, and a pending read", async () => {
  const listener = listen();
  using client = await Deno.connect({ port: listener.addr.port });
  const connection = await listener.accept() as SystemStream;
  const reading = connection.read(new Uint8Array(1));
  const accepting = listener.accept();
  connection.close();
  listener.close();
  await assertRejects(() => reading, DisconnectedError);
  await assertRejects(() => accepting, DisconnectedError);
  assertEquals(await client.read(new Uint8Array(1)), null);
});

Deno.test("several listeners on one socket take each connection once", async () => {
  using first = listen();
  const others = [1, 2].map(() => new SharedListener(first.descriptor));
  let accepted = 0;
  const all = [first, ...others].map(async (listener) => {
    for await (const connection of listener) {
      accepted++;
      connection.close();
      if (accepted === 50) return;
    }
  });
  const clients = await Promise.all(
    Array.from({ length: 50 }, () => Deno.connect({ port: first.addr.port })),
  );
  await Promise.any(all);
  assertEquals(accepted, 50);
  for (const client of clients) client.close();
  first.close();
  await Promise.allSettled(all);
});
