/**
 * Identifiers of articles (RFC 3977 §3.6, RFC 5536 §3.1.3).
 *
 * @module
 */

/** Longest identifier, in characters with its brackets. */
const MAX_LENGTH = 250;

/**
 * Checks whether a text can name an article in a command.
 *
 * @param text The text, with its brackets.
 * @returns Whether it begins with `<`, ends with `>`, and has printable ASCII other than these between.
 */
export function isMessageId(text: string): boolean {
  return text.length <= MAX_LENGTH && /^<[!-;=?-~]+>$/.test(text);
}
