/**
 * Files of the kernel, such as those of `/proc/net`, which the runtime hands out only to processes that
 * may do everything.
 *
 * @module
 */

import { LimitError } from "../net/mod.ts";
import { cString, errno, libc } from "./libc.ts";
import { ERRNO, systemCallError } from "./system_call_error.ts";

const O_RDONLY = 0;
const O_CLOEXEC = 0o2000000;

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
  if (!path.startsWith("/proc/") || path.includes("..")) {
    throw new RangeError(`${JSON.stringify(path)} is not under /proc`);
  }
  const context = { operation: "read", peer: path };
  const fd = libc().open(cString(path), O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) throw systemCallError(errno(), context);
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  let text = "";
  let total = 0;
  try {
    while (true) {
      const count = Number(libc().read(fd, buffer, BigInt(buffer.length)));
      if (count === 0) return text + decoder.decode();
      if (count < 0) {
        const code = errno();
        if (code === ERRNO.EINTR) continue;
        throw systemCallError(code, context);
      }
      total += count;
      if (total > maxBytes) {
        throw new LimitError(`the file is larger than ${maxBytes} bytes`, {
          ...context,
          limit: maxBytes,
        });
      }
      text += decoder.decode(buffer.subarray(0, count), { stream: true });
    }
  } finally {
    libc().close(fd);
  }
}
