/**
 * `netwright mime build`: a message, or a part for a larger one, made of files (7.3 of the book's list).
 *
 * @module
 */

import {
  formatHeaders,
  type LeafPart,
  type Part,
  type PartHead,
  textPart,
  writePart,
} from "../../../mime/mod.ts";
import { readBytes, union, UsageError } from "../../../net/mod.ts";
import { mediaTypeOf } from "../../../reference/mod.ts";
import { openFile } from "../../../stores/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import type { Context } from "../../command/context.ts";
import { headerFields } from "../../mail/draft.ts";
import { inputCapabilities, openInput } from "../../mail/input.ts";
import { CHARSET_OPTIONS, decodeUserText } from "../../command/user_text.ts";

/** The command. */
export const command: Command = {
  name: "mime build",
  summary: "make a message, or a part of one, of files",
  operands: "FILE…",
  count: { min: 1, max: Infinity },
  examples: [
    "mime build a.txt b.jpg --header 'Subject: Holidays' > letter.eml",
    "mime build --type multipart/alternative a.txt a.html > both.eml",
  ],
  details:
    "FILE may be - for a part that was built before, with its header: so parts are nested by pipes.\n" +
    "One FILE without --type is a message of this file alone. A FILE may have its own type:\n" +
    "TYPE=FILE, such as text/plain=README.",
  options: {
    type: { value: "TYPE", help: "of several files, such as multipart/related" },
    header: { value: "FIELD", many: true, help: "a field: 'Name: text'" },
    inline: { help: "files are shown in the message, not attached" },
    ...CHARSET_OPTIONS,
  },
  capabilities: (args) => union(...filesOf(args).map(({ path }) => inputCapabilities(path))),
  async run(args, context) {
    const files = filesOf(args);
    const type = args.value("type") ?? (files.length > 1 ? "multipart/mixed" : undefined);
    if (type !== undefined && !/^multipart\/[\w.+-]+$/i.test(type)) {
      throw new UsageError(`--type wants a multipart type, not ${JSON.stringify(type)}`);
    }
    const fields = formatHeaders(headerFields(args)) +
      "MIME-Version: 1.0\r\n";
    const alone = type === undefined;
    const parts: Part[] = [];
    for (const file of files) {
      parts.push(await partOf(file, args, context, alone ? { fields } : {}));
    }
    const whole = alone ? parts[0]! : { type, parts, fields };
    for await (const piece of writePart(whole)) await context.stdout.peerBytes(piece);
  },
};

/** A file, and what it is. */
interface SourceFile {
  readonly path: string;
  readonly type: string;
}

function filesOf(args: Arguments): SourceFile[] {
  const files = args.operands.map((operand) => {
    const [, type, path] = /^([a-z]+\/[\w.+-]+)=(.+)$/is.exec(operand) ?? [];
    return path === undefined
      ? { path: operand, type: mediaTypeOf(operand) }
      : { path, type: type! };
  });
  const ready = files.filter(({ path }) => path === "-").length;
  if (ready > 1) throw new UsageError("- may stand only once");
  if (files.length === 1 && ready === 1 && args.values("header").length > 0 && !args.has("type")) {
    throw new UsageError(
      "a part that was built before has its header: --type puts it into another",
    );
  }
  return files;
}

async function partOf(
  { path, type }: SourceFile,
  args: Arguments,
  context: Context,
  more: Partial<PartHead>,
): Promise<Part> {
  if (path === "-") return { ready: await openInput(path, context) };
  const alternative = args.value("type")?.toLowerCase() === "multipart/alternative";
  const shown = args.has("inline") || alternative || more.fields !== undefined;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const head = {
    ...more,
    type,
    ...shown ? {} : { disposition: "attachment" as const, fileName: name },
  };
  const { pieces, size } = await openFile(path);
  // Text that is shown is written so that it can be read.
  if (shown && type.startsWith("text/") && size <= MAX_TEXT) {
    const bytes = await readBytes(pieces);
    const text = decodeUserText(bytes, path, args);
    const charset = args.value("charset");
    if (charset === undefined) return textPart(text, head);
    // What is in a charset of its own goes as it is.
    return { ...head, parameters: { charset }, content: bytes, encoding: "base64" };
  }
  const encoding = type === "message/rfc822" ? "8bit" : "base64";
  return { ...head, content: pieces, encoding } satisfies LeafPart;
}

/** Longest text that is looked at as a whole before it is written, in bytes. */
const MAX_TEXT = 16 * 1024 * 1024;
