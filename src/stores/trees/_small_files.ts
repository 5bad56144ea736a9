/**
 * Small files that are asked for again and again, kept for a moment.
 *
 * @module
 */

/** Files by name, none of them older than the time it is kept, and not too many bytes of them. */
export class SmallFiles<File extends { readonly bytes: Uint8Array }> {
  /** Larger files are not kept. */
  static readonly MAX_FILE_BYTES = 65_536;
  readonly #keptMs: number;
  readonly #maxBytes: number;
  readonly #files = new Map<string, { readonly file: File; readonly until: number }>();
  #bytes = 0;

  /**
   * Begins empty.
   * @param keptMs How long a file is believed not to have changed, in milliseconds; 0 keeps none.
   * @param maxBytes Most bytes in all.
   */
  constructor(keptMs: number, maxBytes: number) {
    this.#keptMs = keptMs;
    this.#maxBytes = maxBytes;
  }

  /** Gives a file that is still believed. */
  get(name: string): File | undefined {
    const kept = this.#files.get(name);
    if (kept === undefined) return undefined;
    if (performance.now() < kept.until) return kept.file;
    this.#forget(name);
    return undefined;
  }

  /** Caches a file, in place of the oldest if the cache is full. */
  keep(name: string, file: File): void {
    if (this.#keptMs <= 0 || file.bytes.length > SmallFiles.MAX_FILE_BYTES) return;
    this.#forget(name);
    this.#files.set(name, { file, until: performance.now() + this.#keptMs });
    this.#bytes += file.bytes.length;
    for (const oldest of this.#files.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#forget(oldest);
    }
  }

  #forget(name: string): void {
    this.#bytes -= this.#files.get(name)?.file.bytes.length ?? 0;
    this.#files.delete(name);
  }
}
