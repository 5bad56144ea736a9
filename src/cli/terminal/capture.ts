/**
 * An output that is kept instead of shown.
 *
 * @module
 */

import { LimitError } from "../../net/mod.ts";
import { Output } from "./output.ts";

/** Most bytes that are kept. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Makes an output for a command whose words someone else reads.
 *
 * @returns The output, and what gives its text.
 */
export function captureOutput(): { readonly output: Output; text(): string } {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  const output = new Output({
    write(p) {
      bytes += p.length;
      if (bytes > MAX_BYTES) {
        throw new LimitError(`more than ${MAX_BYTES} bytes were written`, { limit: MAX_BYTES });
      }
      pieces.push(p.slice());
      return Promise.resolve(p.length);
    },
  }, false);
  return {
    output,
    text(): string {
      const decoder = new TextDecoder();
      return pieces.map((piece) => decoder.decode(piece, { stream: true })).join("") +
        decoder.decode();
    },
  };
}
