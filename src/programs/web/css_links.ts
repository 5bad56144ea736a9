/**
 * References of style sheets: `url()` and `@import` (CSS Syntax Level 3 §4).
 *
 * @module
 */

/** A reference. */
export interface CssLink {
  /** The URL as written, its escapes decoded. */
  readonly written: string;
  /** Whether it is another style sheet. */
  readonly isImport: boolean;
}

/** Maximum number of references of one style sheet. */
const MAX_LINKS = 100_000;

/** Comments and strings, so that nothing in them counts; what begins a URL or an import. */
const TOKEN =
  /\/\*[^]*?(?:\*\/|$)|"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?|@import\s+|\burl\(\s*(?:"((?:[^"\\\n]|\\[^])*)"|'((?:[^'\\\n]|\\[^])*)'|([^\s"'()\\]*(?:\\[^][^\s"'()\\]*)*))\s*/gi;

/**
 * Finds the references of a style sheet.
 *
 * @param css The style sheet, or the value of an attribute `style`.
 * @returns The references, in order; those within comments and strings do not count.
 *
 * @example An import and a picture
 * ```ts
 * import { cssLinks } from "./css_links.ts";
 * const links = cssLinks('@import "a.css"; body { background: url(b.png) /* url(c.png) *\/ }');
 * if (links.map(({ written }) => written).join() !== "a.css,b.png") throw new Error("not found");
 * ```
 */
export function cssLinks(css: string): CssLink[] {
  const links: CssLink[] = [];
  let isImport = false;
  for (const [token, double, single, bare] of css.matchAll(TOKEN)) {
    if (links.length >= MAX_LINKS) break;
    if (token.startsWith("/*")) continue;
    if (/^@import/i.test(token)) {
      isImport = true;
      continue;
    }
    const isUrl = /^url/i.test(token);
    const text = isUrl ? double ?? single ?? bare ?? "" : token.slice(1, -1);
    if (isUrl || isImport) {
      const written = unescape(text);
      if (written !== "") links.push({ written, isImport });
    }
    isImport = false;
  }
  return links;
}

function unescape(text: string): string {
  return text.replace(/\\(?:([\da-f]{1,6})\s?|(\n)|([^]))/gi, (_, hex, newline, char) => {
    if (newline !== undefined) return "";
    if (hex === undefined) return char;
    const code = parseInt(hex, 16);
    return code === 0 || code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code);
  });
}
