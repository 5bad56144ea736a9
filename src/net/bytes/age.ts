/**
 * Ages as people write them.
 *
 * @module
 */

const AGES_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/**
 * Parses an age, such as `12h` or `7d`.
 *
 * @param text A number with `m`, `h`, `d` or `w`.
 * @returns The age in milliseconds; undefined if it is none.
 */
export function parseAge(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * AGES_MS[unit]!;
}
