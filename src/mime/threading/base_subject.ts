/**
 * Subjects without what replies and forwards add (RFC 5256 §2.1).
 *
 * @module
 */

import { trimBlanks } from "../../net/internal.ts";

/** Rounds of removal. */
const MAX_ROUNDS = 100;
/** Longest subject that is looked at, in characters. */
const MAX_LENGTH = 2000;

/** A subject in comparable form. */
export interface BaseSubject {
  /** The base subject, in lower case. */
  readonly text: string;
  /** Whether the message is a reply or a forward, by its subject. */
  readonly isReply: boolean;
}

/**
 * Finds the base subject.
 *
 * @param subject The subject, decoded and unfolded.
 * @returns The base subject.
 *
 * @example A reply
 * ```ts
 * import { baseSubject } from "./base_subject.ts";
 * if (baseSubject("Re: [list] Fwd: Hello (fwd)").text !== "hello") throw new Error();
 * ```
 */
export function baseSubject(subject: string): BaseSubject {
  let text = subject.slice(0, MAX_LENGTH).replaceAll(/[ \t]+/g, " ");
  text = trimBlanks(text);
  let isReply = false;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = text;
    // Steps 2 to 6 of the section.
    while (/\(fwd\)$/i.test(text)) {
      text = trimBlanks(text.slice(0, -5));
      isReply = true;
    }
    while (true) {
      const leader = /^(?:\[[^[\]]*\] *)*(?:re|fwd?) *(?:\[[^[\]]*\] *)?: */i.exec(text);
      if (leader === null) break;
      text = text.slice(leader[0].length);
      isReply = true;
    }
    const blob = /^\[[^[\]]*\] */.exec(text);
    if (blob !== null && blob[0].length < text.length) text = text.slice(blob[0].length);
    const wrapped = /^\[fwd:(.*)\]$/i.exec(text);
    if (wrapped !== null) {
      text = trimBlanks(wrapped[1]!);
      isReply = true;
    }
    if (text === before) break;
  }
  return { text: text.toLowerCase(), isReply };
}
