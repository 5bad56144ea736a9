/**
 * Rests of bodies that are not needed.
 *
 * @module
 */

import { NetwrightError } from "../../../net/mod.ts";

/** Maximum size of a rest that is read, in bytes: a longer one costs more than a new connection. */
const DRAINED_BYTES = 64 * 1024;

/**
 * Reads a short rest of a body, so that its connection serves for the next request.
 *
 * @param body The body.
 */
export async function drain(
  body: { read(buffer: Uint8Array): Promise<number | null> },
): Promise<void> {
  const buffer = new Uint8Array(8192);
  try {
    for (let left = DRAINED_BYTES; left > 0;) {
      const count = await body.read(buffer);
      if (count === null) return;
      left -= count;
    }
  } catch (error) {
    // That it cannot be read costs its connection only.
    if (!(error instanceof NetwrightError)) throw error;
  }
}
