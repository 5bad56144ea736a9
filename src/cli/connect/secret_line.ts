/**
 * The first line of a file, or of a program's output: a password or a token.
 *
 * @module
 */

import { toFileError } from "../../net/internal.ts";
import { Deadline, LimitError, LineReader, NetwrightError, type Reader } from "../../net/mod.ts";

/** Longest line, in bytes: more than any token. */
const MAX_BYTES = 16 * 1024;
/** Most that a program may print after it, in bytes. */
const MAX_REST_BYTES = 64 * 1024;
/** How long it may take, unless the user says otherwise, in milliseconds. */
const DEFAULT_MS = 60_000;

/** How to wait for it. */
export interface SecretLineOptions {
  /** How long it may take, in milliseconds. @default {60_000} */
  readonly timeoutMs?: number | undefined;
}

/**
 * Reads the first line of a file, which may be a pipe such as `/dev/fd/63`.
 *
 * @param path Which file.
 * @param options How long to wait.
 * @returns The line; empty if there is none.
 * @throws {NetwrightError} If it cannot be read, or the line is not UTF-8.
 * @throws {LimitError} If it is longer than 16 KiB.
 * @throws {TimeoutError} If it did not come in time.
 */
export async function firstLineOfFile(
  path: string,
  { timeoutMs = DEFAULT_MS }: SecretLineOptions = {},
): Promise<string> {
  const context = { operation: "read", peer: path };
  using deadline = new Deadline({ timeoutMs }, context);
  try {
    // A pipe without a writer does not even open.
    using file = await deadline.wait(Deno.open(path), () => {});
    return await firstLine(file, deadline, context);
  } catch (error) {
    throw toFileError(error, context);
  }
}

/**
 * Runs a program and takes the first line that it prints.
 *
 * @param program Which.
 * @param args Its arguments.
 * @param options How long to wait; then it is killed.
 * @returns The line; empty if there is none.
 * @throws {NetwrightError} If it cannot be started, fails, or the line is not UTF-8.
 * @throws {LimitError} If the line is longer than 16 KiB, or 64 KiB follow it.
 * @throws {TimeoutError} If it did not end in time.
 */
export async function firstLineOfProgram(
  program: string,
  args: readonly string[],
  { timeoutMs = DEFAULT_MS }: SecretLineOptions = {},
): Promise<string> {
  const context = { operation: "run", peer: program };
  using deadline = new Deadline({ timeoutMs }, context);
  let child: Deno.ChildProcess | undefined;
  let output: StreamReader | undefined;
  try {
    child = new Deno.Command(program, {
      args: [...args],
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    output = new StreamReader(child.stdout);
    const line = await firstLine(output, deadline, context);
    // A process that it leaves behind, such as an agent, may hold its output open.
    const overflow = output.discard(MAX_REST_BYTES).then((isAll) => {
      if (isAll) return new Promise<never>(() => {});
      throw new LimitError(`it printed more than ${MAX_REST_BYTES} bytes after the first line`, {
        ...context,
        limit: MAX_REST_BYTES,
      });
    });
    const { success, code, signal } = await deadline.wait(
      Promise.race([child.status, overflow]),
      () => {},
    );
    if (success) return line;
    throw new NetwrightError(
      signal === null ? `it ended with status ${code}` : `it was ended by ${signal}`,
      context,
    );
  } catch (error) {
    throw toFileError(error, context);
  } finally {
    await end(child, output);
  }
}

async function end(
  child: Deno.ChildProcess | undefined,
  output: StreamReader | undefined,
): Promise<void> {
  try {
    child?.kill("SIGKILL");
  } catch (error) {
    // It has ended already.
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
  }
  await child?.status;
  output?.close();
}

async function firstLine(
  source: Reader,
  deadline: Deadline,
  context: { readonly operation: string; readonly peer: string },
): Promise<string> {
  const { peer } = context;
  const reader = new LineReader(source, { maxLineBytes: MAX_BYTES, deadline, peer });
  const bytes = await reader.readLineBytes();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new NetwrightError("its first line is not UTF-8", context);
  }
}

/** A stream as a reader. */
class StreamReader implements Reader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  async read(p: Uint8Array): Promise<number | null> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#reader.read();
      if (done) return null;
      this.#rest = value;
    }
    const count = Math.min(p.length, this.#rest.length);
    p.set(this.#rest.subarray(0, count));
    this.#rest = this.#rest.subarray(count);
    return count;
  }

  /** Reads on until the end; gives `false` as soon as there is more than that. */
  async discard(maxBytes: number): Promise<boolean> {
    for (let left = maxBytes - this.#rest.length; left >= 0;) {
      const { value, done } = await this.#reader.read();
      if (done) return true;
      left -= value.length;
    }
    return false;
  }

  close(): void {
    // An earlier failure has been reported already.
    this.#reader.cancel().catch(() => {});
  }
}
