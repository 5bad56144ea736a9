/**
 * Refusals of commands and articles.
 *
 * @module
 */

/** A command or an article is refused; the session continues. */
export class Refusal extends Error {
  /** The code of the reply. */
  readonly code: number;

  constructor(code: number, reason: string) {
    super(reason);
    this.code = code;
  }
}

/** A text broke off after its reply: only the end of the connection shows that. */
export class BrokenText extends Error {}

/** An article cannot be taken, and never will be. */
export class Unacceptable extends Error {}
