/**
 * `netwright mime unpack`, inside the sandbox.
 *
 * @module
 */

import type { UnpackPlan } from "../../commands/mime/unpack.ts";
import { readParts, type StreamedPart } from "../../../mime/mod.ts";
import { escapeControls, LimitError, NetwrightError } from "../../../net/mod.ts";
import { extensionForType } from "../../../reference/mod.ts";
import { localName, writeNewFile } from "../../../stores/internal.ts";
import type { Action, Context } from "../../command/context.ts";
import { type NumberedMessage, openMessages } from "../../mail/input.ts";

/** The command, in the sandbox. */
export const action: Action<UnpackPlan> = {
  async run(plan, context) {
    const { folder, parts } = plan;
    if (folder !== undefined) await Deno.mkdir(folder, { recursive: true });
    const missing = new Set(parts);
    for await (const message of openMessages(plan, context)) {
      await unpack(message, missing, plan, context);
    }
    const [none] = missing;
    if (none !== undefined) {
      throw new NetwrightError(`the message has no part ${none}`, {
        operation: "unpack a message",
      });
    }
  },
};

/** Most names that are tried for the folder of a message. */
const MAX_FOLDERS = 1000;

async function unpack(
  { number, text }: NumberedMessage,
  missing: Set<string>,
  plan: UnpackPlan,
  context: Context,
): Promise<void> {
  const { folder: to, wholeMessages } = plan;
  const requested = selectedParts(plan, number);
  let folder: string | undefined;
  for await (const part of readParts(text, { wholeMessages })) {
    const chosen = requested?.get(part.path);
    if (chosen !== undefined) missing.delete(chosen);
    if (part.kind !== "leaf" && chosen !== undefined) throw partless(part);
    if (part.kind !== "leaf") continue;
    if (requested === undefined ? !isAttached(part, plan) : chosen === undefined) continue;
    if (to === undefined) {
      for await (const piece of part.content()) await context.stdout.peerBytes(piece);
      continue;
    }
    // Each message of several has a folder of its own, if it has anything.
    folder ??= number === undefined ? to : await folderIn(to, number);
    const { path, bytes } = await writeNewFile(folder, nameOf(part), part.content());
    if (context.json) {
      const { path: of, type } = part;
      await context.stdout.json({ message: number, path: of, type, file: path, bytes });
    } else if (!context.quiet) {
      await context.stderr.line(`${escapeControls(path)}: ${bytes} bytes`);
    }
  }
}

/** The named parts of a message: `1.2`, or `3:1.2` of the third message alone. */
function selectedParts(
  { parts: named }: UnpackPlan,
  number: number | undefined,
): Map<string, string> | undefined {
  if (named.length === 0) return undefined;
  return new Map(named.flatMap((name) => {
    const [, message, path] = /^(?:(\d+):)?(.*)$/.exec(name)!;
    return message === undefined || Number(message) === number ? [[path!, name] as const] : [];
  }));
}

/** Creates the folder of a message, or uses an existing one; anything but a folder, such as a link, is left alone. */
async function folderIn(folder: string, number: number): Promise<string> {
  for (let attempt = 1; attempt <= MAX_FOLDERS; attempt++) {
    const path = `${folder}/${number}${attempt === 1 ? "" : `-${attempt}`}`;
    try {
      await Deno.mkdir(path);
      return path;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      if ((await Deno.lstat(path)).isDirectory) return path;
    }
  }
  throw new LimitError(`no free name for a folder ${number}`, {
    operation: "unpack a message",
    peer: folder,
    limit: MAX_FOLDERS,
  });
}

function isAttached({ header }: StreamedPart, { attachments }: UnpackPlan): boolean {
  return !attachments || header.fileName !== undefined ||
    header.disposition.value === "attachment";
}

function nameOf(part: StreamedPart): string {
  const otherwise = `part-${part.path}.${extensionForType(part.type)}`;
  return localName(part.header.fileName ?? "", otherwise);
}

function partless(part: StreamedPart): NetwrightError {
  return new NetwrightError(`part ${part.path} holds others and no content`, {
    operation: "unpack a message",
    hint: part.kind === "message"
      ? "name one of its own parts, or give --whole-messages"
      : "name one of its own parts",
  });
}
