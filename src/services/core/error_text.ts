/**
 * Unexpected errors as text for a log.
 *
 * @module
 */

/**
 * Describes an error with what caused it.
 *
 * @param error Anything that was thrown.
 * @returns Its name, message and causes in one line; of errors that are faults of a program, where it was thrown.
 */
export function describeError(error: unknown): string {
  const parts: string[] = [];
  for (let next = error; next !== undefined && parts.length < 5;) {
    if (!(next instanceof Error)) {
      parts.push(String(next));
      break;
    }
    const isFault = next instanceof TypeError || next instanceof RangeError ||
      next instanceof ReferenceError;
    const place = isFault ? /\n\s+(at [^\n]+)/.exec(next.stack ?? "")?.[1] : undefined;
    parts.push(`${next.name}: ${next.message}${place === undefined ? "" : ` ${place}`}`);
    next = next.cause;
  }
  return parts.join("; caused by ");
}
