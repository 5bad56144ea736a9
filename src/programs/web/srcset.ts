/**
 * Pictures in several sizes: the attribute `srcset` (WHATWG HTML §4.8.4.2).
 *
 * @module
 */

/** One candidate. */
export interface PictureCandidate {
  /** Its URL as written. */
  readonly url: string;
  /** How large it is: a width in pixels, or a density; 1 if it does not say. */
  readonly size: number;
}

/** Most candidates of one picture. */
const MAX_CANDIDATES = 100;

/**
 * Reads the candidates of a picture. A comma may be part of a URL, but not its end.
 *
 * @param text The attribute's value.
 * @returns The candidates, in order.
 *
 * @example Two widths
 * ```ts
 * import { parseSrcset } from "./srcset.ts";
 * const urls = parseSrcset("a.png 320w, b,c.png 2x,d.png").map(({ url }) => url);
 * if (urls.join(" ") !== "a.png b,c.png d.png") throw new Error(urls.join(" "));
 * ```
 */
export function parseSrcset(text: string): PictureCandidate[] {
  const candidates: PictureCandidate[] = [];
  const start = /[\s,]*/y;
  const word = /\S+/y;
  const descriptors = /[^,(]*(?:\([^)]*\)[^,(]*)*/y;
  for (let at = 0; candidates.length < MAX_CANDIDATES;) {
    start.lastIndex = at;
    at += start.exec(text)![0].length;
    word.lastIndex = at;
    const url = word.exec(text)?.[0];
    if (url === undefined) break;
    at += url.length;
    const bare = url.replace(/,+$/, "");
    if (bare !== url) {
      candidates.push({ url: bare, size: 1 });
      continue;
    }
    descriptors.lastIndex = at;
    const given = descriptors.exec(text)?.[0] ?? "";
    at += given.length;
    const [, size = "1"] = /(?:^|\s)(\d+(?:\.\d+)?)[wx](?:\s|$)/.exec(given) ?? [];
    candidates.push({ url, size: Number(size) });
  }
  return candidates;
}
