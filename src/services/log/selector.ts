/**
 * Selectors of messages, as in syslog.conf.
 *
 * @module
 */

import { UsageError } from "../../net/mod.ts";
import { FACILITIES, findFacility, findSeverity } from "../../reference/internal.ts";

/** Which severities are selected, a bit for each, by number of the facility. */
export type Selector = readonly number[];

const ALL = 0xff;

/**
 * Parses a selector: `mail,news.err;*.=debug;auth.none`. A severity selects itself and all that are more severe; with `=` itself only; with
 * `!` those that are less severe. Later parts change what earlier ones said of a facility.
 *
 * @param text The selector.
 * @returns The severities by facility.
 * @throws {UsageError} If it is malformed.
 *
 * @example Errors of mail
 * ```ts
 * import { parseSelector } from "./selector.ts";
 * const selector = parseSelector("mail.err");
 * if (selector[2] !== 0b1111) throw new Error(`${selector[2]}`);
 * ```
 */
export function parseSelector(text: string): Selector {
  const selected = FACILITIES.map(() => 0);
  const parts = text.split(";").map((part) => part.trim());
  // One at the end divides nothing.
  if (parts.length > 1 && parts.at(-1) === "") parts.pop();
  for (const part of parts) {
    const at = part.lastIndexOf(".");
    if (at < 0) throw malformed(part);
    const mask = maskOf(part.slice(at + 1).trim(), part);
    for (const name of part.slice(0, at).split(",")) {
      const facility = findFacility(name.trim());
      if (facility === undefined && name.trim() !== "*") throw malformed(part);
      for (const number of facility === undefined ? FACILITIES.keys() : [facility]) {
        selected[number] = mask.removes
          ? selected[number]! & mask.bits
          : selected[number]! | mask.bits;
      }
    }
  }
  return selected;
}

function maskOf(text: string, part: string): { readonly bits: number; readonly removes: boolean } {
  if (text === "*") return { bits: ALL, removes: false };
  if (text === "none" || text === "!*") return { bits: 0, removes: true };
  const [, sign = "", name = ""] = /^([=!]?=?)(.+)$/.exec(text) ?? [];
  const severity = findSeverity(name);
  if (severity === undefined || sign === "==") throw malformed(part);
  const own = 1 << severity;
  const severe = (own << 1) - 1;
  if (sign === "=") return { bits: own, removes: false };
  if (sign === "!=") return { bits: ALL & ~own, removes: true };
  if (sign === "!") return { bits: ALL & ~severe, removes: true };
  return { bits: severe, removes: false };
}

function malformed(part: string): UsageError {
  return new UsageError(
    `${
      JSON.stringify(part.slice(0, 100))
    } is not a selector: FACILITY.SEVERITY, such as mail.err or *.info`,
  );
}
