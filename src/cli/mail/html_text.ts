/**
 * Text for HTML that has none beside it.
 *
 * @module
 */

/** Longest HTML that is read, in characters; the rest is cut off, and the text says so. */
const MAX_HTML = 512 * 1024;
const CUT = "[…]";

/** How text is made of HTML. */
export interface HtmlTextOptions {
  /** Longest line where words allow it, in characters. @default {72} */
  readonly width?: number;
  /** What relative addresses of links are resolved against; they stay as they are if absent. */
  readonly baseUrl?: string;
  /** Whether the addresses of links are left out. @default {false} */
  readonly withoutLinks?: boolean;
}

/**
 * Writes HTML as text: paragraphs, lists, tables of data, links with their addresses.
 *
 * @param html The HTML.
 * @param options How it is written.
 * @returns Its text.
 */
export async function htmlText(
  html: string,
  { width = 72, baseUrl, withoutLinks = false }: HtmlTextOptions = {},
): Promise<string> {
  const { convert } = await import("html-to-text");
  const resolve = (address: string): string =>
    baseUrl !== undefined && URL.canParse(address, baseUrl)
      ? new URL(address, baseUrl).href
      : address;
  const text = convert(html.slice(0, MAX_HTML), {
    wordwrap: width,
    limits: { maxDepth: 100, ellipsis: CUT },
    selectors: [
      {
        selector: "a",
        options: {
          hideLinkHrefIfSameAsText: true,
          ignoreHref: withoutLinks,
          ...(baseUrl !== undefined && { pathRewrite: resolve }),
        },
      },
      // Pictures are files of the message, or watch who reads it.
      { selector: "img", format: "skip" },
      // Pages without the elements around it show it as text.
      { selector: "title", format: "skip" },
      ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({
        selector,
        options: { uppercase: false },
      })),
    ],
  });
  return html.length > MAX_HTML ? `${text}\n${CUT}` : text;
}
