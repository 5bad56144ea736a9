/**
 * Masks secrets in text that is shown.
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import type { Secret } from "../../../protocols/wire/mod.ts";

/** The secrets of a conversation. */
export class SecretMask {
  /** The longest first: one may be the beginning of another. */
  #secrets: string[] = [];

  /** Length of the longest secret, in UTF-16 units. */
  get maxLength(): number {
    return this.#secrets[0]?.length ?? 0;
  }

  /**
   * Adds a secret.
   * @param secret The secret.
   * @returns Its value, for sending it.
   * @throws {UsageError} If it holds control characters: it would be several lines, of which none could be masked.
   */
  add(secret: Secret): string {
    const value = secret.reveal();
    if (/\p{Cc}/u.test(value)) {
      throw new UsageError("a secret holds a line end or control characters");
    }
    if (value !== "" && !this.#secrets.includes(value)) {
      this.#secrets = [...this.#secrets, value].sort((a, b) => b.length - a.length);
    }
    return value;
  }

  /**
   * Masks the secrets in a text.
   * @param text Any text.
   */
  mask(text: string): string {
    return this.#secrets.reduce((masked, secret) => masked.replaceAll(secret, "********"), text);
  }
}
