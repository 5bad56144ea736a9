/**
 * `netwright ftp ls`, inside the sandbox.
 *
 * @module
 */

import type { LsWork } from "../../commands/ftp/ls.ts";
import { ReplyError, type Tainted, verbatim } from "../../../net/mod.ts";
import type { FtpClient, FtpEntry } from "../../../protocols/ftp/mod.ts";
import type { Context } from "../../command/context.ts";
import { EXIT } from "../../terminal/failure.ts";
import { Table } from "../../terminal/table.ts";
import { inTurn } from "../../connect/in_turn.ts";
import { type FtpAction, ftpAction } from "../../ftp/action.ts";

/** The command, in the sandbox. */
export const action: FtpAction<LsWork> = ftpAction({
  async work(work, context, at) {
    const { listed } = work;
    const hasSeveral = listed.length > 1;
    let hasUnknown = false;
    const status = await inTurn(
      listed,
      async (target, index) => {
        const path = target.path.replace(/(?<=[^/])\/+$/, "");
        const { entries, isFolder, unknown } = await at.use(
          target,
          (client) => entriesOf(client, path),
        );
        // Servers list a file by its name or by its path: the output has the name that was requested.
        const file = isFolder ? undefined : hasSeveral ? path : path.replace(/^.*\//, "");
        const folder = hasSeveral && isFolder ? path : undefined;
        if (folder !== undefined && !context.json) {
          if (index > 0) await context.stdout.line();
          await context.stdout.peerLine(`${oneLine(folder === "" ? "/" : folder)}:`);
        }
        await show(entries, { folder, file }, work, context);
        for (const line of unknown) {
          hasUnknown = true;
          await context.stderr.peerLine(`not understood: ${line.validate(oneLine)}`);
        }
      },
      context,
      "ftp ls",
    );
    return status === EXIT.done && hasUnknown ? EXIT.partly : status;
  },
});

async function show(
  entries: readonly FtpEntry[],
  { folder, file }: { readonly folder: string | undefined; readonly file: string | undefined },
  work: LsWork,
  { stdout, json }: Context,
): Promise<void> {
  const rows = entries.map((entry) => ({
    entry,
    name: file ?? entry.name.validate(verbatim),
  }))
    .sort(orderOf(work));
  const table = new Table(stdout, { headings: ["KIND", "MODE", "SIZE", "TIME", "NAME"] });
  for (const { entry, name } of rows) {
    const { kind, size, mode, target } = entry;
    const modified = timeOf(entry);
    const octal = mode?.toString(8).padStart(4, "0");
    const link = target?.forDisplay();
    if (json) {
      await stdout.json({ folder, name, kind, size, modified, mode: octal, target: link });
    } else if (work.long) {
      const shown = link === undefined ? name : `${name} -> ${link}`;
      await table.row(kind, octal ?? "-", size ?? "-", modified ?? "-", oneLine(shown));
    } else await stdout.peerLine(oneLine(name));
  }
  await table.end();
}

interface Row {
  readonly entry: FtpEntry;
  readonly name: string;
}

/** The order of the options; equal entries are in alphabetical order. */
function orderOf({ byTime, bySize, reverse }: LsWork): (a: Row, b: Row) => number {
  const byName = (a: Row, b: Row): number => a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  const keys: ((row: Row) => number)[] = [
    ...bySize ? [({ entry }: Row) => entry.size ?? -1] : [],
    ...byTime ? [({ entry }: Row) => entry.modified?.getTime() ?? -Infinity] : [],
  ];
  const sign = reverse ? -1 : 1;
  return (a, b) => {
    for (const key of keys) {
      const [one, other] = [key(a), key(b)];
      if (one !== other) return sign * (one > other ? -1 : 1);
    }
    return sign * byName(a, b);
  };
}

/** The listing of an operand. */
interface Listed {
  readonly entries: FtpEntry[];
  readonly isFolder: boolean;
  /** Lines that may be further entries. */
  readonly unknown: readonly Tainted<string>[];
}

async function entriesOf(
  client: FtpClient,
  path: string,
): Promise<Listed> {
  const unknown: Tainted<string>[] = [];
  const onUnknown = (line: Tainted<string>): void => void unknown.push(line);
  try {
    const entries = await Array.fromAsync(client.list(path, { onUnknown }));
    return { entries, isFolder: true, unknown };
  } catch (error) {
    // Not every server lists a file.
    const file = error instanceof ReplyError && path !== "" ? await client.stat(path) : undefined;
    if (file === undefined || file.kind === "folder") throw error;
    return { entries: [file], isFolder: false, unknown };
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
