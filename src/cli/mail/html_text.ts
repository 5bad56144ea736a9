/**
 * Text for HTML that has none beside it.
 *
 * @module
 */

/** Longest HTML that is read, in characters; the rest is cut off, and the text says so. */
const MAX_HTML = 512 * 1024;
const CUT = "[…]";

/**
 * Writes HTML as text: paragraphs, lists, tables of data, links with their addresses.
 *
 * @param html The HTML.
 * @returns Its text, in lines of 72 characters where words allow it.
 */
export async function htmlText(html: string): Promise<string> {
  const { convert } = await import("html-to-text");
  const text = convert(html.slice(0, MAX_HTML), {
    wordwrap: 72,
    limits: { maxDepth: 100, ellipsis: CUT },
    selectors: [
      { selector: "a", options: { hideLinkHrefIfSameAsText: true, ignoreHref: false } },
      // Pictures are files of the message, or watch who reads it.
      { selector: "img", format: "skip" },
      ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({
        selector,
        options: { uppercase: false },
      })),
    ],
  });
  return html.length > MAX_HTML ? `${text}\n${CUT}` : text;
}
