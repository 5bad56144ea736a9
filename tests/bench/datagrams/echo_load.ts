/**
 * Asks an echo server of datagrams from several sockets, each with a number of questions under way, and prints how
 * many answers a second came. Lost questions are sent again.
 *
 * @module
 */

import { batchedDatagrams } from "../../../src/os/internal.ts";
import { systemNetwork } from "../../../src/net/mod.ts";

const [port = "7", bytes = "64", seconds = "1"] = Deno.args;
const SOCKETS = 8;
const WINDOW = 32;

const network = batchedDatagrams(systemNetwork());
const server = { transport: "udp" as const, hostname: "127.0.0.1", port: Number(port) };
const question = new Uint8Array(Number(bytes)).fill(97);
let answers = 0;
let isOver = false;

const sockets = Array.from({ length: SOCKETS }, () => {
  const socket = network.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const state = { last: 0 };
  const ask = () => socket.post!(question, server, (error) => console.error(String(error)));
  const fill = () => {
    for (let n = 0; n < WINDOW; n++) ask();
  };
  const buffer = new Uint8Array(65_536);
  const run = async () => {
    fill();
    while (!isOver) {
      await socket.receive(buffer);
      answers++;
      state.last = answers;
      ask();
    }
  };
  void run().catch(() => {});
  return { socket, state, fill };
});
// A window that was lost is asked again.
const lost = setInterval(() => {
  for (const { state, fill } of sockets) {
    if (state.last === answers) continue;
    if (state.last < answers - SOCKETS * WINDOW * 50) fill();
  }
}, 50);
await new Promise((resolve) => setTimeout(resolve, 300));
const [before, start] = [answers, performance.now()];
await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000));
console.log(Math.round((answers - before) / (performance.now() - start) * 1000));
isOver = true;
clearInterval(lost);
for (const { socket } of sockets) socket.close();
Deno.exit();
