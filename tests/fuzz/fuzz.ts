/**
 * Looks for inputs that break a property, within a time; failures are saved, and replayed by the tests.
 *
 * @module
 */

import fc from "fast-check";
import { scriptArguments } from "../../scripts/arguments.ts";
import { PROPERTIES, type Property } from "./properties.ts";

const FOLDER = new URL("./failures/", import.meta.url);

/** An input that broke a property once. */
export interface SavedFailure {
  /** Which property. */
  readonly name: string;
  /** The bytes, in base64. */
  readonly input: string;
  /** Where they were cut. */
  readonly cuts: readonly number[];
  /** The error. */
  readonly error: string;
}

/** Inputs for one property: its words and any bytes, in any order, with places to cut them. */
export function inputsFor({ words, encoding }: Property): fc.Arbitrary<[Uint8Array, number[]]> {
  const known = words.map((word) =>
    encoding === "latin1"
      ? Uint8Array.from(word, (character) => character.charCodeAt(0))
      : new TextEncoder().encode(word)
  );
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...known) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 8 }) },
  );
  const input = fc.array(piece, { maxLength: 40 }).map((pieces) =>
    Uint8Array.from(pieces.flatMap((bytes) => [...bytes]))
  );
  return fc.tuple(input, fc.array(fc.nat(2000), { maxLength: 12 }));
}

/**
 * Tries inputs for a time.
 *
 * @param property Which property.
 * @param ms How long, in milliseconds.
 * @param seed Where chance begins.
 * @returns How many inputs were tried, and the smallest that broke it, if any did.
 */
export async function fuzz(
  property: Property,
  ms: number,
  seed: number,
): Promise<{ readonly runs: number; readonly failure?: SavedFailure }> {
  let runs = 0;
  const checked = fc.asyncProperty(inputsFor(property), async ([input, cuts]) => {
    runs++;
    await property.check(input, cuts);
  });
  const details = await fc.check(checked, {
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: ms,
    markInterruptAsFailure: false,
  });
  if (!details.failed || details.counterexample === null) return { runs };
  const [[input, cuts]] = details.counterexample;
  const error = String(details.errorInstance);
  return {
    runs,
    failure: { name: property.name, input: btoa(String.fromCharCode(...input)), cuts, error },
  };
}

/** Reads all failures that were saved. */
export async function savedFailures(): Promise<SavedFailure[]> {
  const failures: SavedFailure[] = [];
  try {
    for await (const { name } of Deno.readDir(FOLDER)) {
      failures.push(JSON.parse(await Deno.readTextFile(new URL(name, FOLDER))));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return failures;
}

/** Checks a property with an input that broke it once. */
export async function replay({ name, input, cuts }: SavedFailure): Promise<void> {
  const property = PROPERTIES.find((known) => known.name === name);
  if (property === undefined) throw new Error(`the property ${name} is gone`);
  await property.check(Uint8Array.from(atob(input), (c) => c.charCodeAt(0)), cuts);
}

async function main([seconds = "60", ...names]: readonly string[]): Promise<number> {
  const chosen = PROPERTIES.filter(({ name }) => names.length === 0 || names.includes(name));
  if (!(Number(seconds) > 0) || chosen.length === 0) {
    console.error(
      `usage: deno task fuzz [SECONDS [PROPERTY…]]\n${
        PROPERTIES.map(({ name }) => name).join(" ")
      }`,
    );
    return 2;
  }
  const seed = crypto.getRandomValues(new Int32Array(1))[0]!;
  console.log(`seed ${seed}`);
  let status = 0;
  for (const property of chosen) {
    const { runs, failure } = await fuzz(property, Number(seconds) * 1000 / chosen.length, seed);
    console.log(
      `${property.name.padEnd(28)}${String(runs).padStart(9)} inputs  ${failure ? "FAILED" : "ok"}`,
    );
    if (failure === undefined) continue;
    status = 1;
    await Deno.mkdir(FOLDER, { recursive: true });
    const file = new URL(`${property.name}-${crypto.randomUUID().slice(0, 8)}.json`, FOLDER);
    await Deno.writeTextFile(file, `${JSON.stringify(failure, undefined, 2)}\n`);
    console.log(`  ${failure.error}\n  saved in ${file.pathname}`);
  }
  return status;
}

if (import.meta.main) {
  const usage = "deno task fuzz [SECONDS [PROPERTY…]]";
  Deno.exit(await main(scriptArguments({ usage, operands: 100 }).operands));
}
