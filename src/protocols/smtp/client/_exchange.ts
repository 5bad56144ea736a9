/**
 * The transactions of a session: the commands of each message, and the results.
 *
 * @module
 */

import { isAscii } from "../../../mime/internal.ts";
import { UnsupportedError } from "../../../net/mod.ts";
import { toReplyError } from "../../wire/internal.ts";
import {
  command,
  type CommandChannel,
  type CommandLine,
  type PipelinedTextOptions,
  type Reply,
} from "../../wire/mod.ts";
import { chunksOf } from "./_chunks.ts";
import type { SmtpSession } from "./session.ts";
import {
  type EnvelopeVerdict,
  judgeEnvelope,
  type OutgoingMessage,
  prepare,
  type RecipientResult,
  type SendResult,
  smtpReply,
  type Transaction,
} from "./transaction.ts";

/** Bytes of a chunk: replies are read between two of them. */
const CHUNK_BYTES = 1024 * 1024;

/** The source of a client's messages, and the callbacks for their results. */
export interface Outbox {
  /** Gives the next message; undefined if none waits. */
  take(): OutgoingMessage | undefined;
  /** Called when the server took a message, for one recipient at least. */
  sent(message: OutgoingMessage, result: SendResult): void;
  /** Called when a message was not sent; `unknown` if the server may have taken it all the same. */
  failed(message: OutgoingMessage, error: unknown, unknown: boolean): void;
}

/** A verdict, and whether the server waits for the text. */
interface Verdict extends EnvelopeVerdict {
  readonly ready: boolean;
}

/**
 * Sends messages as long as any wait. Where the server can (RFC 2920), the commands of the next go out with the text of
 * the one before.
 *
 * @param session The session.
 * @param outbox Where they come from.
 */
export async function sendMessages(session: SmtpSession, outbox: Outbox): Promise<void> {
  const exchange = new Exchange(session, outbox);
  let begun = await exchange.begin();
  while (begun !== undefined) begun = await exchange.finish(begun) ?? await exchange.begin();
}

/**
 * Sends the commands of an envelope one by one.
 *
 * @param channel The session's.
 * @param transaction What to ask.
 * @returns The replies.
 */
export async function askEnvelope(
  channel: CommandChannel,
  transaction: Transaction,
): Promise<EnvelopeVerdict> {
  const ask = async (line: CommandLine) => (await channel.pipeline([line]))[0]!;
  const mail = await ask(transaction.mail);
  const replies: Reply[] = [];
  for (const { command } of transaction.recipients) {
    replies.push(mail.code === 250 ? await ask(command) : mail);
  }
  return judgeEnvelope(transaction, mail, replies, channel.peer);
}

/** Passes a stream on, and fails at the first byte that the server cannot accept; then nothing is delivered. */
async function* asciiOnly(
  message: AsyncIterable<Uint8Array>,
  peer: string,
): AsyncGenerator<Uint8Array> {
  for await (const piece of message) {
    if (!isAscii(piece)) {
      throw new UnsupportedError(
        "the server does not offer 8BITMIME, which a message of 8 bits needs",
        { operation: "send a message", peer },
      );
    }
    yield piece;
  }
}

class Exchange {
  readonly #session: SmtpSession;
  readonly #outbox: Outbox;
  /** Whether commands are sent without waiting for the replies to those before. */
  readonly #pipelines: boolean;
  /** Whether texts go in counted chunks (RFC 3030): no DATA, and no dots. */
  readonly #chunks: boolean;

  constructor(session: SmtpSession, outbox: Outbox) {
    this.#session = session;
    this.#outbox = outbox;
    this.#pipelines = session.extensions.all.has("PIPELINING");
    this.#chunks = session.options.chunking === true && session.extensions.all.has("CHUNKING");
  }

