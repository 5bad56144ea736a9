/**
 * Checksums of files.
 *
 * @module
 */

/**
 * Computes the SHA-256 of a file that comes in pieces.
 *
 * @param pieces The pieces.
 * @returns It, in hexadecimal.
 */
export async function sha256(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  // Loaded only when it is needed: it is slow to load.
  const { createHash } = await import("node:crypto");
  const hash = createHash("sha256");
  for await (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}
