/**
 * Records in a file which keys were handled, so that none is handled again too soon.
 *
 * @module
 */

import { LimitError, ProtocolError } from "../../net/mod.ts";
import { locked } from "./locked.ts";

/** Largest file, in bytes: some hundred thousand keys. */
const MAX_BYTES = 64 * 1024 * 1024;
/** The time, and a text of JSON. */
const LINE =
  /^(\d{4}-\d\d-\d\dT[\d:.]+Z) ("(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")$/;
/** So many lines are left alone, whatever their age. */
const FEW_LINES = 1000;

/**
 * Checks that a key was not seen for a while, and records it now. Of several processes that ask at once for the
 * same key, one gets true.
 *
 * @param path The file; made if it is missing. A line each: the time, a space, the key.
 * @param key Any text, such as an address.
 * @param options `periodMs`: how long a key counts, in milliseconds; `now`: the moment.
 * @returns Whether it is the first within the period.
 * @throws {ProtocolError} If the file holds something else.
 * @throws {LimitError} If the file is larger than 64 MiB.
 */
export async function recordOncePer(
  path: string,
  key: string,
  options: { readonly periodMs: number; readonly now?: Date },
): Promise<boolean> {
  const { periodMs, now = new Date() } = options;
  return await locked(path, async (file) => {
    const { size } = await file.stat();
    if (size > MAX_BYTES) {
      throw new LimitError(`${path} is larger than ${MAX_BYTES} bytes`, {
        operation: "read",
        limit: MAX_BYTES,
      });
    }
    const text = await readAll(file, size);
    const last = parse(path, text);
    const line = lineOf(key, now.getTime());
    // A time that the clock has not reached counts no longer than another.
    const counts = (time: number) => Math.abs(now.getTime() - time) < periodMs;
    const seen = last.times.get(key);
    if (seen !== undefined && counts(seen)) return false;
    const fresh = [...last.times].filter(([, time]) => counts(time));
    if (last.lines > FEW_LINES && fresh.length < last.lines / 2) {
      await rewrite(file, fresh.map(([key, time]) => lineOf(key, time)).join("") + line);
    } else {
      // A line that was not written to its end is none.
      await writeAll(file, text === "" || text.endsWith("\n") ? line : `\n${line}`);
    }
    return true;
  });
}

function lineOf(key: string, time: number): string {
  return `${new Date(time).toISOString()} ${JSON.stringify(key)}\n`;
}

/** Reads the lines; where one was cut, the others count. */
function parse(path: string, text: string): { times: Map<string, number>; lines: number } {
  const times = new Map<string, number>();
  const lines = text.split("\n").filter((line) => line !== "");
  let bad = 0;
  for (const line of lines) {
    const match = LINE.exec(line);
    if (match === null) bad++;
    else times.set(JSON.parse(match[2]!), Date.parse(match[1]!));
  }
  // Foreign files are not added to. Ours may have one line, cut before its end.
  if (bad > 0 && times.size === 0 && text.includes("\n")) {
    throw new ProtocolError(`${path} holds something else than times and keys`, {
      operation: "read",
    });
  }
  return { times, lines: lines.length };
}

async function readAll(file: Deno.FsFile, size: number): Promise<string> {
  const bytes = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const count = await file.read(bytes.subarray(at));
    if (count === null) break;
    at += count;
  }
  return new TextDecoder().decode(bytes.subarray(0, at));
}

async function writeAll(file: Deno.FsFile, text: string): Promise<void> {
  let bytes: Uint8Array = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(await file.write(bytes));
}

/** The new lines first, and then the rest is cut off: a broken one costs itself only. */
async function rewrite(file: Deno.FsFile, text: string): Promise<void> {
  await file.seek(0, Deno.SeekMode.Start);
  await writeAll(file, text);
  await file.truncate(new TextEncoder().encode(text).length);
}