  /** Takes the next message that can be sent at all. */
  #next(): Transaction | undefined {
    const { extensions, channel } = this.#session;
    if (channel.state === "closed") return undefined;
    while (true) {
      const outgoing = this.#outbox.take();
      if (outgoing === undefined) return undefined;
      try {
        return prepare(outgoing, extensions, channel.peer);
      } catch (error) {
        this.#outbox.failed(outgoing, error, false);
      }
    }
  }

  /** Takes the next message, if there is one, and sends its commands where they need not wait. */
  async begin(): Promise<Transaction | undefined> {
    const transaction = this.#next();
    if (transaction === undefined || !this.#pipelines) return transaction;
    try {
      await this.#session.channel.sendWithoutWaiting(...this.#linesOf(transaction));
    } catch (error) {
      this.#outbox.failed(transaction.outgoing, error, false);
      throw error;
    }
    return transaction;
  }

  /** Sends a message's text, and with it the commands of the next one, which it gives. */
  async finish(transaction: Transaction): Promise<Transaction | undefined> {
    const { outgoing } = transaction;
    const { channel, options } = this.#session;
    let textSent = false;
    let next: Transaction | undefined;
    try {
      const verdict = this.#pipelines
        ? await this.#receive(transaction)
        : await this.#ask(transaction);
      if (verdict.failure !== undefined) {
        // The server asks for a text without recipients: it gets an empty one, and has nothing to deliver (RFC 2920 §3.1).
        if (verdict.ready) await channel.pipelineText([]);
        else await channel.pipeline([command`RSET`]);
        this.#outbox.failed(outgoing, verdict.failure, false);
        return undefined;
      }
      next = this.#pipelines ? this.#next() : undefined;
      const takes8Bit = this.#session.extensions.all.has("8BITMIME");
      const text = async function* (): AsyncGenerator<Uint8Array> {
        const { message } = outgoing;
        if (message instanceof Uint8Array) yield message;
        else if (takes8Bit) yield* message;
        else yield* asciiOnly(message, channel.peer);
        // From here on the server may have taken it, whatever it says.
        textSent = true;
      };
      const replies = await this.#sendText(text(), {
        then: next === undefined ? [] : this.#linesOf(next),
        replies: this.#isLmtp ? verdict.accepted.length : 1,
        idleTimeoutMs: options.storeMs ?? 600_000,
      });
      this.#report(outgoing, verdict, replies);
      return next;
    } catch (error) {
      this.#outbox.failed(outgoing, error, textSent);
      if (next !== undefined) this.#outbox.failed(next.outgoing, error, false);
      throw error;
    }
  }

  /** Sends a text, by DATA or in chunks, and the commands of the next message; reads the results. */
  async #sendText(
    text: AsyncIterable<Uint8Array>,
    options: PipelinedTextOptions,
  ): Promise<readonly Reply[]> {
    const { channel } = this.#session;
    if (!this.#chunks) return await channel.pipelineText(text, options);
    for await (const { bytes, isLast } of chunksOf(text, CHUNK_BYTES)) {
      const size = String(bytes.length);
      if (isLast) {
        const before = [command`BDAT ${size} LAST`];
        return await channel.pipelineText([bytes], { ...options, before, counted: true });
      }
      const before = [command`BDAT ${size}`];
      const [reply] = await channel.pipelineText([bytes], { before, counted: true });
      if (reply!.code === 250) continue;
      // The chunks so far are discarded (RFC 3030 §2), for all recipients.
      await channel.pipeline([command`RSET`]);
      await channel.sendWithoutWaiting(...options.then ?? []);
      return Array.from({ length: options.replies ?? 1 }, () => reply!);
    }
    throw new Error("a text ends with a last chunk");
  }

  get #isLmtp(): boolean {
    return this.#session.options.protocol === "lmtp";
  }

  /** Reads the replies to commands that were sent at once. */
  async #receive(transaction: Transaction): Promise<Verdict> {
    const { channel } = this.#session;
    const mail = await channel.readReply();
    const replies: Reply[] = [];
    for (const _ of transaction.recipients) replies.push(await channel.readReply());
    const verdict = judgeEnvelope(transaction, mail, replies, channel.peer);
    if (this.#chunks) return { ...verdict, ready: false };
    return this.#judgeData(verdict, await channel.readReply());
  }

  /** Sends the commands one by one. */
  async #ask(transaction: Transaction): Promise<Verdict> {
    const verdict = await askEnvelope(this.#session.channel, transaction);
    if (verdict.failure !== undefined || this.#chunks) return { ...verdict, ready: false };
    return this.#judgeData(verdict, (await this.#session.channel.pipeline([command`DATA`]))[0]!);
  }

  #judgeData(verdict: EnvelopeVerdict, data: Reply): Verdict {
    if (data.code === 354) return { ...verdict, ready: true };
    const failure = verdict.failure ?? toReplyError(data, "DATA", this.#session.channel.peer);
    return { ...verdict, failure, ready: false };
  }

  #report(
    outgoing: OutgoingMessage,
    { accepted, rejected }: EnvelopeVerdict,
    replies: readonly Reply[],
  ): void {
    // In LMTP each recipient that was accepted has a reply of its own; it says more than the one to RCPT.
    const taken: RecipientResult[] = [];
    const refused = [...rejected];
    for (const [index, result] of accepted.entries()) {
      const reply = smtpReply(replies[this.#isLmtp ? index : 0]!);
      if (reply.code === 250) taken.push(this.#isLmtp ? { ...result, reply } : result);
      else refused.push({ ...result, reply });
    }
    if (taken.length === 0) {
      const error = toReplyError(replies[0]!, "send a message", this.#session.channel.peer);
      return this.#outbox.failed(outgoing, error, false);
    }
    const good = replies.find(({ code }) => code === 250)!;
    this.#outbox.sent(outgoing, { accepted: taken, rejected: refused, reply: smtpReply(good) });
  }

  /** The commands before the text. */
  #linesOf({ mail, recipients }: Transaction): CommandLine[] {
    return [
      mail,
      ...recipients.map(({ command }) => command),
      ...this.#chunks ? [] : [command`DATA`],
    ];
  }
}
