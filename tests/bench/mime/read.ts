/**
 * Reads all messages of a folder by one of the JavaScript parsers, and prints MB a second: headers, addresses, texts and
 * the bytes of all files.
 *
 * @module
 */

import { parseMessage, readParts } from "../../../src/mime/mod.ts";

/** By the contender's name: what reads one message. */
const READERS: Readonly<Record<string, () => Promise<(message: Uint8Array) => unknown>>> = {
  ours: () => Promise.resolve(whole),
  streaming: () => Promise.resolve(streamed),
  "postal-mime": async () => {
    const { default: PostalMime } = await import("postal-mime");
    return (message) => PostalMime.parse(message);
  },
  mailparser: async () => {
    const { simpleParser } = await import("mailparser");
    const { Buffer } = await import("node:buffer");
    const options = {
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipTextLinks: true,
      skipImageLinks: true,
    };
    return (message) =>
      simpleParser(Buffer.from(message.buffer, message.byteOffset, message.length), options);
  },
};

function whole(message: Uint8Array): number {
  const root = parseMessage(message);
  let size = root.header.addresses("from").length + root.header.addresses("to").length;
  size += (root.header.text("subject")?.length ?? 0) + (root.header.date === undefined ? 0 : 1);
  for (const part of root.walk()) {
    if (part.kind === "leaf") {
      size += part.type.startsWith("text/") ? part.text.length : part.content.length;
    }
  }
  return size;
}

/** In pieces of 64 KiB, as from a socket; no content is kept. */
async function streamed(message: Uint8Array): Promise<number> {
  function* pieces() {
    for (let at = 0; at < message.length; at += 65_536) yield message.subarray(at, at + 65_536);
  }
  let size = 0;
  for await (const part of readParts(pieces())) {
    for await (const piece of part.content()) size += piece.length;
  }
  return size;
}

const [name = "", folder = ""] = Deno.args;
const messages: Uint8Array[] = [];
for (const { name } of Deno.readDirSync(folder)) {
  messages.push(Deno.readFileSync(`${folder}/${name}`));
}
const read = await READERS[name]!();
// Once without being timed: all have compiled their code then.
await read(messages[0]!);
const start = performance.now();
for (const message of messages) await read(message);
const bytes = messages.reduce((sum, { length }) => sum + length, 0);
console.log(bytes / 1000 / (performance.now() - start));
