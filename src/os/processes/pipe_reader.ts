/**
 * The reading end of a pipe from a process.
 *
 * @module
 */

import type { Reader } from "../../net/mod.ts";
import { closeDescriptor } from "../libc/descriptor.ts";
import { errno, libc } from "../libc/libc.ts";
import { POLL, poller } from "../sockets/poller.ts";
import { isTryAgain, systemCallError } from "../libc/system_call_error.ts";

/** Reads a pipe beside other work. */
export class PipeReader implements Reader, Disposable {
  readonly #fd: number;
  #closed = false;

  /**
   * Takes over a pipe.
   * @param fd The reading end, nonblocking.
   */
  constructor(fd: number) {
    this.#fd = fd;
  }

  async read(p: Uint8Array): Promise<number | null> {
    while (!this.#closed) {
      const count = Number(
        libc().read(this.#fd, p as Uint8Array<ArrayBuffer>, BigInt(p.byteLength)),
      );
      if (count > 0) return count;
      if (count === 0) return null;
      const code = errno();
      if (!isTryAgain(code)) {
        throw systemCallError(code, { operation: "read a pipe" });
      }
      await poller().wait(this.#fd, POLL.in).catch((error) => {
        if (!this.#closed) throw error;
      });
    }
    return null;
  }

  /** Closes it; a pending read finds the end. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    poller().forget(this.#fd);
    closeDescriptor(this.#fd);
  }
}
