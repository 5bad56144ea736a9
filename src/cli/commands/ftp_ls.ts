/**
 * `netwright ftp ls`: lists a folder of an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { asShown, ReplyError } from "../../net/mod.ts";
import type { FtpClient, FtpEntry } from "../../protocols/ftp/mod.ts";
import { type FtpCommand, ftpCommand } from "../ftp_command.ts";
import { FTP_OPTIONS, ftpCapabilities, parseFtpUrl } from "../ftp_connecting.ts";
import { Table } from "../table.ts";

/** The command. */
export const command: FtpCommand = ftpCommand({
  name: "ftp ls",
  summary: "list a folder of an FTP server",
  operands: "URL",
  count: { min: 1, max: 1 },
  examples: ["ftp ls ftp://ftp.example.org/pub/", "ftp ls ftp+tls://ann@ftp.example.org --long"],
  details: "Names in the order of the alphabet. Times are UTC, as exact as the server tells them.",
  options: {
    long: { short: "l", help: "kind, mode, size and time as well" },
    ...FTP_OPTIONS,
  },
  capabilities: (args, host) => ftpCapabilities(args, host, [parseFtpUrl(args.operands[0]!)]),
  async work(args, context, at) {
    const target = at.remote(args.operands[0]!);
    const path = target.path.replace(/(?<=[^/])\/+$/, "");
    const entries = await at.use(target, (client) => entriesOf(client, path));
    const rows = entries.map((entry) => ({ entry, name: entry.name.launder((text) => text) }))
      .sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
    const table = new Table(context.stdout, { headings: ["KIND", "MODE", "SIZE", "TIME", "NAME"] });
    for (const { entry, name } of rows) {
      const { kind, size, mode, target } = entry;
      const modified = timeOf(entry);
      const octal = mode?.toString(8).padStart(4, "0");
      const link = target?.launder(asShown);
      if (args.has("json")) {
        await context.stdout.json({ name, kind, size, modified, mode: octal, target: link });
      } else if (args.has("long")) {
        const shown = link === undefined ? name : `${name} -> ${link}`;
        await table.row(kind, octal ?? "-", size ?? "-", modified ?? "-", oneLine(shown));
      } else await context.stdout.peerLine(oneLine(name));
    }
    await table.end();
  },
});

async function entriesOf(client: FtpClient, path: string): Promise<FtpEntry[]> {
  try {
    return await Array.fromAsync(client.list(path));
  } catch (error) {
    // Not every server lists a file.
    const file = error instanceof ReplyError && path !== "" ? await client.stat(path) : undefined;
    if (file === undefined || file.kind === "folder") throw error;
    return [file];
  }
}

/** A tabulator or line end within a name would look like the end of it. */
function oneLine(name: string): string {
  return name.replaceAll(/[\t\r\n]/g, "?");
}

function timeOf({ modified, precision }: FtpEntry): string | undefined {
  if (modified === undefined) return undefined;
  const text = modified.toISOString();
  if (precision === "day") return text.slice(0, 10);
  return precision === "minute" ? `${text.slice(0, 16)}Z` : text.replace(/\.\d+Z$/, "Z");
}
