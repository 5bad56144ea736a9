/**
 * A message as a command line describes it: addresses, subject, text, HTML, files.
 *
 * @module
 */

import { formatHeader } from "../../mime/internal.ts";
import {
  type Attachment,
  type MailAddress,
  type Mailbox,
  type MessageDraft,
  parseAddresses,
  parseMailbox,
  type Part,
  writePart,
} from "../../mime/mod.ts";
import { toBytes } from "../../net/internal.ts";
import { ByteReader, NetwrightError, ProtocolError, UsageError } from "../../net/mod.ts";
import { mediaTypeOf } from "../../reference/mod.ts";
import { openFile } from "../../stores/internal.ts";
import type { Context } from "../command/context.ts";
import type { DraftPlan } from "./options.ts";
import { decodeUserText, readUserText } from "./user_text.ts";

/** Longest text that is read from standard input, in bytes; more is a file to attach. */
const MAX_TEXT = 64 * 1024 * 1024;

/** Author and recipients of a message. */
export interface DraftAddresses {
  /** Who writes; none, or one. */
  readonly from: readonly Mailbox[];
  /** The recipients. */
  readonly to: readonly MailAddress[];
  /** Who should know of it. */
  readonly cc: readonly MailAddress[];
  /** Who gets it unseen. */
  readonly bcc: readonly MailAddress[];
  /** Where answers go. */
  readonly replyTo: readonly MailAddress[];
}

/**
 * Reads the addresses.
 *
 * @param draft The message as the command line describes it.
 * @returns Them.
 * @throws {UsageError} If one is none.
 */
export function addressesOf(draft: DraftPlan): DraftAddresses {
  const list = (name: string, texts: readonly string[]): MailAddress[] =>
    texts.flatMap((text) =>
      usable(name, () => [...parseAddresses(text, { strict: true }).addresses])
    );
  const { from } = draft;
  return {
    from: from === undefined ? [] : [usable("from", () => parseMailbox(from))],
    to: list("to", draft.to),
    cc: list("cc", draft.cc),
    bcc: list("bcc", draft.bcc),
    replyTo: list("reply-to", draft.replyTo),
  };
}

/**
 * Gives who writes.
 *
 * @param draft The message as the command line describes it.
 * @returns `--from`.
 * @throws {UsageError} If it is missing.
 */
export function writerOf(draft: Pick<DraftPlan, "from">): Mailbox {
  const { from } = draft;
  if (from === undefined) throw new UsageError("--from is missing: who writes");
  return usable("from", () => parseMailbox(from));
}

/**
 * Writes a message to standard output, as its bytes become there.
 *
 * @param message The message.
 * @param context Where that is.
 */
export async function writeMessage(message: Part, context: Context): Promise<void> {
  for await (const piece of writePart(message)) await context.stdout.peerBytes(piece);
}

function usable<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProtocolError) throw new UsageError(`--${name}: ${error.reason}`);
    throw error;
  }
}

/**
 * Makes the message.
 *
 * @param draft The message as the command line describes it.
 * @param context Where standard input is.
 * @returns The draft. Files are streams.
 */
export async function draftOf(draft: DraftPlan, context: Context): Promise<MessageDraft> {
  // A wrong address is reported before the user types a text.
  addressesOf(draft);
  const silent = draft.body !== undefined || draft.html !== undefined;
  return await draftWith(draft, silent ? undefined : await readText(draft, context));
}

/**
 * Makes the message where standard input is not its text.
 *
 * @param draft The message as the command line describes it.
 * @param text The text, if `--body` gives none.
 * @returns The draft. Files are streams.
 */
export async function draftWith(
  draft: DraftPlan,
  text: string | undefined,
): Promise<MessageDraft> {
  const { html, charset } = draft;
  const attachments: Attachment[] = [];
  for (const path of draft.attach) attachments.push(await fileOf(path, false));
  for (const path of draft.inline) attachments.push(await fileOf(path, true));
  return {
    ...addressesOf(draft),
    subject: draft.subject,
    headers: headerFields(draft.headers),
    text: await signed(draft, draft.body === undefined ? text : wholeLines(draft.body)),
    html: html === undefined ? undefined : await readUserText(html, charset),
    attachments,
  };
}

/** Ends the last line of a text from the command line, as a text editor would. */
export function wholeLines(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

async function signed(
  { signature: file, charset }: DraftPlan,
  text: string | undefined,
): Promise<string | undefined> {
  if (file === undefined) return text;
  return `${wholeLines(text ?? "")}-- \n${await readUserText(file, charset)}`;
}

async function fileOf(path: string, inline: boolean): Promise<Attachment> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const { pieces } = await openFile(path);
  return {
    name,
    type: mediaTypeOf(name),
    content: pieces,
    contentId: inline ? encodeURIComponent(name) : undefined,
  };
}

/**
 * Reads `--header`.
 *
 * @param fields The fields as typed.
 * @returns Names and texts.
 * @throws {UsageError} If one is not a field.
 */
export function headerFields(
  fields: readonly string[],
): (readonly [name: string, text: string])[] {
  return fields.map((field) => {
    const colon = field.indexOf(":");
    if (colon <= 0) {
      throw new UsageError(`--header must be 'Name: text', not ${JSON.stringify(field)}`);
    }
    const [name, text] = [field.slice(0, colon).trimEnd(), field.slice(colon + 1).trim()];
    if (/^(?:mime-version|content-type|content-transfer-encoding)$/i.test(name)) {
      throw new UsageError(`--header cannot set ${name}: it follows from the content`);
    }
    if (/^(?:resent-)?bcc$/i.test(name)) {
      throw new UsageError("--header cannot set Bcc, which every recipient would see: use --bcc");
    }
    try {
      formatHeader(name, text, { utf8: true });
    } catch (error) {
      if (error instanceof NetwrightError) throw new UsageError(`--header: ${error.reason}`);
      throw error;
    }
    return [name, text];
  });
}

/**
 * Reads the text from standard input.
 *
 * @param draft The message as the command line describes it.
 * @param context Where that is.
 * @returns The text.
 * @throws {NetwrightError} If it is not in its charset.
 * @throws {LimitError} If it is longer than any text of a letter.
 */
export async function readText(
  { charset }: DraftPlan,
  context: Context,
): Promise<string> {
  const bytes = await toBytes(new ByteReader(context.stdin).body(), MAX_TEXT);
  return decodeUserText(bytes, "standard input", charset);
}
