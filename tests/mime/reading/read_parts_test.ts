/** Parts of a message, one after the other. */

import { assertEquals } from "@std/assert";
import { readParts } from "../../../src/mime/mod.ts";

Deno.test("pieces are the reader's own, even if the source uses its memory again", async () => {
  const text = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" +
    "--b\r\n\r\none two three\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\nZm91ciBmaXZl\r\n--b--\r\n";
  async function* source(): AsyncGenerator<Uint8Array> {
    const memory = new Uint8Array(7);
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; at += memory.length) {
      const piece = bytes.subarray(at, at + memory.length);
      memory.set(piece);
      yield memory.subarray(0, piece.length);
      memory.fill(0x21);
    }
  }
  for (const read of ["content", "body"] as const) {
    const found: string[] = [];
    for await (const part of readParts(source())) {
      const pieces = await Array.fromAsync(part[read]());
      found.push(await new Blob(pieces).text());
    }
    assertEquals(found, ["", "one two three", read === "body" ? "Zm91ciBmaXZl" : "four five"]);
  }
});
