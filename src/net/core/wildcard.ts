/**
 * Patterns in which an asterisk stands for any characters.
 *
 * @module
 */

/**
 * Compiles a pattern, all of whose other characters match literally. The pieces between asterisks are found one after the other, each at
 * its first place: no pattern takes more time than its length times that of the text.
 *
 * @param pattern The pattern.
 * @param isWhole Whether it must match the whole text; its beginning otherwise.
 * @returns Whether a text matches.
 */
export function wildcard(pattern: string, isWhole = true): (text: string) => boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return (text) => isWhole ? text === first : text.startsWith(first);
  return (text) => {
    if (!text.startsWith(first)) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    if (!isWhole) return text.indexOf(last, at) >= 0;
    return text.length - last.length >= at && text.endsWith(last);
  };
}
