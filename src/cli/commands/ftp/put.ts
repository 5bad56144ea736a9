/**
 * `netwright ftp put`: files of here to an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { ByteReader, RateLimit, union, UnsupportedError, UsageError } from "../../../net/mod.ts";
import { type FtpClient, Uploads } from "../../../protocols/ftp/mod.ts";
import { openFile } from "../../../stores/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Context } from "../../command/context.ts";
import { type FtpCommand, ftpCommand } from "../../ftp/command.ts";
import { FTP_OPTIONS, ftpCapabilities, isFtpUrl, parseFtpUrl } from "../../ftp/connect.ts";
import { Progress } from "../../terminal/progress.ts";

/** The command. */
export const command: FtpCommand = ftpCommand({
  name: "ftp put",
  summary: "store files on an FTP server",
  operands: "FILE… URL",
  count: { min: 2, max: Infinity },
  examples: [
    "ftp put report.pdf ftp+tls://ann@ftp.example.org/reports/",
    "ftp put - ftp://127.0.0.1:2121/notes.txt < notes.txt",
  ],
  details:
    "A URL with a slash at its end is a folder. A file is stored beside its place and renamed when it is\n" +
    "whole, with the time that it has here; --direct stores it in place, for servers that forbid renaming.",
  options: {
    append: { help: "behind what is there" },
    direct: { help: "store in place" },
    "limit-rate": { value: "SIZE", help: "bytes a second, such as 2M" },
    ...FTP_OPTIONS,
  },
  async capabilities(args, host) {
    if (isFtpUrl(args.operands[0]!) && !isFtpUrl(args.operands.at(-1)!)) {
      throw new UsageError("the URL comes last: ftp put FILE… URL");
    }
    const read = filesOf(args).filter((file) => file !== "-");
    const server = await ftpCapabilities(args, host, [parseFtpUrl(args.operands.at(-1)!)]);
    return union(server, read.length > 0 ? { read } : {});
  },
  async work(args, context, at) {
    const target = at.remote(args.operands.at(-1)!);
    const files = filesOf(args);
    const isFolder = /^$|\/$/.test(target.path);
    if (!isFolder && files.length > 1) {
      throw new UsageError("several files want a folder: a slash at the end of the URL");
    }
    if (isFolder && files.includes("-")) {
      throw new UsageError("standard input has no name: give one in the URL");
    }
    const rate = args.bytes("limit-rate");
    const limit = rate === undefined ? undefined : new RateLimit(rate);
    using progress = new Progress(args, context, {
      label: "put",
      unit: "bytes",
      hasResults: args.has("json"),
    });
    for (const file of files) {
      const name = file.slice(file.lastIndexOf("/") + 1);
      const path = isFolder ? `${target.path}${name}` : target.path;
      const source = file === "-" ? file : at.local(file);
      const bytes = await at.use(
        target,
        (client) => store(client, path, source, args, context, { limit, progress }),
      );
      progress.hide();
      if (args.has("json")) await context.stdout.json({ file, path, bytes });
      else if (!args.has("quiet")) await context.stderr.line(`${path}: ${bytes} bytes`);
    }
  },
});

function filesOf(args: Arguments): readonly string[] {
  return args.operands.slice(0, -1);
}

async function store(
  client: FtpClient,
  path: string,
  file: string,
  args: Arguments,
  context: Context,
  { limit, progress }: { readonly limit: RateLimit | undefined; readonly progress: Progress },
): Promise<number> {
  const { pieces, modified, size } = file === "-"
    ? { pieces: new ByteReader(context.stdin).body(), modified: undefined, size: undefined }
    : await openFile(file);
  let bytes = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of limit?.slow(pieces, context.signal) ?? pieces) {
      bytes += piece.length;
      progress.add(piece.length, { name: path, done: bytes, total: size });
      yield piece;
    }
  };
  if (args.has("append")) {
    await client.store(path, counted(), { append: true });
    return bytes;
  }
  const uploads = new Uploads(args.has("direct") ? "direct" : undefined);
  const beside = await uploads.store(client, path, counted());
  await uploads.verify(client, beside, bytes);
  await uploads.rename(client, beside, path);
  if (modified !== undefined) {
    await client.setModified(path, modified).catch((error) => {
      if (!(error instanceof UnsupportedError)) throw error;
    });
  }
  return bytes;
}
