import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  ConnectError,
  type Connection,
  DisconnectedError,
  LimitError,
  memoryNetwork,
  type Network,
  ReplyError,
} from "../../../../src/net/mod.ts";
import {
  type OutgoingMessage,
  SmtpClient,
  SmtpPool,
  SmtpReject,
} from "../../../../src/protocols/smtp/mod.ts";
import { served } from "../server/served.ts";

const message = (at: number): OutgoingMessage => ({
  envelope: { from: "ann@a.example", to: [`u${at}@b.example`] },
  message: new TextEncoder().encode(`${at}\r\n`),
});
const texts = (kept: readonly { text: string }[]) =>
  kept.map(({ text }) => Number(text)).sort((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

/** A network that counts connections, and can break them. */
function counting(network: Network) {
  const connections: Connection[] = [];
  const counted: Network = {
    ...network,
    listen: network.listen.bind(network),
    listenDatagram: network.listenDatagram.bind(network),
    async connect(endpoint) {
      const connection = await network.connect(endpoint);
      connections.push(connection);
      return connection;
    },
  };
  return { network: counted, connections };
}

Deno.test("SmtpPool sends all, over as few connections as it may", async () => {
  await using server = served();
  const { network, connections } = counting(server.network);
  {
    await using pool = new SmtpPool(server.endpoint, {
      network,
      maxConnections: 3,
      maxMessages: 20,
    });
    await Promise.all(upTo(200).map((at) => pool.send(message(at))));
    // Later messages use open connections.
    const before = connections.length;
    await pool.send(message(200));
    assertEquals(connections.length <= before + 1, true);
  }
  assertEquals(texts(server.kept), upTo(201));
  assertEquals(
    connections.length >= 11 && connections.length <= 14,
    true,
    `${connections.length} connections`,
  );
});

Deno.test("SmtpPool reports each message, whatever becomes of it", async () => {
  await using server = served({
    recipient: (address) =>
      address.startsWith("u3@")
        ? Promise.reject(new SmtpReject(550, "5.1.1 nobody"))
        : Promise.resolve(),
  });
  await using pool = new SmtpPool(server.endpoint, { network: server.network, maxConnections: 2 });
  const outcomes = await Promise.allSettled(upTo(10).map((at) => pool.send(message(at))));
  assertEquals(
    outcomes.map(({ status }) => status === "fulfilled"),
    upTo(10).map((at) => at !== 3),
  );
  await assertRejects(() => pool.send(message(3)), ReplyError);
  // The same message may be sent twice at once.
  const twice = message(50);
  await Promise.all([pool.send(twice), pool.send(twice)]);
  assertEquals(texts(server.kept).filter((at) => at === 50).length, 2);
});

Deno.test("SmtpPool retries unsent messages when a connection broke, and sends none twice", async () => {
  await using server = served();
  const { network, connections } = counting(server.network);
  await using pool = new SmtpPool(server.endpoint, { network, maxConnections: 1 });
  await pool.send(message(0));
  // The server has closed idle connections.
  connections[0]!.close();
  await pool.send(message(1));
  assertEquals([texts(server.kept), connections.length], [[0, 1], 2]);
});

Deno.test("SmtpPool says so when no one knows whether a message was taken", async () => {
  const connections: Connection[] = [];
  await using server = served({
    async deliver({ text }) {
      for await (const _ of text);
      connections.at(-1)!.close();
    },
  });
  const counted = counting(server.network);
  await using pool = new SmtpPool(server.endpoint, {
    network: {
      ...counted.network,
      async connect(endpoint) {
        const connection = await counted.network.connect(endpoint);
        connections.push(connection);
        return connection;
      },
    },
    maxConnections: 1,
  });
  await assertRejects(() => pool.send(message(0)), DisconnectedError);
  assertEquals(connections.length, 1);
});

Deno.test("SmtpPool refuses all that waits when the server cannot be reached, and has a limit", async () => {
  const endpoint = { transport: "tcp", hostname: "127.0.0.1", port: 25 } as const;
  await using pool = new SmtpPool(endpoint, {
    network: memoryNetwork(),
    maxConnections: 1,
    maxWaiting: 2,
  });
  const sent = upTo(3).map((at) => pool.send(message(at)));
  const outcomes = await Promise.allSettled(sent);
  const errors = outcomes.map((outcome) =>
    outcome.status === "rejected" ? outcome.reason : undefined
  );
  assertEquals(errors.map((error) => error instanceof LimitError), [false, false, true]);
  assertEquals(errors.slice(0, 2).every((error) => error instanceof ConnectError), true);
});

Deno.test("SmtpPool refuses numbers with which it would never send, or connect without end", () => {
  const network = memoryNetwork();
  for (const name of ["maxConnections", "maxMessages", "maxAgeMs", "maxWaiting"]) {
    for (const value of [0, NaN, -1]) {
      assertThrows(
        () => new SmtpPool("127.0.0.1:25", { network, [name]: value }),
        RangeError,
        name,
      );
    }
  }
  assertThrows(
    () => new SmtpPool("127.0.0.1:25", { network, retries: NaN }),
    RangeError,
    "retries",
  );
});

Deno.test("SmtpClient.connect() leaves no socket behind where an option makes no sense", async () => {
  const network = memoryNetwork();
  using listener = network.listen({ hostname: "127.0.0.1", port: 25 });
  const endpoint = { transport: "tcp", hostname: "127.0.0.1", port: 25 } as const;
  let accepted = 0;
  const accepting = listener.accept().then(() => accepted++, () => {});
  await assertRejects(() => SmtpClient.connect(endpoint, { network, timeoutMs: 0 }), RangeError);
  listener.close();
  await accepting;
  assertEquals(accepted, 0);
});
