/**
 * `netwright mime build`, inside the sandbox.
 *
 * @module
 */

import type { SourceFile } from "../../commands/mime/build.ts";
import type { BuildPlan } from "../../commands/mime/build.ts";
import { formatHeaders } from "../../../mime/internal.ts";
import { type LeafPart, type Part, type PartHead, textPart, writePart } from "../../../mime/mod.ts";
import { toBytes } from "../../../net/internal.ts";
import { openFile } from "../../../stores/internal.ts";
import type { Action, Context } from "../../command/context.ts";
import { headerFields } from "../../mail/draft.ts";
import { openInput } from "../../mail/input.ts";
import { decodeUserText } from "../../mail/user_text.ts";

/** The command, in the sandbox. */
export const action: Action<BuildPlan> = {
  async run(plan, context) {
    const { files, type } = plan;
    const fields = formatHeaders(headerFields(plan.headers)) +
      "MIME-Version: 1.0\r\n";
    const alone = type === undefined;
    const parts: Part[] = [];
    for (const file of files) {
      parts.push(await partOf(file, plan, context, alone ? { fields } : {}));
    }
    const whole = alone ? parts[0]! : { type, parts, fields };
    for await (const piece of writePart(whole)) await context.stdout.peerBytes(piece);
  },
};

async function partOf(
  { path, type }: SourceFile,
  { type: whole, inline, charset }: BuildPlan,
  context: Context,
  more: Partial<PartHead>,
): Promise<Part> {
  if (path === "-") return { ready: await openInput(path, context) };
  const alternative = whole?.toLowerCase() === "multipart/alternative";
  const shown = inline || alternative || more.fields !== undefined;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const head = {
    ...more,
    type,
    ...shown ? {} : { disposition: "attachment" as const, fileName: name },
  };
  const { pieces, size } = await openFile(path);
  // Text that is shown is written so that it can be read.
  if (shown && type.startsWith("text/") && size <= MAX_TEXT) {
    const bytes = await toBytes(pieces);
    const text = decodeUserText(bytes, path, charset);
    if (charset === undefined) return textPart(text, head);
    // Text with a charset of its own is sent unchanged.
    return { ...head, parameters: { charset }, content: bytes, encoding: "base64" };
  }
  const encoding = type === "message/rfc822" ? "8bit" : "base64";
  return { ...head, content: pieces, encoding } satisfies LeafPart;
}

/** Longest text that is looked at as a whole before it is written, in bytes. */
const MAX_TEXT = 16 * 1024 * 1024;
