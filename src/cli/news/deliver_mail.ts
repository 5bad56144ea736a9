/**
 * Where a gateway's mails go.
 *
 * @module
 */

import { asciiHeader, endOfHeader, isAscii } from "../../mime/internal.ts";
import { concat } from "../../net/internal.ts";
import { LimitError, ReplyError } from "../../net/mod.ts";
import {
  type DeliveryOutcome,
  digestOf,
  type GatewayArticle,
  mailOf,
  type RecipientMemory,
} from "../../programs/gateway/mod.ts";
import { EnvelopeError, type RecipientResult, SmtpClient } from "../../protocols/smtp/mod.ts";
import { MaildirDelivery, sha256, toMbox, withLf } from "../../stores/internal.ts";
import type { Context } from "../command/context.ts";
import { smtpClientOptions } from "../mail/smtp_connect.ts";
import type { GatewayTarget } from "./plans.ts";

/** A place for mails. */
export interface MailSink extends AsyncDisposable {
  /** Whether the place shows that articles were delivered already. */
  wasDelivered(articles: readonly GatewayArticle[]): Promise<boolean>;
  /** Delivers articles in one mail. */
  deliver(
    articles: readonly GatewayArticle[],
    recipients: RecipientMemory,
  ): Promise<DeliveryOutcome>;
}

/** How mails are made. */
export interface SinkOptions {
  /** The news server's host. */
  readonly server: string;
  /** The same in URLs: with its port, if that is not the usual one. */
  readonly authority: string;
  /** Whether several articles go in one mail. */
  readonly digest: boolean;
}

/**
 * Opens the place.
 *
 * @param target Which place.
 * @param options How mails are made.
 * @param context Where the command runs.
 * @returns The place.
 */
export async function openSink(
  target: GatewayTarget,
  options: SinkOptions,
  context: Context,
): Promise<MailSink> {
  const to = target.kind === "smtp" ? target.to : [];
  const bytesOf = async (articles: readonly GatewayArticle[]): Promise<Uint8Array> => {
    if (!options.digest) return mailOf(articles[0]!, options.server, options.authority);
    return digestOf(articles, {
      server: options.server,
      authority: options.authority,
      from: `netwright-gateway@${domainOf(options.server)}`,
      to,
      date: new Date(),
      messageId: `<${await keyOf(articles)}@${domainOf(options.server)}>`,
    });
  };
  if (target.kind === "smtp") return smtpSink(target, bytesOf, context);
  if (target.kind === "maildir") return await maildirSink(target.path, bytesOf);
  return {
    wasDelivered: () => Promise.resolve(false),
    async deliver(articles) {
      const text = ReadableStream.from([await bytesOf(articles)]);
      for await (const piece of toMbox(withLf(text), new Date())) {
        await context.stdout.peerBytes(piece);
      }
      await context.stdout.flush();
      return { kind: "sent" };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function domainOf(server: string): string {
  return server.replaceAll(/[^A-Za-z0-9.-]/g, "-");
}

/** What stands for articles in one mail: the same for the same articles. */
async function keyOf(articles: readonly GatewayArticle[]): Promise<string> {
  const ids = articles.map(({ messageId }) => messageId).join("\n");
  const hash = await sha256(ReadableStream.from([new TextEncoder().encode(ids)]));
  return hash.slice(0, 32);
}

type BytesOf = (articles: readonly GatewayArticle[]) => Promise<Uint8Array>;

async function maildirSink(path: string, bytesOf: BytesOf): Promise<MailSink> {
  const delivery = await MaildirDelivery.open(path, []);
  const key = async (articles: readonly GatewayArticle[]) => `news ${await keyOf(articles)}`;
  return {
    wasDelivered: async (articles) => await delivery.knows(await key(articles)),
    async deliver(articles) {
      const text = ReadableStream.from([await bytesOf(articles)]);
      await delivery.deliver(await key(articles), text);
      await delivery.sync();
      return { kind: "sent" };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(delivery.close()),
  };
}

function smtpSink(
  { mail, sender, to }: GatewayTarget & { readonly kind: "smtp" },
  bytesOf: BytesOf,
  context: Context,
): MailSink {
  let client: SmtpClient | undefined;
  return {
    wasDelivered: () => Promise.resolve(false),
    async deliver(articles, recipients) {
      const waiting: string[] = [];
      for (const recipient of to) {
        if (!await recipients.wasSentTo(recipient)) waiting.push(recipient);
      }
      // The others have it already, or are not named any more.
      if (waiting.length === 0) return { kind: "sent" };
      const bytes = await bytesOf(articles);
      try {
        // The server may have ended a session in which nothing was sent for long.
        if (client?.isClosed) client = undefined;
        client ??= await SmtpClient.connect(
          mail.target.endpoint,
          await smtpClientOptions(mail, context),
        );
      } catch (error) {
        return { kind: "stop", error };
      }
      const { message, utf8 } = readyFor(client, bytes);
      const envelope = { from: sender, to: waiting, utf8 };
      try {
        const { accepted, rejected } = await client.send({ envelope, message });
        return await outcomeOf(accepted, rejected, recipients);
      } catch (error) {
        // Where others have it, a refusal of the rest is theirs alone.
        if (error instanceof EnvelopeError && waiting.length < to.length) {
          return await outcomeOf([], error.rejected, recipients);
        }
        return failureOf(error);
      }
    },
    async [Symbol.asyncDispose]() {
      await client?.[Symbol.asyncDispose]();
    },
  };
}

/** The outcome if a recipient has the mail. */
async function outcomeOf(
  accepted: readonly RecipientResult[],
  rejected: readonly RecipientResult[],
  recipients: RecipientMemory,
): Promise<DeliveryOutcome> {
  const [first] = rejected;
  if (first === undefined) return { kind: "sent" };
  const reason = rejected.map(({ address, reply }) =>
    `${address} was refused: ${reply.code} ${reply.text}`
  ).join("; ");
  const isFinal = rejected.every(({ reply }) => reply.code >= 500);
  if (isFinal) return { kind: "sent", complaint: reason };
  if (accepted.length > 0) await recipients.sentTo(accepted.map(({ address }) => address));
  return { kind: "later", reason };
}

/** The outcome if all recipients lack it. */
function failureOf(error: unknown): DeliveryOutcome {
  if (error instanceof LimitError) return { kind: "refused", reason: error.reason };
  if (!(error instanceof ReplyError)) throw error;
  const code = Number(error.code);
  // A size that was announced is the mail's own fault; any other refusal of sender and recipients would meet all mails.
  if (error instanceof EnvelopeError && code !== 552) return { kind: "stop", error };
  return { kind: code >= 500 ? "refused" : "later", reason: error.reason };
}

/** A mail as the server takes it: without UTF-8 in its header if it knows no SMTPUTF8 and that can be done. */
function readyFor(
  client: SmtpClient,
  bytes: Uint8Array,
): { readonly message: Uint8Array; readonly utf8: boolean } {
  const end = endOfHeader(bytes) ?? bytes.length;
  const header = bytes.subarray(0, end);
  if (isAscii(header)) return { message: bytes, utf8: false };
  if (client.extensions.all.has("SMTPUTF8")) return { message: bytes, utf8: true };
  const ascii = asciiHeader(header);
  return {
    message: ascii === undefined ? bytes : concat([ascii, bytes.subarray(end)]),
    utf8: false,
  };
}
