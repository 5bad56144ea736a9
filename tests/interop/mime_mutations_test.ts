/** A million mutations of real messages: none crashes the reader, none holds it up, none makes it grow. */

import { assertEquals } from "@std/assert";
import { addresseesOf } from "../../src/mime/internal.ts";
import { autoreply, type Entity, parseMessage } from "../../src/mime/mod.ts";
import { LimitError } from "../../src/net/mod.ts";
import { seededRandom } from "../../src/net/memory/_random.ts";
import { mailSamples } from "./peers/mail_samples.ts";

const COUNT = 1_000_000;
/** Samples are cut here, lest a few large ones take all the time, in bytes. */
const MAX_SAMPLE = 3_000;
/** Longest that one may take, in milliseconds: the machine may be busy. */
const MAX_MS = 2_000;
/** Most that the process may grow, in bytes. */
const MAX_GROWTH = 400 * 1024 * 1024;

const WORDS = [
  "\r\n",
  "\n",
  "\r",
  "\r\n\r\n",
  "\r\n--",
  "--\r\n",
  "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
  "Content-Type: message/rfc822\r\n\r\n",
  "Content-Transfer-Encoding: base64\r\n",
  "Content-Disposition: attachment; filename*0*=utf-8''%",
  "=?utf-8?q?=C3?=",
  "=?x?b?",
  ": ",
  '"',
  "(",
  "<",
  "\0",
  "\xff",
].map((word) => Uint8Array.from(word, (character) => character.charCodeAt(0)));

/** Gives whole numbers below a limit. */
type Chance = (limit: number) => number;

/** Changes a message in a few places: bytes, pieces left out, doubled, moved in from another. */
function mutate(samples: readonly Uint8Array[], space: Uint8Array, chance: Chance): Uint8Array {
  const sample = samples[chance(samples.length)]!;
  let length = sample.length;
  space.set(sample);
  const put = (piece: Uint8Array, at: number) => {
    if (length + piece.length > space.length) return;
    space.copyWithin(at + piece.length, at, length);
    space.set(piece, at);
    length += piece.length;
  };
  for (let left = 1 + chance(6); left > 0; left--) {
    const at = chance(length + 1);
    const size = 1 + chance(40);
    switch (chance(6)) {
      case 0:
        if (at < length) space[at] = chance(256);
        break;
      case 1: {
        const end = Math.min(length, at + size);
        space.copyWithin(at, end, length);
        length -= end - at;
        break;
      }
      case 2:
        put(space.slice(at, Math.min(length, at + size)), chance(length + 1));
        break;
      case 3: {
        const other = samples[chance(samples.length)]!;
        const from = chance(other.length);
        put(other.subarray(from, from + 5 * size), at);
        break;
      }
      case 4:
        put(WORDS[chance(WORDS.length)]!, at);
        break;
      default:
        length = chance(8) === 0 ? at : length;
    }
  }
  return space.slice(0, length);
}

/** Reads all that a message says. */
function readAll(message: Entity): void {
  for (const { kind, header, text } of message.walk()) {
    if (kind === "leaf") void text;
    void header.fileName;
    void header.defects;
  }
  void message.header.date;
  void message.header.text("subject");
  addresseesOf(message.header);
  autoreply(message.header, { from: { address: "ann@b.example" }, text: "" });
}

Deno.test("a million mutated messages are read, or refused by a limit", async () => {
  await using samples = await mailSamples();
  if (samples === undefined) return;
  const originals = samples.files.map((file) =>
    Deno.readFileSync(`${samples.folder}/${file}`).subarray(0, MAX_SAMPLE)
  ).filter(({ length }) => length > 0);
  const space = new Uint8Array(3 * MAX_SAMPLE);
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  const random = seededRandom(seed);
  const chance = (limit: number) => Math.floor(random() * limit);
  const before = Deno.memoryUsage().rss;
  let [longest, limited, parts] = [0, 0, 0];
  for (let count = 0; count < COUNT; count++) {
    const bytes = mutate(originals, space, chance);
    const begin = performance.now();
    try {
      const message = parseMessage(bytes);
      readAll(message);
      parts += message.parts.length;
    } catch (error) {
      if (!(error instanceof LimitError)) {
        const shown = btoa(String.fromCharCode(...bytes));
        throw new Error(`seed ${seed}, message ${count}: ${shown}`, { cause: error });
      }
      limited++;
    }
    longest = Math.max(longest, performance.now() - begin);
  }
  assertEquals([longest < MAX_MS, `${longest} ms`], [true, `${longest} ms`]);
  const growth = Deno.memoryUsage().rss - before;
  assertEquals([growth < MAX_GROWTH, `${growth} bytes`], [true, `${growth} bytes`]);
  // The mutations are such that most still are messages.
  assertEquals([parts > COUNT / 4, limited < COUNT / 4], [true, true]);
});
