/**
 * `netwright mail recent`: what is new on an FTP server, as a message with the files (7.4 of the book's list).
 *
 * @module
 */

import { type Attachment, composeMessage, recipientsOf } from "../../../mime/mod.ts";
import {
  type Capabilities,
  cleanText,
  readBytes,
  ReplyError,
  union,
  UsageError,
} from "../../../net/mod.ts";
import { asEntryName, type FtpClient } from "../../../protocols/ftp/mod.ts";
import { mediaTypeOf } from "../../../reference/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import { EXIT, tellLine } from "../../terminal/failure.ts";
import { FILE_CHOICE_OPTIONS, fileChoice } from "../../command/file_choice.ts";
import { FTP_OPTIONS, ftpCapabilities, FtpSessions, parseFtpUrl } from "../../ftp/connect.ts";
import {
  addressesOf,
  DRAFT_OPTIONS,
  draftCapabilities,
  draftWith,
  writeMessage,
  writerOf,
} from "../../mail/draft.ts";

const MIB = 1024 * 1024;
/** What most mail servers take, without a third more for base64. */
const DEFAULT_TOTAL = 18 * MIB;
/** Most that `--max-total` may say: everything is in memory before the message begins. */
const MAX_TOTAL = 128 * MIB;
/** Most files in one message. */
const MAX_FILES = 100;

/** The command. */
export const command: Command = {
  name: "mail recent",
  summary: "write a message with the new files of an FTP server",
  operands: "URL",
  count: { min: 1, max: 1 },
  examples: [
    "mail recent ftp://h.org/pub/ --from a@a.b --to b@c.d > new.eml",
    "mail recent ftp://h.org/pub/ --newer-than 7d --from a@a.b --to b@c.d",
  ],
  details:
    "Attached are the files of the folder that were changed within a day, or since --newer-than; the\n" +
    "text names them all, also those that do not fit. If there are none, nothing is printed, and\n" +
    "smtp send URL --message - sends nothing. Nothing is printed either before all are there.",
  options: {
    ...DRAFT_OPTIONS,
    ...FTP_OPTIONS,
    ...FILE_CHOICE_OPTIONS,
    body: { value: "TEXT", help: "what stands above the list of files" },
    "newer-than": { value: "TIME", help: "changed since 2026-11-01, or within 7d (default 1d)" },
    include: { ...FILE_CHOICE_OPTIONS.include!, rare: true },
    exclude: { ...FILE_CHOICE_OPTIONS.exclude!, rare: true },
    ca: { ...FTP_OPTIONS.ca!, rare: true },
    attach: { ...DRAFT_OPTIONS.attach!, rare: true },
    "max-total": { value: "SIZE", help: "of all files, such as 5M (default 18M)" },
  },
  async capabilities(args, host): Promise<Capabilities> {
    writerOf(args);
    totalOf(args);
    if (recipientsOf(addressesOf(args)).length === 0) throw new UsageError("--to is missing");
    const ftp = await ftpCapabilities(args, host, [parseFtpUrl(args.operands[0]!)]);
    return union(ftp, draftCapabilities(args));
  },
  async run(args, context) {
    const target = parseFtpUrl(args.operands[0]!);
    const total = totalOf(args);
    await using sessions = new FtpSessions(args, context);
    const files = await sessions.use(target, async (client) => {
      const found = await recentFiles(client, target.path, args);
      return await fetchAll(client, found, total);
    });
    if (files.length === 0) {
      if (!args.has("quiet")) await context.stderr.line("no message: nothing is new");
      return;
    }
    const own = await draftWith(args, undefined);
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
      await tellLine(`${name}: ${refusal}`, command.name, context.stderr);
    }
    return refused.length > 0 ? EXIT.partly : EXIT.done;
  },
};

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
  args: Arguments,
): Promise<RecentFile[]> {
  const choice = await fileChoice(args, "1d");
  const files: RecentFile[] = [];
  for await (const { name: raw, kind, size, modified } of client.list(folder)) {
    if (kind !== "file") continue;
    const name = raw.launder(asEntryName);
    if (choice.excluded(name, kind)) continue;
    const path = folder === "" ? name : `${folder.replace(/\/$/, "")}/${name}`;
    // Without its time nobody knows whether it is new.
    if (modified === undefined || !choice.wanted({ size, modified })) continue;
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
      content = await readBytes(client.fetch(file.path), MAX_TOTAL);
    } catch (error) {
      // One file that the server refuses does not keep the others from being sent.
      if (!(error instanceof ReplyError)) throw error;
      result.push({ ...file, refusal: cleanText(error.reason, { maxLength: 200 }) });
      continue;
    }
    // The server may have told less than it sent.
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

function totalOf(args: Arguments): number {
  const total = args.bytes("max-total") ?? DEFAULT_TOTAL;
  if (total > MAX_TOTAL) throw new UsageError(`--max-total is ${MAX_TOTAL / MIB}M at most`);
  return total;
}

function plural(count: number): string {
  return count === 1 ? "file" : "files";
}
