/**
 * The time that conversations are given to end.
 *
 * @module
 */

/**
 * Waits for an end, but no longer.
 *
 * @param finished Settles at the end.
 * @param graceMs Milliseconds; `Infinity` waits for ever.
 */
export async function endsWithin(finished: Promise<unknown>, graceMs: number): Promise<void> {
  if (graceMs === Infinity) {
    await finished;
    return;
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const grace = new Promise<void>((resolve) => timer = setTimeout(resolve, graceMs));
  await Promise.race([finished, grace]);
  clearTimeout(timer);
}
