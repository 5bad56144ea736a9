/**
 * Files that say which process is a running server.
 *
 * @module
 */

import { NetwrightError } from "../../net/mod.ts";
import { closeDescriptor } from "../libc/descriptor.ts";
import { cString, errno, libc, outsideHeap } from "../libc/libc.ts";
import { O_CLOEXEC, O_RDWR } from "../libc/linux.ts";
import { ERRNO, systemCallError } from "../libc/system_call_error.ts";

const O_CREAT = 0o100;
const O_NOFOLLOW = 0o400000;
const LOCK_EX = 2;
const LOCK_NB = 4;
const SEEK_SET = 0;
const MODE = 0o644;
const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_EMPTY_PATH = 0x1000;
const STATX_BASIC = 0x7ff;
const STATX_BYTES = 256;
/** How often a file that is removed at the same time is made again. */
const ATTEMPTS = 5;

/**
 * A file with the number of this process, locked as long as it runs: a file whose process has died has no lock, whatever other process has
 * its number by now.
 */
export class PidFile implements Disposable {
  readonly #path: string;
  readonly #descriptor: number;

  private constructor(path: string, descriptor: number) {
    this.#path = path;
    this.#descriptor = descriptor;
  }

  /**
   * Writes the file.
   * @param path Its path; a symbolic link is refused.
   * @returns The file; disposing of it removes it.
   * @throws {NetwrightError} If the process of the file runs, or the file cannot be written.
   */
  static create(path: string): PidFile {
    const system = libc();
    const context = { operation: "write the PID file", peer: path };
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const descriptor = system.open(
        cString(path),
        O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
        MODE,
      );
      if (descriptor < 0) throw systemCallError(errno(), context);
      if (system.flock(descriptor, LOCK_EX | LOCK_NB) !== 0) {
        const number = errno();
        const pid = readNumber(descriptor);
        closeDescriptor(descriptor);
        if (number !== ERRNO.EAGAIN) throw systemCallError(number, context);
        const who = pid === undefined ? "another process" : `process ${pid}`;
        throw new NetwrightError(`${who} runs already`, context);
      }
      // The process before may have removed the file between the two calls.
      if (!isAt(path, descriptor)) {
        closeDescriptor(descriptor);
        continue;
      }
      const text = new TextEncoder().encode(`${Deno.pid}\n`);
      system.ftruncate(descriptor, 0n);
      if (Number(system.write(descriptor, text, BigInt(text.length))) !== text.length) {
        const error = systemCallError(errno(), context);
        closeDescriptor(descriptor);
        throw error;
      }
      return new PidFile(path, descriptor);
    }
    throw new NetwrightError("the file is removed again and again", context);
  }

  [Symbol.dispose](): void {
    const system = libc();
    // Who gave up root's power may not remove it, or not see it: an empty file is that of no process.
    system.ftruncate(this.#descriptor, 0n);
    if (isAt(this.#path, this.#descriptor)) system.unlink(cString(this.#path));
    closeDescriptor(this.#descriptor);
  }
}

function readNumber(descriptor: number): number | undefined {
  const system = libc();
  const buffer = outsideHeap(32);
  system.lseek(descriptor, 0n, SEEK_SET);
  const count = Number(system.read(descriptor, buffer, BigInt(buffer.length)));
  const text = new TextDecoder().decode(buffer.subarray(0, Math.max(0, count))).trim();
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** Whether a path names the very file of a descriptor. */
function isAt(path: string, descriptor: number): boolean {
  const ours = identity(descriptor, "", AT_EMPTY_PATH);
  return ours !== undefined && ours === identity(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);
}

/** Identifies a file by its device and inode; undefined if there is none. */
function identity(folder: number, path: string, flags: number): string | undefined {
  const entry = outsideHeap(STATX_BYTES);
  if (libc().statx(folder, cString(path), flags, STATX_BASIC, entry) !== 0) return undefined;
  const view = new DataView(entry.buffer);
  return [view.getBigUint64(32, true), view.getUint32(136, true), view.getUint32(140, true)].join();
}
