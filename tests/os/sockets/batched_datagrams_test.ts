/** Sockets that take and send many datagrams with one call. */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DatagramRequests } from "../../../src/net/internal.ts";
import {
  type Address,
  ConnectError,
  type DatagramConnection,
  formatEndpoint,
  NetwrightError,
  systemNetwork,
} from "../../../src/net/mod.ts";
import { batchedDatagrams } from "../../../src/os/internal.ts";

const ignore = Deno.build.os !== "linux";
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test(
  { name: "a batched socket talks with the runtime's, over IPv4 and IPv6", ignore },
  async () => {
    const network = batchedDatagrams(systemNetwork());
    for (const hostname of ["127.0.0.1", "::1"]) {
      const fast = network.listenDatagram({ transport: "udp", hostname, port: 0 });
      const plain = systemNetwork().listenDatagram({ transport: "udp", hostname, port: 0 });
      // None, a short one, the longest.
      for (const length of [0, 3, 65_507]) {
        const datagram = crypto.getRandomValues(new Uint8Array(Math.min(length, 60_000)));
        await plain.send(datagram, fast.addr);
        const [came, sender] = await fast.receive();
        assertEquals(came.length, datagram.length);
        assertEquals(sender, { ...plain.addr } as Address);
        assertEquals(await fast.send(came, sender), came.length);
        const [back, from] = await plain.receive();
        assert(back.every((byte, n) => byte === datagram[n]) && back.length === datagram.length);
        assertEquals([(from as Deno.NetAddr).port], [(fast.addr as Deno.NetAddr).port]);
      }
      await plain.send(bytes("hello"), fast.addr);
      const [part] = await fast.receive(new Uint8Array(3));
      assertEquals(text(part), "hel");
      plain.close();
      fast.close();
    }
  },
);

Deno.test({ name: "many datagrams come in order, each with its sender", ignore }, async () => {
  const network = batchedDatagrams(systemNetwork());
  const udp = { transport: "udp", hostname: "127.0.0.1", port: 0 } as const;
  const server = network.listenDatagram(udp);
  const clients = [network.listenDatagram(udp), network.listenDatagram(udp)];
  const failures: unknown[] = [];
  const COUNT = 300;
  for (let n = 0; n < COUNT; n++) {
    clients[n % 2]!.post!(bytes(`${n}`), server.addr, (error) => failures.push(error));
  }
  const seen: Record<number, number[]> = {};
  for (let n = 0; n < COUNT; n++) {
    const [datagram, sender] = await server.receive();
    const { port } = sender as Deno.NetAddr;
    (seen[port] ??= []).push(Number(text(datagram)));
    server.post!(datagram, sender, (error) => failures.push(error));
  }
  for (const [index, client] of clients.entries()) {
    const requested = Array.from({ length: COUNT / 2 }, (_, n) => n * 2 + index);
    assertEquals(seen[(client.addr as Deno.NetAddr).port], requested);
    for (const n of requested) assertEquals(text((await client.receive())[0]), `${n}`);
  }
  assertEquals(failures, []);
  for (const socket of [server, ...clients]) socket.close();
});

Deno.test(
  { name: "datagrams that cannot be sent are reported, the others are sent", ignore },
  async () => {
    const network = batchedDatagrams(systemNetwork());
    const udp = { transport: "udp", hostname: "127.0.0.1", port: 0 } as const;
    const socket = network.listenDatagram(udp);
    const failed: Address[] = [];
    const onFailure = (_: unknown, addr: Address) => void failed.push(addr);
    const nowhere: Address = { ...socket.addr as Deno.NetAddr, port: 0 };
    socket.post!(bytes("one"), socket.addr, onFailure);
    socket.post!(bytes("lost"), nowhere, onFailure);
    socket.post!(bytes("two"), socket.addr, onFailure);
    socket.post!(bytes("six"), { transport: "udp", hostname: "::1", port: 9 }, onFailure);
    socket.post!(bytes("name"), { transport: "udp", hostname: "localhost", port: 9 }, onFailure);
    assertEquals(text((await socket.receive())[0]), "one");
    assertEquals(text((await socket.receive())[0]), "two");
    assertEquals(failed.length, 3);
    await assertRejects(() => socket.send(bytes("x"), nowhere), NetwrightError);
    await assertRejects(() => socket.send(new Uint8Array(65_508), socket.addr), NetwrightError);
    await assertRejects(() => socket.send({ length: -5 } as Uint8Array, socket.addr), TypeError);
    socket.close();
  },
);

Deno.test(
  { name: "closing ends a wait; an address that is taken is refused", ignore },
  async () => {
    const network = batchedDatagrams(systemNetwork());
    const socket = network.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
    const { port } = socket.addr as Deno.NetAddr;
    const error = assertThrows(
      () => network.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port }),
      ConnectError,
    );
    assertEquals(error.kind, "in use");
    const waiting = socket.receive();
    await assertRejects(() => socket.receive(), Deno.errors.Busy);
    socket.close();
    await assertRejects(() => waiting, Deno.errors.Interrupted);
    await assertRejects(() => socket.receive(), Deno.errors.BadResource);
    await assertRejects(() => socket.send(bytes("x"), socket.addr), Deno.errors.BadResource);
    socket.close();
  },
);

Deno.test(
  { name: "a refusing peer is reported where requested, and others are received", ignore },
  async () => {
    const network = batchedDatagrams(systemNetwork(), { refusals: true });
    for (const hostname of ["127.0.0.1", "::1"]) {
      const udp = { transport: "udp", hostname, port: 0 } as const;
      const [socket, peer, gone] = [1, 2, 3].map(() => network.listenDatagram(udp)) as [
        DatagramConnection,
        DatagramConnection,
        DatagramConnection,
      ];
      gone.close();
      const refused = assertRejects(() => socket.receive(), ConnectError);
      await socket.send(bytes("anyone?"), gone.addr);
      const error = await refused;
      assertEquals([error.kind, error.peer], ["refused", formatEndpoint(gone.addr)]);
      await socket.send(bytes("hello"), peer.addr);
      assertEquals(text((await peer.receive())[0]), "hello");
      await peer.send(bytes("hello back"), socket.addr);
      assertEquals(text((await socket.receive())[0]), "hello back");
      socket.close();
      peer.close();
    }
    // The end of each of many hosts is reported.
    using requests = new DatagramRequests(network, {
      idOf: (answer) => Number(text(answer)),
      local: { hostname: "127.0.0.1", port: 0 },
    });
    const udp = { transport: "udp", hostname: "127.0.0.1", port: 0 } as const;
    const echo = network.listenDatagram(udp);
    const [datagram, asking] = [
      echo.receive(),
      requests.request(echo.addr, (id) => bytes(`${id}`)),
    ];
    const none = network.listenDatagram(udp);
    none.close();
    await assertRejects(() => requests.request(none.addr, (id) => bytes(`${id}`)), ConnectError);
    await echo.send(...await datagram);
    assertEquals((await asking).tries, 1);
    echo.close();
  },
);

Deno.test({ name: "timers have their turn while datagrams keep coming", ignore }, async () => {
  const network = batchedDatagrams(systemNetwork());
  const socket = network.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  let turn = false;
  const timer = setTimeout(() => turn = true, 1);
  // To oneself: there is always one more.
  socket.post!(bytes("x"), socket.addr, () => {});
  let count = 0;
  for (; !turn && count < 10_000_000; count++) {
    const [datagram, sender] = await socket.receive();
    socket.post!(datagram, sender, () => {});
  }
  clearTimeout(timer);
  assert(turn);
  socket.close();
});
