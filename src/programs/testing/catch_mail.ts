/**
 * A mail server for tests: it takes all mail, keeps it, and lets a test wait for it.
 *
 * @module
 */

import { type Entity, parseMessage } from "../../mime/mod.ts";
import { checkOptions, type OptionRules, toBytes } from "../../net/internal.ts";
import {
  Deadline,
  formatEndpoint,
  type HostEndpoint,
  LimitError,
  type Network,
  TimeoutError,
  type WaitOptions,
} from "../../net/mod.ts";
import type { SaslUsers } from "../../protocols/sasl/mod.ts";
import {
  handleSmtp,
  type IncomingMessage,
  type SmtpClientFacts,
  type SmtpServerOptions,
} from "../../protocols/smtp/mod.ts";
import { type PortServer, serve } from "../../servers/mod.ts";
import type { Service } from "../../services/mod.ts";

/** A message that was caught. */
export interface CaughtMail {
  /** The sender in the envelope; empty for a report. */
  readonly from: string;
  /** The recipients in the envelope that were accepted. */
  readonly to: readonly string[];
  /** The message as it came, behind the server's own trace. */
  readonly bytes: Uint8Array;
  /** The same, parsed. */
  readonly message: Entity;
  /** The sender. */
  readonly client: SmtpClientFacts;
}

/** How {@link catchMail} catches. */
export interface CatchMailOptions {
  /** Where it listens. @default {the system's network, on loopback} */
  readonly network?: Network | undefined;
  /** Certificate and key in PEM, for STARTTLS. */
  readonly tls?: SmtpServerOptions["tls"];
  /** Who may log in, in clear text too; AUTH is not offered without it. */
  readonly users?: SaslUsers | undefined;
  /** Judges a recipient, and throws an `SmtpReject` for one that is refused. @default {all are accepted} */
  readonly recipient?: ((address: string) => void | Promise<void>) | undefined;
  /** Most messages that are kept; more are refused. @default {1000} */
  readonly maxMessages?: number | undefined;
  /** Largest message, in bytes. @default {26_214_400} */
  readonly maxBytes?: number | undefined;
}

const CATCH_MAIL_RULES: OptionRules<CatchMailOptions> = {
  network: "any",
  tls: "any",
  users: "any",
  recipient: "any",
  maxMessages: "count",
  maxBytes: "count",
};

/**
 * Starts a mail server that keeps the mail that it receives.
 *
 * @param options Its features and limits.
 * @returns The server; disposing of it ends it.
 * @throws {ConnectError} If it cannot listen.
 *
 * @example Test a program that sends mail
 * ```ts
 * import { catchMail } from "@netwright/netwright/testing";
 * import { SmtpClient } from "@netwright/netwright/smtp";
 * import { memoryNetwork } from "@netwright/netwright/net";
 * const network = memoryNetwork();
 * await using catcher = catchMail({ network });
 * {
 *   await using client = await SmtpClient.connect(catcher.endpoint, { network });
 *   const message = new TextEncoder().encode("Subject: hi\r\n\r\nHello\r\n");
 *   await client.send({ envelope: { from: "ann@a.example", to: ["bob@b.example"] }, message });
 * }
 * const [mail] = await catcher.wait(1);
 * if (mail?.message.header.text("subject") !== "hi") throw new Error("not caught");
 * ```
 */
export function catchMail(options: CatchMailOptions = {}): MailCatcher {
  return new MailCatcher(options);
}

/** A mail server that keeps the mail that it receives. */
export class MailCatcher implements AsyncDisposable {
  readonly #options: CatchMailOptions;
  readonly #server: PortServer;
  readonly #messages: CaughtMail[] = [];
  #news = Promise.withResolvers<void>();

  /**
   * Starts it.
   * @param options Its features and limits.
   */
  constructor(options: CatchMailOptions = {}) {
    checkOptions(options, CATCH_MAIL_RULES);
    this.#options = options;
    this.#server = serve(this.#service(), { network: options.network });
  }

  /** Where it listens. */
  get endpoint(): HostEndpoint {
    return this.#server.endpoint;
  }

  /** The mail so far, in order. */
  get messages(): readonly CaughtMail[] {
    return this.#messages;
  }

  /**
   * Waits until so many messages are there.
   * @param count How many in all.
   * @param options Longest time (default 5 seconds) and signal.
   * @returns All that are there.
   * @throws {TimeoutError} If they did not come in time; it says how many did.
   */
  async wait(count: number, options: WaitOptions = {}): Promise<readonly CaughtMail[]> {
    const { timeoutMs = 5000, signal } = options;
    const context = { operation: "wait for mail", peer: formatEndpoint(this.endpoint) };
    using deadline = new Deadline({ timeoutMs, signal }, context);
    while (this.#messages.length < count) {
      try {
        await deadline.wait(this.#news.promise, () => {});
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
        const came = `${this.#messages.length} of ${count} messages`;
        const reason = `${came} came within ${timeoutMs / 1000} s`;
        throw new TimeoutError(reason, { ...context, cause: error });
      }
    }
    return this.messages;
  }

  /** Discards the mail so far. */
  clear(): void {
    this.#messages.length = 0;
  }

  #service(): Service {
    const { tls, users, recipient, maxBytes } = this.#options;
    return {
      name: "smtp",
      handle: (connection, { signal }) =>
        handleSmtp(connection, {
          tls,
          users,
          maxBytes,
          insecureAuth: true,
          signal,
          ...(recipient !== undefined && {
            recipient: async (address: string) => await recipient(address),
          }),
          deliver: (incoming) => this.#deliver(incoming),
        }),
    };
  }

  async #deliver({ from, to, client, text }: IncomingMessage): Promise<void> {
    const { maxMessages = 1000, maxBytes = 26_214_400 } = this.#options;
    // A little more for the trace.
    const bytes = await toBytes(text, maxBytes + 4096);
    if (this.#messages.length >= maxMessages) {
      throw new LimitError(`${maxMessages} messages are kept already`, {
        operation: "keep a message",
        limit: maxMessages,
      });
    }
    this.#messages.push({ from, to, bytes, message: parseMessage(bytes), client });
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  /** Ends the server and its sessions. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown(0);
  }
}
