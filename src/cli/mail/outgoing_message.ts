/**
 * The message that `smtp send` sends: written from the command line, or one that is ready (`--message`).
 *
 * @module
 */

import {
  addresseesOf,
  asciiHeader,
  isAscii,
  splitMessage,
  withoutFields,
  withoutMboxLine,
} from "../../mime/internal.ts";
import { composeMessage, recipientsOf, writePart } from "../../mime/mod.ts";
import { concat } from "../../net/internal.ts";
import { UsageError } from "../../net/mod.ts";
import type { Envelope } from "../../protocols/smtp/mod.ts";
import type { Context } from "../command/context.ts";
import { addressesOf, draftOf } from "./draft.ts";
import { openInput } from "./input.ts";
import type { OutgoingPlan } from "./options.ts";

/** A message that leaves. */
export interface OutgoingMessage {
  /** The sender and the recipients. */
  readonly envelope: Envelope;
  /** Its bytes; once only. */
  readonly pieces: AsyncIterable<Uint8Array>;
  /** The same for a server that takes no UTF-8 in headers; absent if it is the same, or there can be none. */
  readonly inAscii?: Omit<OutgoingMessage, "inAscii"> | undefined;
}

/** Largest message that is looked through before it is sent, in bytes. */
const LOOKED_THROUGH_BYTES = 32 * 1024 * 1024;

/**
 * Reads a message of usual size as a whole, so that its size and whether it is ASCII are known before the first byte
 * leaves.
 *
 * @param pieces The message.
 * @returns All of it, or a stream of it if it is larger.
 */
export async function readAhead(
  pieces: AsyncIterable<Uint8Array>,
): Promise<Uint8Array | AsyncIterable<Uint8Array>> {
  const iterator = pieces[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  for (let size = 0; size <= LOOKED_THROUGH_BYTES;) {
    const { done, value } = await iterator.next();
    if (done) return concat(read);
    read.push(value.slice());
    size += value.length;
  }
  return (async function* () {
    yield* read;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      yield next.value;
    }
  })();
}

/** Longest line, without its end (RFC 5321 §4.5.3.1.6). */
const LONGEST_LINE = 998;

/**
 * Lists what some servers refuse or change in a message, though many accept it.
 *
 * @param message All of it.
 * @returns A line for each such thing.
 */
export function oddities(message: Uint8Array): string[] {
  const lines: string[] = [];
  if (message.includes(0)) lines.push("the message holds NUL, which servers may refuse or drop");
  let longest = 0;
  for (let start = 0; start < message.length;) {
    const feed = message.indexOf(0x0a, start);
    const end = feed < 0 ? message.length : feed;
    longest = Math.max(longest, end - start - (message[end - 1] === 0x0d ? 1 : 0));
    start = end + 1;
  }
  if (longest > LONGEST_LINE) {
    lines.push(
      `a line has ${longest} bytes; servers may refuse or break those over ${LONGEST_LINE}`,
    );
  }
  return lines;
}

/**
 * Makes or opens the message.
 *
 * @param plan The message.
 * @param context Where standard input is.
 * @returns The message; undefined if a ready message is empty.
 * @throws {UsageError} If it has no sender or no recipient.
 */
export async function outgoingMessage(
  plan: OutgoingPlan,
  context: Context,
): Promise<OutgoingMessage | undefined> {
  const { message: file, draft } = plan;
  if (file !== undefined) return await readyMessage(file, plan, context);
  const envelope = draftEnvelope(plan);
  return { envelope, pieces: writePart(composeMessage(await draftOf(draft, context))) };
}

/** Gives the envelope of a message that is written from the command line. */
function draftEnvelope(plan: OutgoingPlan): Envelope {
  const addresses = addressesOf(plan.draft);
  return envelopeOf(plan, addresses.from[0]?.address, recipientsOf(addresses), {
    from: "--from is missing",
    to: "--to is missing",
  });
}

async function readyMessage(
  file: string,
  plan: OutgoingPlan,
  context: Context,
): Promise<OutgoingMessage | undefined> {
  const named = recipientsOf(addressesOf(plan.draft));
  const { header, rest } = await splitMessage(await openInput(file, context));
  if (header.fields.length === 0) {
    let size = header.bytes.length;
    for await (const piece of rest) size += piece.length;
    if (size > 0) throw new UsageError("--message requires a message with a header");
    return undefined;
  }
  const { from, to } = addresseesOf(header);
  const envelope = envelopeOf(
    plan,
    from,
    named.length > 0 ? named : to,
    {
      from: "--sender is missing, and the message does not say it",
      to: "--to is missing, and the message does not say it",
    },
  );
  // RFC 5322 §3.6.3: Bcc must not be seen; RFC 5321 §4.4: Return-Path is of the last server.
  const lines = withoutFields(withoutMboxLine(header.bytes), ["bcc", "resent-bcc", "return-path"]);
  const withHeader = (header: Uint8Array): AsyncIterable<Uint8Array> =>
    (async function* () {
      yield header;
      yield* rest;
    })();
  if (!hasUtf8(lines)) return { envelope, pieces: withHeader(lines) };
  const ascii = asciiHeader(lines);
  return {
    // RFC 6531 §3.4: such a header may go only where it is understood.
    envelope: { ...envelope, utf8: true },
    pieces: withHeader(lines),
    inAscii: ascii && { envelope, pieces: withHeader(ascii) },
  };
}

/** Whether there are characters of UTF-8, and not some of an older charset. */
function hasUtf8(bytes: Uint8Array): boolean {
  if (isAscii(bytes)) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function envelopeOf(
  { sender: written, notify, dsnReturn, dsnId, requireTls }: OutgoingPlan,
  from: string | undefined,
  to: readonly string[],
  missing: { readonly from: string; readonly to: string },
): Envelope {
  const sender = written?.trim().replace(/^<(.*)>$/, "$1") ?? from;
  if (sender === undefined) throw new UsageError(missing.from);
  if (to.length === 0) throw new UsageError(missing.to);
  return {
    from: sender,
    to: notify === undefined ? to : to.map((address) => ({ address, notify })),
    dsnReturn,
    dsnId,
    requireTls,
  };
}
