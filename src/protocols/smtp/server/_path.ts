/**
 * Reads the arguments of MAIL and RCPT (RFC 5321 §4.1.2).
 *
 * @module
 */
import { trimBlanks } from "../../../net/internal.ts";

/** A path and the parameters after it. */
export interface PathArgument {
  /** The address; empty for the null path. */
  readonly address: string;
  /** Parameters by their keywords in upper case; of those without a value it is empty. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** A route, the address in quotes or not, and the rest. Each alternative begins with another character: it is linear. */
const PATH =
  /^<(?:@[^\s:<>]{1,500}:)?((?:"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*"|[^\s<>"@\x00-\x1f\x7f]+)(?:@(?:\[[^\]\s<>]+\]|[^\s<>@[\]"\x00-\x1f\x7f]+))?)?>(?: +(.*))?$/;

/** Longest path, with its brackets (RFC 5321 §4.5.3.1.3); more for those in UTF-8. */
const MAX_PATH = 512;

/**
 * Reads an argument.
 *
 * @param argument What follows the verb.
 * @param keyword `FROM` or `TO`.
 * @returns The path; undefined if it is malformed.
 */
export function parsePath(argument: string, keyword: "FROM" | "TO"): PathArgument | undefined {
  if (argument.slice(0, keyword.length + 1).toUpperCase() !== `${keyword}:`) return undefined;
  const rest = trimBlanks(argument.slice(keyword.length + 1));
  const [, address = "", words = ""] = PATH.exec(rest) ?? [undefined];
  if (!PATH.test(rest) || address.length > MAX_PATH) return undefined;
  const parameters = new Map<string, string>();
  for (const word of words.split(" ").filter((word) => word !== "")) {
    const [, name, value = ""] = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:=([!-<>-~]+))?$/.exec(word) ?? [];
    if (name === undefined || parameters.has(name.toUpperCase())) return undefined;
    parameters.set(name.toUpperCase(), value);
  }
  return { address, parameters };
}
