/**
 * `netwright mime tree`, inside the sandbox.
 *
 * @module
 */

import type { InputPlan } from "../../mail/options.ts";
import { readParts, type StreamedPart } from "../../../mime/mod.ts";
import { escapeControls } from "../../../net/mod.ts";
import type { Action, Context } from "../../command/context.ts";
import { type NumberedMessage, openMessages } from "../../mail/input.ts";
import { printErrorLine } from "../../terminal/failure.ts";
import { Table } from "../../terminal/table.ts";

/** The command, in the sandbox. */
export const action: Action<InputPlan> = {
  async run(input, context) {
    for await (const message of openMessages(input, context)) await show(message, context);
  },
};

async function show({ number, text }: NumberedMessage, context: Context): Promise<void> {
  const parts: Sized[] = [];
  try {
    for await (const part of readParts(text)) {
      let size = 0;
      try {
        for await (const piece of part.content()) size += piece.length;
      } finally {
        parts.push({ part, size });
      }
    }
    const [root] = parts;
    if (root !== undefined && root.part.header.fields.length === 0) {
      await printErrorLine("no header: it is read as plain text", "mime tree", context.stderr);
    }
  } finally {
    // Some defects of a part show at its end only. Parts before a limit are shown too.
    await (context.json ? showObjects(parts, number, context) : showTable(parts, number, context));
  }
}

interface Sized {
  readonly part: StreamedPart;
  readonly size: number;
}

async function showObjects(
  parts: readonly Sized[],
  message: number | undefined,
  { stdout }: Context,
): Promise<void> {
  for (const { part, size } of parts) await stdout.json({ message, ...objectOf(part, size) });
}

async function showTable(
  parts: readonly Sized[],
  message: number | undefined,
  { stdout, stderr, quiet }: Context,
): Promise<void> {
  const pathOf = ({ path }: StreamedPart): string =>
    message === undefined ? path : `${message}:${path}`;
  const table = new Table(stdout, { headings: ["path", "type", "size", "name"] });
  for (const { part, size } of parts) {
    const shown = part.kind === "leaf" ? size : "";
    await table.row(pathOf(part), part.type, shown, part.header.fileName ?? "");
  }
  await table.end();
  if (quiet) return;
  for (const { part } of parts) {
    for (const defect of part.defects) {
      await stderr.line(`${pathOf(part)}: ${escapeControls(defect)}`);
    }
  }
}

function objectOf(part: StreamedPart, size: number): Record<string, unknown> {
  const { header } = part;
  return {
    path: part.path,
    type: part.type,
    kind: part.kind,
    name: header.fileName ?? null,
    size: part.kind === "leaf" ? size : null,
    charset: header.contentType.parameters.get("charset"),
    encoding: header.get("content-transfer-encoding") === undefined
      ? undefined
      : header.transferEncoding,
    disposition: header.disposition.value || undefined,
    contentId: header.messageIds("content-id")[0],
    subject: header.text("subject"),
    defects: part.defects,
  };
}
