/**
 * Files of the kernel, such as those of `/proc/net`, which the runtime hands out only to processes that
 * may do everything.
 *
 * @module
 */

import { LimitError } from "../../net/mod.ts";
import { cString, errno, libc, type LibcSymbols } from "../libc/libc.ts";
import { ERRNO, systemCallError } from "../libc/system_call_error.ts";
import { O_CLOEXEC } from "../libc/linux.ts";

const O_RDONLY = 0;

/** Where the name begins in an entry of a folder, behind inode, offset, length and type. */
const NAME_AT = 19;

/**
 * Reads a whole text file by the system's own calls.
 *
 * @param path Which; only paths under `/proc` are taken, because no permission narrows these calls.
 * @param maxBytes The largest that is read. @default {64 MiB}
 * @returns Its text.
 * @throws {RangeError} If the path is another.
 * @throws {SystemCallError} If it cannot be read.
 * @throws {LimitError} If it is larger.
 */
export function readProcFile(path: string, maxBytes: number = 64 * 1024 * 1024): string {
  const decoder = new TextDecoder();
  let text = "";
  let total = 0;
  for (const piece of pieces(path, (system, fd, buffer) => system.read(fd, buffer, SIZE))) {
    total += piece.length;
    if (total > maxBytes) {
      throw new LimitError(`the file is larger than ${maxBytes} bytes`, {
        operation: "read",
        peer: path,
        limit: maxBytes,
      });
    }
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

/**
 * Lists a folder by the system's own calls.
 *
 * @param path Which; only paths under `/proc` are taken.
 * @returns The names in it, without `.` and `..`.
 * @throws {RangeError} If the path is another.
 * @throws {SystemCallError} If it cannot be read.
 */
export function listProcFolder(path: string): string[] {
  const names: string[] = [];
  for (const piece of pieces(path, (system, fd, buffer) => system.getdents64(fd, buffer, SIZE))) {
    const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
    for (let at = 0; at < piece.length;) {
      const length = view.getUint16(at + 16, true);
      const end = piece.indexOf(0, at + NAME_AT);
      names.push(new TextDecoder().decode(piece.subarray(at + NAME_AT, end)));
      at += length;
    }
  }
  return names.filter((name) => name !== "." && name !== "..");
}

/**
 * Reads where a symbolic link points, by the system's own calls.
 *
 * @param path Which; only paths under `/proc` are taken.
 * @returns The text of the link.
 * @throws {RangeError} If the path is another.
 * @throws {SystemCallError} If it cannot be read, or is not a link.
 */
export function readProcLink(path: string): string {
  requireProc(path);
  const buffer = new Uint8Array(4096);
  const count = Number(libc().readlink(cString(path), buffer, BigInt(buffer.length)));
  if (count < 0) throw systemCallError(errno(), { operation: "read the link", peer: path });
  return new TextDecoder().decode(buffer.subarray(0, count));
}

const BUFFER_BYTES = 65_536;
const SIZE = BigInt(BUFFER_BYTES);

/** Opens a path and calls until nothing more comes; a piece is valid until the next is asked for. */
function* pieces(
  path: string,
  call: (system: LibcSymbols, fd: number, buffer: Uint8Array<ArrayBuffer>) => number | bigint,
): Generator<Uint8Array> {
  requireProc(path);
  const context = { operation: "read", peer: path };
  const system = libc();
  const fd = system.open(cString(path), O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) throw systemCallError(errno(), context);
  const buffer = new Uint8Array(BUFFER_BYTES);
  try {
    while (true) {
      const count = Number(call(system, fd, buffer));
      if (count === 0) return;
      if (count > 0) yield buffer.subarray(0, count);
      else {
        const code = errno();
        if (code !== ERRNO.EINTR) throw systemCallError(code, context);
      }
    }
  } finally {
    system.close(fd);
  }
}

function requireProc(path: string): void {
  if (path.startsWith("/proc") && !path.includes("..")) return;
  throw new RangeError(`${JSON.stringify(path)} is not under /proc`);
}
