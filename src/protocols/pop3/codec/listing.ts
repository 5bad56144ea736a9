/**
 * Lines of the responses to STAT, LIST and UIDL (RFC 1939 §5, §7).
 *
 * @module
 */

/** Totals of a mailbox. */
export interface Pop3Totals {
  /** Number of messages. */
  readonly messages: number;
  /** Size of all messages, in bytes. */
  readonly bytes: number;
}

/** A message and its size. */
export interface Pop3Size {
  /** Number of the message in this session, from 1. */
  readonly number: number;
  /** Its size, in bytes. */
  readonly bytes: number;
}

/** A message and its unique identifier. */
export interface Pop3Uid {
  /** Number of the message in this session, from 1. */
  readonly number: number;
  /** Its unique identifier, the same in every session: RFC 1939 allows printable ASCII without spaces, some servers send more. */
  readonly uid: string;
}

/** Longest identifier that is taken; RFC 1939 allows 70. */
const MAX_UID_LENGTH = 500;

/**
 * Parses `2 320`, as in the response to STAT.
 *
 * @param text The response without its status.
 * @returns The totals; undefined if it is malformed.
 */
export function parseTotals(text: string): Pop3Totals | undefined {
  const [messages, bytes] = twoNumbers(text) ?? [];
  return messages === undefined || bytes === undefined ? undefined : { messages, bytes };
}

/**
 * Parses `1 120`, as in the response to LIST.
 *
 * @param line The line; text after the numbers is ignored, as RFC 1939 requires.
 * @returns The message; undefined if it is malformed.
 */
export function parseSize(line: string): Pop3Size | undefined {
  const [number, bytes] = twoNumbers(line) ?? [];
  return number === undefined || bytes === undefined || number < 1 ? undefined : { number, bytes };
}

function twoNumbers(text: string): [number, number] | undefined {
  const [, one, other] = /^[ \t]*(\d{1,9})[ \t]+(\d{1,15})(?:[ \t].*)?$/s.exec(text) ?? [];
  return one === undefined ? undefined : [Number(one), Number(other)];
}

/**
 * Parses `1 whqtswO00WBw418f9t5JxYwZ`, as in the response to UIDL.
 *
 * @param line The line.
 * @returns The message; undefined if it is malformed.
 */
export function parseUid(line: string): Pop3Uid | undefined {
  const [, digits, uid] =
    /^[ \t]*(\d{1,9})[ \t]+([^\p{C}\s](?:[^\p{C}]*[^\p{C}\s])?)[ \t]*$/u.exec(line) ??
      [];
  const number = Number(digits);
  if (uid === undefined || uid.length > MAX_UID_LENGTH || number < 1) return undefined;
  return { number, uid };
}
