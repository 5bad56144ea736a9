/**
 * Messages of syslog a second into a file: `serve syslog` beside rsyslog, over TCP. Each run sends the same messages over one connection
 * and waits until the last one is in the file.
 *
 * @module
 */

import { concat } from "../../src/net/internal.ts";
import { countOctets, formatRfc5424 } from "../../src/protocols/syslog/mod.ts";
import { startRsyslog } from "../interop/peers/rsyslog.ts";
import { serve } from "../support/netwright.ts";
import { compare } from "./_measure.ts";

const MESSAGES = 200_000;

/** Messages of usual size, as one stream. */
function stream(): Uint8Array<ArrayBuffer> {
  const message = (number: number): Uint8Array =>
    countOctets(formatRfc5424({
      facility: 16,
      severity: 6,
      timestamp: new Date(),
      hostname: "sender.example",
      appName: "bench",
      procId: "4711",
      text:
        `request ${number} of a client that asks for a page was answered with status 200 in 12 ms`,
    }));
  return new Uint8Array(concat(Array.from({ length: MESSAGES }, (_, number) => message(number))));
}

async function send(port: number, bytes: Uint8Array, file: string): Promise<number> {
  const began = performance.now();
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  for (let done = 0; done < bytes.length;) {
    done += await connection.write(bytes.subarray(done, done + 65_536));
  }
  await hasLines(file, MESSAGES);
  return MESSAGES / ((performance.now() - began) / 1000);
}

/** Waits until a file has so many lines: their order may be another. */
async function hasLines(path: string, count: number): Promise<void> {
  const buffer = new Uint8Array(1024 * 1024);
  using file = await Deno.open(path, { read: true, write: true, create: true });
  for (let lines = 0; lines < count;) {
    const read = await file.read(buffer);
    if (read === null) await new Promise((resolve) => setTimeout(resolve, 5));
    for (let at = -1; (at = buffer.subarray(0, read ?? 0).indexOf(0x0a, at + 1)) >= 0;) lines++;
  }
}

/** Measures and prints. */
export async function bench(): Promise<void> {
  const bytes = stream();
  const inFolder = async (run: (folder: string) => Promise<number>): Promise<number> => {
    const folder = await Deno.makeTempDir();
    try {
      return await run(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
  const ours = (...form: readonly string[]) => () =>
    inFolder(async (folder) => {
      const file = `${folder}/all.log`;
      const words = ["syslog", "--listen", "127.0.0.1:0", "-q", "--file", file, ...form];
      await using collector = await serve(words);
      return await send(Number(collector.endpoint.split(":").at(-1)), bytes, file);
    });
  await compare(`Messages of syslog a second, ${MESSAGES} over TCP into a file`, [
    { name: "serve syslog", run: ours() },
    { name: "serve syslog --form json", run: ours("--form", "json") },
    {
      name: "rsyslog",
      run: () =>
        inFolder(async (folder) => {
          await using peer = await startRsyslog(folder);
          return await send(peer.tcp, bytes, `${folder}/out.json`);
        }),
    },
  ]);
}

if (import.meta.main) await bench();
