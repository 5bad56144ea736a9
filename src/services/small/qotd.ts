/**
 * Sends a quote (RFC 865).
 *
 * @module
 */

import { NetwrightError, writeAll } from "../../net/mod.ts";
import { readTextFile } from "../../stores/internal.ts";
import type { ServiceModule } from "../core/service.ts";

/** Longest quote that the RFC allows, in characters with line ends. */
const MAX_LENGTH = 512;

/** Said long before there were copyrights on it. */
const QUOTES = [
  "Better one sure message than two that may arrive.\n",
  "Haste in every business brings failures. (Herodotus)\n",
  "The beginning is the most important part of the work. (Plato)\n",
  "It is quality rather than quantity that matters. (Seneca)\n",
  "What is written without effort is in general read without pleasure. (Samuel Johnson)\n",
];

/** Where quotes come from. */
interface Quotes {
  /** The file; undefined for our own. */
  readonly file: string | undefined;
}

/** The quote of the day. */
export const service: ServiceModule<Quotes> = {
  name: "qotd",
  summary: "send the quote of the day (RFC 865)",
  port: 17,
  options: { file: { value: "FILE", help: "quotes, a line with % between them" } },
  parse: ({ options: { file } }) => ({ file }),
  capabilities: ({ file }) => file === undefined ? {} : { read: [file] },
  async stream(configuration) {
    const choose = await chooser(configuration);
    return {
      name: "qotd",
      async handle(connection, { now }): Promise<void> {
        await writeAll(connection, choose(now()));
      },
    };
  },
  async datagram(configuration) {
    const choose = await chooser(configuration);
    return { name: "qotd", reply: (_message, _sender, { now }) => choose(now()) };
  },
};

async function chooser({ file }: Quotes): Promise<(now: Date) => Uint8Array> {
  const quotes = (file === undefined ? QUOTES : parseQuotes(await readTextFile(file), file))
    .map((quote) => new TextEncoder().encode(quote.replaceAll("\n", "\r\n")));
  // The same all day, as the name says.
  return (now) => quotes[Math.floor(now.getTime() / 86_400_000) % quotes.length]!;
}

/** Reads the form of `fortune`: quotes with a line of one percent sign between them. */
function parseQuotes(text: string, file: string): string[] {
  const quotes = text.replaceAll("\r\n", "\n").split(/^%$\n?/m)
    .filter((quote) => quote.trim() !== "")
    .map((quote) => quote.endsWith("\n") ? quote : `${quote}\n`);
  const long = quotes.findIndex((quote) => quote.replaceAll("\n", "\r\n").length > MAX_LENGTH);
  if (quotes.length > 0 && long < 0) return quotes;
  throw new NetwrightError(
    quotes.length === 0
      ? "the file holds no quote"
      : `quote ${long + 1} is longer than ${MAX_LENGTH} characters`,
    { operation: "read quotes", peer: file },
  );
}
