/**
 * Medians and tables for the benchmarks.
 *
 * @module
 */

/** A contender: its name, and a run that resolves to its measurement (larger is better). */
export interface Contender {
  /** As the table shows it. */
  readonly name: string;
  /** One run. */
  run(): Promise<number>;
}

/** The middle one of several numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/**
 * Runs the contenders in turn, so that what disturbs the machine disturbs all of them, and prints their
 * medians with the ratio of the first one to each.
 *
 * @param title The measure, with its unit.
 * @param contenders The first is ours.
 * @param rounds How often each runs.
 */
export async function compare(
  title: string,
  contenders: readonly Contender[],
  rounds = 5,
): Promise<void> {
  const results = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      results[index]!.push(await contender.run());
    }
  }
  const medians = results.map(median);
  console.log(`\n${title}, median of ${rounds}`);
  for (const [index, { name }] of contenders.entries()) {
    const value = medians[index]!;
    const ratio = medians[0]! / value;
    console.log(
      `  ${name.padEnd(34)}${value.toFixed(value < 100 ? 1 : 0).padStart(10)}` +
        (index === 0 ? "" : `   ours is ${ratio.toFixed(2)} times as fast`),
    );
  }
}
