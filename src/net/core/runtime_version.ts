/**
 * Comparison of the runtime's version with the one that a feature requires.
 *
 * @module
 */

/** Version as major, minor and patch. */
export type RuntimeVersion = readonly [major: number, minor: number, patch: number];

/**
 * Compares the version of the runtime with the first one that has a feature.
 *
 * @param first First version that has it.
 * @param version Version of the runtime, such as `2.9.6`.
 * @returns Whether the runtime is that version or a later one.
 *
 * @example Ask before using a feature
 * ```ts
 * import { isRuntimeAtLeast } from "./runtime_version.ts";
 * if (!isRuntimeAtLeast([2, 9, 0], "2.10.1")) throw new Error("2.10 is later than 2.9");
 * ```
 */
export function isRuntimeAtLeast(
  first: RuntimeVersion,
  version: string = Deno.version.deno,
): boolean {
  const parts = version.split(/[.+-]/).slice(0, first.length).map(Number);
  const index = first.findIndex((part, i) => part !== parts[i]);
  return index < 0 || parts[index]! > first[index]!;
}
