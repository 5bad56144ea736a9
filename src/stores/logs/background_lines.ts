/**
 * Lines that are written in the background, many in one write.
 *
 * @module
 */

/** Takes lines. */
export interface LineSink {
  /**
   * Adds a line, without waiting.
   * @param line Without its end; text of others must be cleaned.
   */
  add(line: string): void;
  /** Writes what waits. */
  close(): Promise<void>;
}

/** Where lines go, and when. */
export interface BackgroundLinesOptions {
  /** Writes text. */
  readonly write: (text: string) => Promise<void>;
  /** Called when it fails, once until it succeeds; the lines are lost. */
  readonly onFailure: (error: unknown) => void;
  /** How long a line may wait, in milliseconds. @default {100} */
  readonly delayMs?: number | undefined;
  /** Size of lines that wait while nobody reads, in characters; further ones are lost, and counted. @default {8 MiB} */
  readonly maxWaiting?: number | undefined;
}

/** Size from which lines are written at once, in characters. */
const FULL = 64 * 1024;

/** Writes lines in the background: who adds one does not wait for who reads it. */
export class BackgroundLines implements LineSink {
  readonly #options: BackgroundLinesOptions;
  #text = "";
  #lost = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | undefined;
  #hasFailed = false;

  /**
   * @param options Where lines go, and when.
   */
  constructor(options: BackgroundLinesOptions) {
    this.#options = options;
  }

  /**
   * Adds a line, without waiting.
   * @param line Without its end; text of others must be cleaned.
   * @param isUrgent Whether it is written at once.
   */
  add(line: string, isUrgent: boolean = false): void {
    const { delayMs = 100, maxWaiting = 8 * 1024 * 1024 } = this.#options;
    if (this.#text.length + line.length > maxWaiting) this.#lost++;
    else this.#text += `${line}\n`;
    if (isUrgent || this.#text.length > FULL) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), delayMs);
  }

  /** Writes what waits, as far as somebody reads it. */
  async close(): Promise<void> {
    this.#write();
    await soon(this.#writing);
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#writeAll().finally(() => this.#writing = undefined);
  }

  async #writeAll(): Promise<void> {
    while (this.#text !== "" || this.#lost > 0) {
      const note = this.#lost === 0 ? "" : `lost lines: ${this.#lost} (nobody reads them)\n`;
      const text = this.#text + note;
      this.#text = "";
      this.#lost = 0;
      try {
        await this.#options.write(text);
        this.#hasFailed = false;
      } catch (error) {
        if (!this.#hasFailed) this.#options.onFailure(error);
        this.#hasFailed = true;
        return;
      }
    }
  }
}

/** Longest wait at the end for who reads, in milliseconds. */
const CLOSING_MS = 2000;

async function soon(promise: Promise<void> | undefined): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, CLOSING_MS);
  await Promise.race([promise, late]);
  clearTimeout(timer);
}

/**
 * Makes the lines of standard output.
 *
 * @param onFailure Called when nobody reads it any more.
 * @returns The lines.
 */
export function standardLines(onFailure: (error: unknown) => void): BackgroundLines {
  const encoder = new TextEncoder();
  return new BackgroundLines({
    delayMs: 20,
    onFailure,
    async write(text) {
      const bytes = encoder.encode(text);
      for (let done = 0; done < bytes.length;) {
        done += await Deno.stdout.write(bytes.subarray(done));
      }
    },
  });
}
