/**
 * Delivery of messages to where other programs read them: a Maildir, an mbox, or files.
 *
 * @module
 */

/** A message that was delivered. */
export interface Delivered {
  /** The file. */
  readonly path: string;
  /** Number of bytes written. */
  readonly bytes: number;
}

/** Facts of a message beside its text. */
export interface DeliveredFacts {
  /** Its flags, in IMAP's words; a Maildir keeps those of the system. */
  readonly flags?: Iterable<string> | undefined;
  /** When the server received it. */
  readonly received?: Date | undefined;
}

/**
 * A place for messages. Each message has a key, such as its server and identifier: it is delivered once, also if an
 * attempt was broken off at any moment.
 */
export interface MailDelivery {
  /**
   * Checks whether a message is there already.
   * @param key The message's key.
   * @returns Whether it has been delivered, as far as can be seen here.
   */
  has(key: string): boolean;
  /**
   * Delivers a message: whole or not at all.
   * @param key The message's key.
   * @param text The message, lines ending with CRLF; if it throws, nothing is delivered.
   * @param facts Further facts; some places cannot keep them.
   * @returns Where it is. It survives a crash of the system after {@link sync}.
   */
  deliver(
    key: string,
    text: AsyncIterable<Uint8Array>,
    facts?: DeliveredFacts,
  ): Promise<Delivered>;
  /**
   * Takes note that a delivery was recorded elsewhere, so that {@link has} need not know it after a crash.
   * @param key The message's key.
   */
  recorded(key: string): Promise<void>;
  /** Waits until all deliveries are on the disk. */
  sync(): Promise<void>;
  /** Releases all locks. */
  close(): void;
}

/**
 * Makes a word of a key that is safe in file names.
 *
 * @param key Any text.
 * @returns 32 hexadecimal digits.
 */
export async function keyDigest(key: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return new Uint8Array(digest).toHex().slice(0, 32);
}
