/**
 * Amounts of bytes as people write them.
 *
 * @module
 */

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
};

/**
 * Reads an amount of bytes.
 *
 * @param text `4096`, `64K`, `10MB` or `1.5GiB`; a K is 1024.
 * @returns Whole bytes; undefined if it is no such amount.
 */
export function parseByteAmount(text: string): number | undefined {
  const [, digits, unit = ""] = /^(\d{1,15}(?:\.\d{1,6})?)(?:([kmgt])(?:i?b)?|b)?$/i.exec(text) ??
    [];
  if (digits === undefined) return undefined;
  const bytes = Math.floor(Number(digits) * UNITS[unit.toLowerCase()]!);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
