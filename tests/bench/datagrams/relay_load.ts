/**
 * Talks in a chat of 50 members and prints how many datagrams a second the server relays: one member talks, and says the
 * next thing when its own message comes back; messages to the others are not read, and the system drops them once their buffers
 * are full.
 *
 * @module
 */

import { systemNetwork } from "../../../src/net/mod.ts";
import { batchedDatagrams } from "../../../src/os/internal.ts";
import { decodeChat, encodeChat } from "../../../src/protocols/chat/mod.ts";

const [port = "2027", seconds = "1"] = Deno.args;
const WORKERS = 50;
const WINDOW = 8;

const network = batchedDatagrams(systemNetwork());
const server = { transport: "udp" as const, hostname: "127.0.0.1", port: Number(port) };
const sockets = [];
for (let n = 0; n < WORKERS; n++) {
  const socket = network.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  sockets.push(socket);
  for (
    const [request, text, answer] of [
      ["loginRequest", `u${n}`, "loginAck"],
      ["joinRequest", "Pets", "joinAck"],
    ] as const
  ) {
    await socket.send(encodeChat(request, text), server);
    while (decodeChat((await socket.receive())[0])?.event !== answer);
  }
}
const [talker] = sockets;
let received = 0;
let isOver = false;
const say = () =>
  talker!.post!(encodeChat("sendPublic", "x".repeat(48)), server, (error) => console.error(error));
void (async () => {
  const buffer = new Uint8Array(65_536);
  for (let n = 0; n < WINDOW; n++) say();
  while (!isOver) {
    if (decodeChat((await talker!.receive(buffer))[0])?.event !== "publicMessage") continue;
    received++;
    say();
  }
})().catch(() => {});
let last = -1;
const lost = setInterval(() => {
  if (received === last) { for (let n = 0; n < WINDOW; n++) say(); }
  last = received;
}, 50);
await new Promise((resolve) => setTimeout(resolve, 300));
const [before, start] = [received, performance.now()];
await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000));
console.log(Math.round((received - before) * WORKERS / (performance.now() - start) * 1000));
isOver = true;
clearInterval(lost);
for (const socket of sockets) await socket.send(encodeChat("logoff"), server);
Deno.exit();
