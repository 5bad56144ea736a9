/**
 * Header fields that the user gives.
 *
 * @module
 */

import { toByteString } from "../../net/internal.ts";
import { UsageError } from "../../net/mod.ts";

/**
 * Reads `--header`.
 *
 * @param text A name, a colon and a value; or a name and a semicolon for an empty one.
 * @returns Name and value; without a value the field is not sent.
 * @throws {UsageError} If it is malformed.
 */
export function parseField(text: string): [string, string] {
  // A semicolon at the end is how curl has a field without a value.
  const isEmpty = /^[^:;]+;$/.test(text);
  const colon = isEmpty ? text.length - 1 : text.indexOf(":");
  if (colon <= 0) {
    throw new UsageError("--header takes NAME:VALUE; NAME: leaves it out, NAME; sends it empty");
  }
  const name = text.slice(0, colon).trim();
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) {
    throw new UsageError(`--header: ${JSON.stringify(name)} is not the name of a field`);
  }
  const value = text.slice(colon + 1).trim();
  refuseControls(value, `--header ${name}`);
  return [name, isEmpty ? " " : toByteString(value)];
}

/**
 * Refuses what would end a field.
 *
 * @param value The value.
 * @param what The option, for the error.
 * @throws {UsageError} If it holds a control character.
 */
export function refuseControls(value: string, what: string): void {
  // deno-lint-ignore no-control-regex -- just these must not be there
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) {
    throw new UsageError(`${what} holds a control character or an end of line`);
  }
}

/**
 * Reads `--cookie`.
 *
 * @param cookies The values of the option.
 * @returns The field; none without cookies.
 * @throws {UsageError} If one is malformed.
 */
export function cookieFields(cookies: readonly string[]): [string, string][] {
  if (cookies.length === 0) return [];
  const pairs = cookies.flatMap((one) => one.split(/;\s*/)).filter((one) => one !== "");
  const wrong = pairs.find((one) => !/^[^=;,\s]+=[^;]*$/.test(one));
  if (wrong !== undefined) throw new UsageError("--cookie takes NAME=VALUE");
  for (const pair of pairs) refuseControls(pair, "--cookie");
  return [["Cookie", pairs.map(toByteString).join("; ")]];
}
