/**
 * The name that a mistyped one most likely stands for.
 *
 * @module
 */

import { escapeControls, UsageError } from "../../net/mod.ts";

/**
 * Finds the nearest name by edit distance.
 *
 * @param typed The word as typed.
 * @param names The known words.
 * @returns The nearest, or undefined if none is near: more than a third of it, or three letters, differ.
 */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const word = typed.slice(0, 40);
  let best: string | undefined;
  let bestDistance = Math.min(3, Math.ceil(word.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(word, name);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}

/**
 * Says that a name is none of those that there are.
 *
 * @param kind The kind of thing that it should name, such as `service`.
 * @param name The word as typed.
 * @param names All that there are.
 */
export function unknownName(kind: string, name: string, names: readonly string[]): UsageError {
  const guess = nearest(name, names);
  return new UsageError(
    `unknown ${kind} "${escapeControls(name, { maxLength: 80 })}"; ` +
      (guess === undefined ? `there are ${names.join(", ")}` : `did you mean "${guess}"?`),
  );
}
