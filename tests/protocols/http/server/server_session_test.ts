/** The server's side of an HTTP connection, in memory. */

import { assertEquals, assertRejects } from "@std/assert";
import { dial, memoryNetwork, parseEndpoint, readToEnd } from "../../../../src/net/mod.ts";
import {
  type AccessRecord,
  handleHttp,
  type HttpHandler,
  textResponse,
} from "../../../../src/protocols/http/mod.ts";
import { latin1 } from "../../../support/bytes.ts";

const ENDPOINT = { transport: "tcp", hostname: "127.0.0.1", port: 80 } as const;

/** Sends all at once, receives all, and reports how the session ended. */
async function talk(
  wire: string,
  handler: HttpHandler,
): Promise<{ received: string; answered: AccessRecord[]; ended: Promise<void | "park"> }> {
  const network = memoryNetwork();
  const listener = network.listen(ENDPOINT);
  const client = await dial(parseEndpoint("127.0.0.1:80"), { network });
  const connection = await listener.accept();
  const answered: AccessRecord[] = [];
  const ended = handleHttp(connection, handler, { onAnswer: (answer) => answered.push(answer) })
    .finally(() => connection.close());
  ended.catch(() => {});
  await client.write(new TextEncoder().encode(wire));
  await client.closeWrite();
  const received = latin1(await readToEnd(client));
  await ended.catch(() => {});
  client.close();
  listener.close();
  return { received, answered, ended };
}

const REQUEST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";

Deno.test("a failing handler is a 500 for the client, and its error for the server", async () => {
  const { received, ended } = await talk(
    REQUEST + REQUEST,
    () => Promise.reject(new Error("disk")),
  );
  assertEquals(received.match(/^HTTP\/1\.1 500 Internal Server Error\r\n/g)?.length, 1);
  assertEquals(received.includes("disk"), false);
  await assertRejects(() => ended, Error, "disk");
});

Deno.test("a session that may rest ends between requests, and continues with the next", async () => {
  const network = memoryNetwork();
  using listener = network.listen(ENDPOINT);
  using client = await dial(parseEndpoint("127.0.0.1:80"), { network });
  using connection = await listener.accept();
  const buffer = new Uint8Array(1000);
  for (let round = 0; round < 2; round++) {
    const handler = () => Promise.resolve(textResponse(200, `round ${round}`));
    const ended = handleHttp(connection, handler, { canPark: true });
    await client.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    const count = await client.read(buffer);
    assertEquals(latin1(buffer.subarray(0, count!)).endsWith(`round ${round}\n`), true);
    assertEquals(await ended, "park");
  }
  // Requests that arrived already are answered first; a limit of requests would be forgotten.
  await client.write(new TextEncoder().encode(REQUEST + REQUEST + "GET / HTTP/1.0\r\n\r\n"));
  const answered: number[] = [];
  const handler: HttpHandler = async (_head, body) => {
    for await (const _ of body());
    return textResponse(200);
  };
  const onAnswer = ({ status }: AccessRecord): void => void answered.push(status);
  const ended = await handleHttp(connection, handler, { canPark: true, maxRequests: 9, onAnswer });
  assertEquals([ended, answered], [undefined, [200, 200, 200]]);
});

Deno.test("sent and received bytes are counted for each request", async () => {
  const handler: HttpHandler = async (_head, body) => {
    let text = "";
    for await (const piece of body()) text += latin1(piece);
    return textResponse(200, text);
  };
  const { received, answered, ended } = await talk(REQUEST + REQUEST, handler);
  await ended;
  assertEquals(answered.map(({ received }) => received), [REQUEST.length, REQUEST.length]);
  assertEquals(answered.map(({ bodyBytes }) => bodyBytes), [4, 4]);
  assertEquals(answered[0]!.sent + answered[1]!.sent, received.length);
});

Deno.test("a client that waits for permission gets it when its body is wanted, and only then", async () => {
  const wire = REQUEST.replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n");
  const head = wire.slice(0, wire.indexOf("abc"));
  const network = memoryNetwork();
  const listener = network.listen(ENDPOINT);
  using client = await dial(parseEndpoint("127.0.0.1:80"), { network });
  const connection = await listener.accept();
  const ended = handleHttp(connection, async (_head, body) => {
    for await (const _ of body());
    return textResponse(200);
  }).finally(() => connection.close());
  await client.write(new TextEncoder().encode(head));
  const buffer = new Uint8Array(1000);
  const count = await client.read(buffer);
  assertEquals(latin1(buffer.subarray(0, count!)), "HTTP/1.1 100 Continue\r\n\r\n");
  await client.write(new TextEncoder().encode("abc"));
  await client.closeWrite();
  assertEquals(latin1(await readToEnd(client)).startsWith("HTTP/1.1 200 OK\r\n"), true);
  await ended;
  const unwanted = await talk(head, () => Promise.resolve(textResponse(404)));
  assertEquals(unwanted.received.startsWith("HTTP/1.1 404 Not Found\r\n"), true);
  listener.close();
});
