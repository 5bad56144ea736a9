/**
 * A message at the terminal: its text, and its attachments as files.
 *
 * @module
 */

import { plainText } from "../../mime/internal.ts";
import { type Entity, readableParts } from "../../mime/mod.ts";
import { toFileError } from "../../net/internal.ts";
import { escapeControls, NetwrightError, UsageError } from "../../net/mod.ts";
import { extensionForType } from "../../reference/mod.ts";
import { localName, writeNewFile } from "../../stores/internal.ts";
import type { Output } from "../terminal/output.ts";
import type { AttachmentPlan } from "./attachment_options.ts";
import { htmlText } from "./html_text.ts";

/**
 * Shows a message.
 *
 * @param message The message.
 * @param fields Lines above its text: names and values; empty ones are left out.
 * @param stdout Where it is shown.
 */
export async function showMessage(
  message: Entity,
  fields: readonly (readonly [name: string, value: string])[],
  stdout: Output,
): Promise<void> {
  const { files } = readableParts(message);
  for (const [name, value] of fields) {
    if (value !== "") await stdout.line(`${name}: ${escapeControls(value)}`);
  }
  await stdout.line();
  for (const line of (await textOf(message)).trimEnd().split("\n")) {
    await stdout.line(escapeControls(line.replace(/\r$/, "")));
  }
  for (const [index, file] of files.entries()) {
    await stdout.line(`[${index + 1}] ${escapeControls(nameOf(file, index))} (${file.type})`);
  }
}

/**
 * Reads the text of a message; of its HTML if it has no other.
 *
 * @param message The message.
 * @returns The text.
 */
export async function textOf(message: Entity): Promise<string> {
  const { text, html } = readableParts(message);
  if (text !== undefined) return plainText(text);
  return html === undefined ? "" : await htmlText(html.text);
}

/**
 * Saves all attachments of a message.
 *
 * @param message The message.
 * @param name Its name for the user.
 * @param plan Where they go.
 * @returns Their files.
 * @throws {UsageError} If it has none, or they are not to be saved.
 */
export async function saveAttachments(
  message: Entity,
  name: string,
  { attachments }: AttachmentPlan,
): Promise<string[]> {
  if (attachments === undefined) {
    throw new UsageError("attachments are saved with --attachments DIR only");
  }
  const { files } = readableParts(message);
  if (files.length === 0) throw new UsageError(`${name} has no attachments`);
  const paths: string[] = [];
  for (const [index, file] of files.entries()) paths.push(await saveFile(file, index, attachments));
  return paths;
}

/**
 * Shows an attachment by a program.
 *
 * @param message The message.
 * @param part Its number; it may be left out if there is one only.
 * @param plan The folder and the program.
 * @throws {UsageError} If there is no such attachment, or no program.
 */
export async function viewAttachment(
  message: Entity,
  part: string | undefined,
  { attachments, viewer }: AttachmentPlan,
): Promise<void> {
  if (viewer === undefined || attachments === undefined) {
    throw new UsageError("attachments are shown with --viewer PROGRAM only");
  }
  const { files } = readableParts(message);
  const index = part === undefined && files.length === 1 ? 0 : Number(part) - 1;
  const file = files[index];
  if (file === undefined) throw new UsageError(`name one of ${files.length} attachments`);
  const path = await saveFile(file, index, attachments);
  const [program, ...words] = viewer;
  const { code } = await runViewer(program!, [...words, path]);
  if (code !== 0) {
    throw new NetwrightError(`the program ended with status ${code}`, {
      operation: "show an attachment",
      peer: program,
    });
  }
}

function nameOf({ header, type }: Entity, index: number): string {
  const otherwise = `part-${index + 1}.${extensionForType(type)}`;
  return localName(header.fileName ?? "", otherwise);
}

async function saveFile(file: Entity, index: number, folder: string): Promise<string> {
  const base = folder.startsWith("-") ? `./${folder}` : folder;
  const { path } = await writeNewFile(base, nameOf(file, index), file.content);
  return path;
}

/** Runs a program to its end; its errors name it. */
async function runViewer(program: string, args: string[]): Promise<Deno.CommandStatus> {
  try {
    // A name never begins with a dash: it begins with the folder.
    return await new Deno.Command(program, { args }).spawn().status;
  } catch (error) {
    throw toFileError(error, { operation: "show an attachment", peer: program });
  }
}
