/**
 * Commands on their way: literals wait for the server's consent where they must (RFC 9051 §4.3, RFC 7888).
 *
 * @module
 */

import { type LineWriter, UsageError } from "../../../net/mod.ts";
import { Secret, type Transcript } from "../../wire/mod.ts";
import type { CommandPiece, Literal } from "../codec/command_piece.ts";

/** How literals are sent: after consent, at once if they are small, or at once (RFC 7888). */
export type LiteralMode = "wait" | "small" | "any";

/** Maximum size of a literal that is sent at once in the mode `small` (RFC 7888 §5). */
const MAX_SMALL = 4096;

/** A command of which nothing was sent; its cause is the reason. */
export class UnsentError extends Error {
  /** @param cause The reason. */
  constructor(cause: unknown) {
    super("the command was not sent", { cause });
  }
}

/** Writes one command after the other. */
export class CommandWriter {
  readonly #writer: LineWriter;
  readonly #options: {
    readonly transcript: Transcript | undefined;
    readonly onWait: () => void;
  };
  /** Resolves when the server takes the literal that is to be sent. */
  #consent: PromiseWithResolvers<boolean> | undefined;

  /**
   * Writes to a connection.
   * @param writer Its writer.
   * @param options The transcript, and a callback for the moment from which the server must respond.
   */
  constructor(
    writer: LineWriter,
    options: { readonly transcript: Transcript | undefined; readonly onWait: () => void },
  ) {
    this.#writer = writer;
    this.#options = options;
  }

  /** Whether a literal waits for consent. */
  get isWaiting(): boolean {
    return this.#consent !== undefined;
  }

  /**
   * Ends the wait for consent.
   * @param isGiven Whether the server takes the literal.
   * @returns Whether one waited.
   */
  consent(isGiven: boolean): boolean {
    const consent = this.#consent;
    this.#consent = undefined;
    consent?.resolve(isGiven);
    return consent !== undefined;
  }

  /**
   * Ends the wait for consent, and the command.
   * @param error The reason.
   */
  abandon(error: unknown): void {
    this.#consent?.reject(error);
  }

  /**
   * Writes a command.
   * @param tag Its tag.
   * @param command Its name and arguments.
   * @param mode How literals are sent.
   * @throws {UnsentError} If nothing was sent; after any other error both sides are out of step.
   */
  async write(
    tag: string,
    command: { readonly verb: string; readonly pieces?: readonly CommandPiece[] },
    mode: LiteralMode,
  ): Promise<void> {
    const { verb, pieces = [] } = command;
    const { transcript } = this.#options;
    let text = `${tag} ${verb}`;
    let shown = text;
    let isSent = false;
    for (const piece of pieces.length > 0 ? [" ", ...pieces] : pieces) {
      if (typeof piece === "string" || piece instanceof Secret) {
        text += typeof piece === "string" ? piece : piece.reveal();
        shown += piece.toString();
        continue;
      }
      const isAtOnce = mode === "any" || mode === "small" && piece.size <= MAX_SMALL;
      const mark = `${piece.isBinary ? "~" : ""}{${piece.size}${isAtOnce ? "+" : ""}}`;
      this.#queueText(`${text}${mark}`, isSent);
      transcript?.record("C", shown + mark);
      isSent = true;
      text = shown = "";
      if (!isAtOnce && !await this.#consented()) return;
      await this.#writeLiteral(piece);
    }
    this.#queueText(text, isSent);
    transcript?.record("C", shown);
    await this.#writer.flush();
  }

  #queueText(text: string, isSent: boolean): void {
    try {
      this.#writer.queueLine(text);
    } catch (error) {
      this.#writer.discard();
      throw isSent ? error : new UnsentError(error);
    }
  }

  /** Waits until the server takes a literal; false if it refused the command. */
  async #consented(): Promise<boolean> {
    const { promise } = this.#consent = Promise.withResolvers();
    promise.catch(() => {});
    await this.#writer.flush();
    this.#options.onWait();
    return await promise;
  }

  async #writeLiteral({ size, content, isSecret }: Literal): Promise<void> {
    let left = size;
    for await (const piece of content) {
      left -= piece.length;
      if (left < 0) break;
      await this.#writer.writeSoon(piece);
    }
    // Half a literal would swallow the commands behind it.
    if (left !== 0) throw new UsageError(`a literal does not have the ${size} bytes promised`);
    if (!isSecret) this.#options.transcript?.recordBody("C", size);
  }
}
