/**
 * Text whose lines flow: `format=flowed` (RFC 3676).
 *
 * @module
 */

/**
 * Joins the lines of flowed text into its paragraphs.
 *
 * @param text The text in transfer form.
 * @param delSp Whether the parameter is `DelSp=yes`: then the space at a soft break is not part of the text.
 * @returns Paragraphs on one line each; quoted ones begin with a `>` for each depth and a space.
 *
 * @example A quoted paragraph
 * ```ts
 * import { parseFlowed } from "@netwright/netwright/mime";
 * if (parseFlowed("> one \r\n> two\r\nthree\r\n") !== "> one two\nthree\n") throw new Error("not joined");
 * ```
 */
export function parseFlowed(text: string, delSp: boolean = false): string {
  const paragraphs: string[] = [];
  let open: { readonly depth: number; words: string[] } | undefined;
  const close = () => {
    if (open === undefined) return;
    const quote = open.depth === 0 ? "" : `${">".repeat(open.depth)} `;
    paragraphs.push(quote + open.words.join(""));
    open = undefined;
  };
  for (const line of text.split(/\r?\n/)) {
    const depth = /^>*/.exec(line)![0].length;
    // A space after the quote, or before what would be taken for one, was stuffed.
    const content = line.slice(depth).replace(/^ /, "");
    // The line before a signature is not flowed, and ends an open paragraph.
    const signature = content === "-- ";
    const flows = content.endsWith(" ") && !signature;
    if (open !== undefined && (open.depth !== depth || signature)) close();
    open ??= { depth, words: [] };
    open.words.push(flows && delSp ? content.slice(0, -1) : content);
    if (!flows) close();
  }
  close();
  return paragraphs.join("\n");
}

/**
 * Breaks paragraphs into flowed lines.
 *
 * @param text Paragraphs, one on each line; those that begin with `>` are quoted.
 * @param width Longest line, in characters, where words allow it. @default {72}
 * @returns Lines with LF, to be sent with `format=flowed`.
 */
export function formatFlowed(text: string, width: number = 72): string {
  return text.split("\n").map((paragraph) => flowed(paragraph, width)).join("\n");
}

function flowed(paragraph: string, width: number): string {
  const quote = /^>*/.exec(paragraph)![0];
  const content = quote === "" ? paragraph : paragraph.slice(quote.length).replace(/^ /, "");
  const prefix = quote === "" ? "" : `${quote} `;
  if (content === "-- ") return prefix + content;
  const lines: string[] = [];
  let line = "";
  // A paragraph's own last spaces would make it flow into the next.
  for (const word of content.replace(/ +$/, "").split(/(?<= )(?=[^ ])/)) {
    if (line !== "" && prefix.length + line.length + word.trimEnd().length > width) {
      lines.push(line);
      line = "";
    }
    line += word;
  }
  lines.push(line);
  const stuff = (line: string) => quote !== "" || /^(?:[ >]|From )/.test(line) ? ` ${line}` : line;
  return lines.map((line) => quote + stuff(line)).join("\n");
}
