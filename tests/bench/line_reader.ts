/**
 * Lines of 80 bytes from a stream of 64 KiB chunks, in MB/s.
 *
 * @module
 */

import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { LineReader } from "../../src/net/mod.ts";
import { compare, type Contender } from "./_measure.ts";

const LINES = 400_000;
const CHUNK = 65_536;
const text = new TextEncoder().encode(
  `${"All work and no play makes Jack ".repeat(3).slice(0, 78)}\r\n`,
);
const input = new Uint8Array(LINES * text.length);
for (let at = 0; at < input.length; at += text.length) input.set(text, at);

function* chunks(): Generator<Uint8Array> {
  for (let at = 0; at < input.length; at += CHUNK) yield input.subarray(at, at + CHUNK);
}

/** The same stream as a source to read from, as a socket is. */
function source(): { read(p: Uint8Array): Promise<number | null> } {
  let at = 0;
  return {
    read(p) {
      if (at === input.length) return Promise.resolve(null);
      const count = Math.min(p.length, CHUNK, input.length - at);
      p.set(input.subarray(at, at + count));
      at += count;
      return Promise.resolve(count);
    },
  };
}

async function rate(lines: () => Promise<number>): Promise<number> {
  const start = performance.now();
  const count = await lines();
  if (count !== LINES) throw new Error(`${count} lines instead of ${LINES}`);
  return input.length / 1000 / (performance.now() - start);
}

async function countAll(lines: AsyncIterable<string>): Promise<number> {
  let count = 0;
  for await (const line of lines) if (line.length === 78) count++;
  return count;
}

/** std's own where JSR can be reached, else the copy of it that npm has. */
async function textLineStream(): Promise<new () => TransformStream<string, string>> {
  try {
    const name = "jsr:@std/streams@^1/text-line-stream";
    return (await import(name)).TextLineStream;
  } catch {
    return (await import("textlinestream")).default;
  }
}

/** Measures and prints. */
export async function bench(): Promise<void> {
  const TextLineStream = await textLineStream();
  const contenders: Contender[] = [
    {
      name: "LineReader, takeLine()",
      run: () =>
        rate(async () => {
          const reader = new LineReader(source(), { chunkBytes: CHUNK });
          let count = 0;
          do {
            for (let line = reader.takeLine(); line !== undefined; line = reader.takeLine()) {
              if (line.length === 78) count++;
            }
          } while (await reader.fill());
          return count;
        }),
    },
    {
      name: "LineReader, for await",
      run: () => rate(() => countAll(new LineReader(source(), { chunkBytes: CHUNK }).lines())),
    },
    {
      name: "LineReader, readLine()",
      run: () =>
        rate(async () => {
          const reader = new LineReader(source(), { chunkBytes: CHUNK });
          let count = 0;
          for (let line = await reader.readLine(); line !== undefined;) {
            if (line.length === 78) count++;
            line = await reader.readLine();
          }
          return count;
        }),
    },
    {
      name: "node:readline",
      run: () =>
        rate(() =>
          countAll(createInterface({ input: Readable.from(chunks()), crlfDelay: Infinity }))
        ),
    },
    {
      name: "node:readline, events",
      run: () =>
        rate(async () => {
          const lines = createInterface({ input: Readable.from(chunks()), crlfDelay: Infinity });
          let count = 0;
          lines.on("line", (line) => {
            if (line.length === 78) count++;
          });
          await new Promise((resolve) => lines.on("close", resolve));
          return count;
        }),
    },
    {
      name: "std TextLineStream",
      run: () =>
        rate(() =>
          countAll(
            ReadableStream.from(chunks() as Iterable<Uint8Array<ArrayBuffer>>)
              .pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream()),
          )
        ),
    },
  ];
  await compare("Lines of 80 bytes, MB/s", contenders);
}

if (import.meta.main) await bench();
