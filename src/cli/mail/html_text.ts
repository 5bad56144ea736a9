/**
 * Text for HTML that has none beside it.
 *
 * @module
 */

import { readHtml } from "../../programs/web/mod.ts";

/** Longest HTML that is read, in characters; the rest is cut off, and the text says so. */
const MAX_HTML = 512 * 1024;
const CUT = "[…]";

/** How text is made of HTML. */
export interface HtmlTextOptions {
  /** Longest line where words allow it, in characters. @default {72} */
  readonly width?: number;
  /** What relative addresses of links are resolved against; they stay as they are if absent. */
  readonly baseUrl?: string;
  /** Longest HTML that is read, in characters. @default {524288} */
  readonly maxLength?: number;
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
  { width = 72, baseUrl, maxLength = MAX_HTML, withoutLinks = false }: HtmlTextOptions = {},
): Promise<string> {
  const flat = await flatText(html.slice(0, maxLength));
  if (flat !== undefined) return flat;
  const { convert } = await import("html-to-text");
  const resolve = (address: string): string =>
    baseUrl !== undefined && URL.canParse(address, baseUrl)
      ? new URL(address, baseUrl).href
      : address;
  const text = convert(html.slice(0, maxLength), {
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
  return html.length > maxLength ? `${text}\n${CUT}` : text;
}

/** The texts of HTML that is so deep that it is no document, but an attempt to keep its readers busy. */
async function flatText(html: string): Promise<string | undefined> {
  let [depth, deepest] = [0, 0];
  let inCode = false;
  const texts: string[] = [];
  await readHtml(html, {
    open(name) {
      if (!VOID.has(name)) deepest = Math.max(deepest, ++depth);
      inCode = name === "script" || name === "style";
    },
    close(name) {
      if (!VOID.has(name)) depth = Math.max(0, depth - 1);
      inCode = false;
    },
    text(text) {
      if (!inCode) texts.push(text);
    },
  });
  return deepest > MAX_DEPTH ? texts.join(" ").replace(/\s+/g, " ").trim() : undefined;
}

/** No document has more elements one inside the other. */
const MAX_DEPTH = 2000;
/** Elements without an end. */
const VOID: ReadonlySet<string> = new Set(
  "area base br col embed hr img input link meta p li tr td th dd dt option source track wbr".split(
    " ",
  ),
);
