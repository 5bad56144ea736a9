/**
 * Reads one message of 1 GiB as a stream, and prints MB a second and the most memory that the process had, in MiB.
 *
 * @module
 */

import { composeMessage, readParts, writePart } from "../../../src/mime/mod.ts";

const BYTES = 780_000_000;
const PIECE = 65_536;

/** A file that is made while it is sent. */
async function* file() {
  const piece = crypto.getRandomValues(new Uint8Array(PIECE));
  for (let left = BYTES; left > 0; left -= PIECE) yield piece.subarray(0, Math.min(left, PIECE));
}

const message = writePart(composeMessage({
  from: [{ address: "ann@example.org" }],
  to: [{ address: "bob@example.org" }],
  text: "A large file.\n",
  attachments: [{ name: "a.bin", content: file() }],
}));
const begin = performance.now();
let [size, total] = [0, 0];
async function* counted() {
  for await (const piece of message) {
    total += piece.length;
    yield piece;
  }
}
for await (const part of readParts(counted())) {
  for await (const piece of part.content()) size += piece.length;
}
if (size < BYTES) throw new Error(`only ${size} bytes`);
const seconds = (performance.now() - begin) / 1000;
const peak = /VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))?.[1];
console.log(`${(total / 1e6 / seconds).toFixed(0)} ${(Number(peak) / 1024).toFixed(0)}`);
