/**
 * Parts of the language as of the time when this module was loaded.
 *
 * The socket calls go on working after every permission has been revoked, in a thread that may run hostile code. What
 * such code replaces later, a class such as `Uint8Array` or a method of it, must not decide how many bytes the system
 * writes, or where. So code that hands memory to the system uses only the exports of this module, elements of typed arrays,
 * and private fields: no method, no getter, no iterator, no destructuring of an array.
 *
 * @module
 */

const { apply } = Reflect;
const { then } = Promise.prototype;
const TypedArray = Object.getPrototypeOf(Uint8Array);

/** `Uint8Array`. */
export const Bytes = Uint8Array;
/** `Int32Array`. */
export const Ints = Int32Array;
/** `Uint32Array`. */
export const Words = Uint32Array;
/** `ArrayBuffer`. */
export const Memory = ArrayBuffer;
/** `Number`. */
export const toNumber = Number;
/** `BigInt`. */
export const toBigInt = BigInt;
/** `Math.floor`. */
export const { floor } = Math;

const byteLength = Object.getOwnPropertyDescriptor(TypedArray.prototype, "byteLength")!.get!;
const { subarray, set } = TypedArray.prototype as Uint8Array;
const NOTHING: readonly unknown[] = [];

/**
 * Gives the true length of a typed array, whatever has been done to it or its class.
 *
 * @param array The array; anything else throws.
 * @returns Bytes.
 */
export function trueLength(array: Uint8Array): number {
  return apply(byteLength, array, NOTHING);
}

/**
 * Gives the true length of a typed array, as the system takes it.
 *
 * @param array The array; anything else throws.
 * @returns Bytes.
 */
export function bigLength(array: Uint8Array): bigint {
  return toBigInt(apply(byteLength, array, NOTHING));
}

/** Gives a part of an array, as `subarray` does. */
export function part(
  array: Uint8Array<ArrayBuffer>,
  begin: number,
  end: number,
): Uint8Array<ArrayBuffer> {
  return apply(subarray, array, [begin, end]) as Uint8Array<ArrayBuffer>;
}

/** Copies bytes into an array, as `set` does. */
export function copyInto(array: Uint8Array<ArrayBuffer>, bytes: Uint8Array, at: number): void {
  apply(set, array, [bytes, at]);
}

/**
 * Calls back with the result of one of the system's calls, whatever has been done to promises meanwhile.
 *
 * @param result A promise of the runtime.
 * @param done Called with its value.
 */
export function whenDone(result: Promise<number>, done: (value: number) => void): void {
  apply(then, result, [done]);
}

/** Makes an array with one number in it. */
export function oneInt(value: number): Int32Array<ArrayBuffer> {
  const array = new Ints(1);
  array[0] = value;
  return array;
}

/** Makes an array with one number in it, which has no sign. */
export function oneWord(value: number): Uint32Array<ArrayBuffer> {
  const array = new Words(1);
  array[0] = value;
  return array;
}
