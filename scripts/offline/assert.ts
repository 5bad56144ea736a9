/**
 * A stand-in for `@std/assert` where JSR is out of reach: the same signatures for the functions that the tests use.
 *
 * @module
 */

import nodeAssert from "node:assert/strict";

/** Fails unless the value is truthy. */
export function assert(value: unknown, message?: string): asserts value {
  nodeAssert.ok(value, message as string);
}

/** Fails unless both are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.deepEqual(actual, expected, message as string);
}

/** Fails unless the text matches. */
export function assertMatch(actual: string, expected: RegExp, message?: string): void {
  nodeAssert.match(actual, expected, message as string);
}

/** Fails unless the text contains the part. */
export function assertStringIncludes(actual: string, expected: string, message?: string): void {
  nodeAssert.ok(
    actual.includes(expected),
    message ?? `${JSON.stringify(actual)} lacks ${expected}`,
  );
}

/** Fails unless the value is an instance of the class. */
export function assertInstanceOf<T>(
  actual: unknown,
  // deno-lint-ignore no-explicit-any -- any constructor fits, as in the original
  expected: abstract new (...args: any[]) => T,
  message?: string,
): asserts actual is T {
  nodeAssert.ok(actual instanceof expected, message ?? `not a ${expected.name}: ${actual}`);
}

/** Fails unless the function throws an error of the class, its message containing the part. */
export function assertThrows<E extends Error>(
  fn: () => unknown,
  // deno-lint-ignore no-explicit-any -- any constructor fits, as in the original
  errorClass: abstract new (...args: any[]) => E,
  includes = "",
): E {
  try {
    fn();
  } catch (error) {
    assertInstanceOf(error, errorClass);
    assertStringIncludes(error.message, includes);
    return error;
  }
  throw new nodeAssert.AssertionError({ message: `expected ${errorClass.name} to be thrown` });
}

/** Fails unless the promise rejects with an error of the class, its message containing the part. */
export async function assertRejects<E extends Error>(
  fn: () => PromiseLike<unknown>,
  // deno-lint-ignore no-explicit-any -- any constructor fits, as in the original
  errorClass: abstract new (...args: any[]) => E,
  includes = "",
): Promise<E> {
  try {
    await fn();
  } catch (error) {
    return assertThrows(
      () => {
        throw error;
      },
      errorClass,
      includes,
    );
  }
  throw new nodeAssert.AssertionError({ message: `expected a rejection: ${errorClass.name}` });
}
