/**
 * Facts kept about a page: its anchors, and a number by which equal pages are recognised.
 *
 * @module
 */

import type { ReadDocument } from "../sources/document.ts";

/** Size of all anchors of a page in characters, beyond which its fragments are not checked. */
const MAX_ANCHORS = 2 * 1024 * 1024;

/** Formats anchors, one a line; undefined if they are too large to be kept. */
export function anchorLines(anchors: ReadonlySet<string>): string | undefined {
  let text = "";
  for (const name of anchors) {
    if (name === "" || /[\r\n]/.test(name)) continue;
    text += text === "" ? name : `\n${name}`;
    if (text.length > MAX_ANCHORS) return undefined;
  }
  return text;
}

/** Computes a number that pages with the same title and links share, of 53 bits; undefined without links. */
export function twinOf({ host }: URL, { links, title }: ReadDocument): number | undefined {
  if (links.length === 0) return undefined;
  let [one, two] = [0x9e3779b9, 0x85ebca6b];
  const mix = (text: string): void => {
    for (let at = 0; at < text.length && at < 500; at++) {
      const code = text.charCodeAt(at);
      one = Math.imul(one ^ code, 2654435761);
      two = Math.imul(two ^ code, 1597334677);
    }
    one = Math.imul(one ^ (one >>> 15), 2246822507);
    two = Math.imul(two ^ (two >>> 13), 3266489909);
  };
  mix(`${host} ${links.length}`);
  mix(title);
  for (const { written } of links.slice(0, 50)) mix(written);
  return (two >>> 11) * 2 ** 32 + (one >>> 0);
}
