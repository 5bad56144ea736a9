/**
 * `netwright mail recent`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import { MAX_TOTAL } from "../../commands/mail/recent.ts";
import type { RecentPlan } from "../../commands/mail/recent.ts";
import { type Attachment, composeMessage, recipientsOf } from "../../../mime/mod.ts";
import { toBytes } from "../../../net/internal.ts";
import { escapeControls, ReplyError, UsageError } from "../../../net/mod.ts";
import { asEntryName, type FtpClient } from "../../../protocols/ftp/mod.ts";
import { mediaTypeOf } from "../../../reference/mod.ts";
import { EXIT, printErrorLine } from "../../terminal/failure.ts";
import { fileChoice, type FileChoicePlan } from "../../command/file_choice.ts";
import { FtpSessions } from "../../ftp/connect.ts";
import { addressesOf, draftWith, writeMessage, writerOf } from "../../mail/draft.ts";

/** The command, in the sandbox. */
export const action: Action<RecentPlan> = {
  async run({ target, ftp, draft, choice, maxTotal: total }, context) {
    // A wrong address is reported before anything is downloaded.
    writerOf(draft);
    if (recipientsOf(addressesOf(draft)).length === 0) throw new UsageError("--to is missing");
    await using sessions = new FtpSessions(ftp, context);
    const files = await sessions.use(target, async (client) => {
      const found = await recentFiles(client, target.path, choice);
      return await fetchAll(client, found, total);
    });
    if (files.length === 0) {
      if (!context.quiet) await context.stderr.line("no message: nothing is new");
      return;
    }
    const own = await draftWith(draft, undefined);
    const place = `${target.endpoint.hostname}${
      target.path.startsWith("/") ? "" : "/"
    }${target.path}`;
    const attachments = files.flatMap(({ attachment }) => attachment ?? []);
    await writeMessage(
      composeMessage({
        ...own,
        subject: own.subject ?? `New on ${place}: ${files.length} ${plural(files.length)}`,
        text: `${own.text === undefined ? "" : `${own.text.trimEnd()}\n\n`}${tableOf(files)}`,
        attachments: [...own.attachments ?? [], ...attachments],
      }),
      context,
    );
    const refused = files.filter(({ refusal }) => refusal !== undefined);
    for (const { name, refusal } of refused) {
      await printErrorLine(`${name}: ${refusal}`, "mail recent", context.stderr);
    }
    return refused.length > 0 ? EXIT.partly : EXIT.done;
  },
};

/** Most files in one message. */
const MAX_FILES = 100;

interface RecentFile {
  readonly name: string;
  readonly path: string;
  readonly size: number | undefined;
  readonly modified: Date;
  readonly attachment?: Attachment | undefined;
  /** Why the server did not send it. */
  readonly refusal?: string | undefined;
}

async function recentFiles(
  client: FtpClient,
  folder: string,
  plan: FileChoicePlan,
): Promise<RecentFile[]> {
  const choice = await fileChoice(plan);
  const files: RecentFile[] = [];
  for await (const { name: raw, kind, size, modified } of client.list(folder)) {
    if (kind !== "file") continue;
    const name = raw.validate(asEntryName);
    if (choice.excluded(name, kind)) continue;
    const path = folder === "" ? name : `${folder.replace(/\/$/, "")}/${name}`;
    // Without its time a file cannot be known to be new.
    if (modified === undefined || !choice.requested({ size, modified })) continue;
    files.push({ name, path, size, modified });
  }
  return files.sort((a, b) => b.modified.getTime() - a.modified.getTime());
}

/** Fetches the newest files, as many as go into a message. */
async function fetchAll(
  client: FtpClient,
  files: readonly RecentFile[],
  total: number,
): Promise<RecentFile[]> {
  let [left, count] = [total, 0];
  const result: RecentFile[] = [];
  for (const file of files) {
    if (count >= MAX_FILES || (file.size ?? 0) > left) {
      result.push(file);
      continue;
    }
    let content: Uint8Array;
    try {
      content = await toBytes(client.fetch(file.path), MAX_TOTAL);
    } catch (error) {
      // One file that the server refuses does not keep the others from being sent.
      if (!(error instanceof ReplyError)) throw error;
      result.push({ ...file, refusal: escapeControls(error.reason, { maxLength: 200 }) });
      continue;
    }
    // The server may have reported a smaller size than it sent.
    const fits = content.length <= left;
    if (fits) {
      left -= content.length;
      count++;
    }
    const attachment = { name: file.name, type: mediaTypeOf(file.name), content };
    result.push({ ...file, size: content.length, attachment: fits ? attachment : undefined });
  }
  return result;
}

function tableOf(files: readonly RecentFile[]): string {
  return files.map(({ name, size, modified, attachment, refusal }) => {
    const time = modified.toISOString().slice(0, 16).replace("T", " ");
    const reason = refusal === undefined ? "" : `: ${refusal}`;
    const note = attachment === undefined ? `  (not attached${reason})` : "";
    return `${time}  ${String(size ?? "?").padStart(10)}  ${name}${note}\n`;
  }).join("");
}

function plural(count: number): string {
  return count === 1 ? "file" : "files";
}
