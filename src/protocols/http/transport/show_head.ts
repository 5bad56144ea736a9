/**
 * Heads in transcripts.
 *
 * @module
 */

import { trimBlanks } from "../../../net/internal.ts";
import type { Speaker, Transcript } from "../../wire/mod.ts";

/** Fields whose values are secrets, or may be by their names. */
const SECRETS = /^(?:set-)?cookie$|auth|token|secret|key|password|session|credential/;
/** Fields that only sound so. */
const PUBLIC = /^(?:(?:www|proxy)-authenticate|sec-websocket-key|keep-alive|public-key-pins)$/;

/**
 * Records a head, its secrets masked.
 *
 * @param transcript Where; nothing happens if it is absent.
 * @param speaker Who sent it.
 * @param lines Lines, or fields.
 */
export function showHead(
  transcript: Transcript | undefined,
  speaker: Speaker,
  lines: Iterable<string | readonly [name: string, value: string]>,
): void {
  if (transcript === undefined) return;
  for (const line of lines) {
    const text = typeof line === "string" ? line : `${line[0]}: ${line[1]}`;
    transcript.record(speaker, masked(text));
  }
  transcript.record(speaker, "");
}

/** The scheme of a login stays, and the name of a cookie. */
function masked(line: string): string {
  const colon = line.indexOf(":");
  const name = line.slice(0, colon).toLowerCase();
  if (!SECRETS.test(name) || PUBLIC.test(name) || name.includes(" ")) return line;
  const value = trimBlanks(line.slice(colon + 1));
  if (name.endsWith("authorization")) {
    return `${line.slice(0, colon)}: ${value.split(" ", 1)[0]} ********`;
  }
  if (name === "cookie") {
    return `${line.slice(0, colon)}: ${
      value.split("; ").map((pair) => `${pair.split("=", 1)[0]}=********`).join("; ")
    }`;
  }
  if (name !== "set-cookie") return `${line.slice(0, colon)}: ********`;
  const [pair = "", ...attributes] = value.split(";");
  return `${line.slice(0, colon)}: ${
    [`${pair.split("=", 1)[0]}=********`, ...attributes].join(";")
  }`;
}
