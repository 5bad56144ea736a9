/**
 * Reading past TCP's urgent data.
 *
 * @module
 */

import type { Reader } from "../core/connection.ts";

/** Bytes from this one on belong to Telnet's commands, which clients send as urgent data (RFC 854). */
const FIRST_TELNET_BYTE = 0xf0;
const LF = 10;
/** Bytes behind one of Telnet's in which more urgent data may come: who aborts may do so twice. */
const CAREFUL_BYTES = 256;

/** How {@link UrgentDataReader} reads. */
export interface UrgentDataOptions {
  /** Whether the peer may interrupt the current operation by urgent data amid its stream. */
  readonly mayInterrupt?: (() => boolean) | undefined;
}

/**
 * Reads lines of a peer that may send urgent data.
 *
 * The system ends a read at the urgent mark, and the runtime takes a read that fills less than its buffer for a sign
 * that nothing more has come: what follows the mark then waits for the next packet. So where a mark may come, between
 * two commands and beside Telnet's own bytes, each read asks for one byte, which cannot be too few.
 */
export class UrgentDataReader implements Reader {
  readonly #source: Reader & { close?(): void };
  readonly #mayInterrupt: () => boolean;
  #last = LF;
  /** Bytes that are still to be read one by one. */
  #careful = 0;

  /**
   * Takes the source over.
   * @param source Where the bytes come from.
   * @param options When urgent data may come.
   */
  constructor(source: Reader & { close?(): void }, options: UrgentDataOptions = {}) {
    this.#source = source;
    this.#mayInterrupt = options.mayInterrupt ?? (() => false);
  }

  /** As `Deno.Reader` has it. */
  async read(p: Uint8Array): Promise<number | null> {
    const isNear = this.#last === LF || this.#careful > 0 || this.#mayInterrupt();
    const count = await this.#source.read(isNear ? p.subarray(0, 1) : p);
    if (count === null || count === 0) return count;
    this.#last = p[count - 1]!;
    this.#careful = this.#last >= FIRST_TELNET_BYTE
      ? CAREFUL_BYTES
      : Math.max(0, this.#careful - count);
    return count;
  }

  /** Closes the source. */
  close(): void {
    this.#source.close?.();
  }
}
