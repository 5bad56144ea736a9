/**
 * `netwright ftp get`: files of an FTP server to here (6.1 of the book's list).
 *
 * @module
 */

import { DisconnectedError, union, UsageError } from "../../net/mod.ts";
import type { FtpClient } from "../../protocols/ftp/mod.ts";
import { checkName, PartialFile, partialPath } from "../../stores/mod.ts";
import type { Arguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import {
  connectFtp,
  FTP_OPTIONS,
  ftpCapabilities,
  type FtpTarget,
  parseFtpUrl,
} from "../ftp_connecting.ts";

/** The command. */
export const command: Command = {
  name: "ftp get",
  summary: "fetch files from an FTP server",
  operands: "URL…",
  count: { min: 1, max: Infinity },
  examples: [
    "ftp get ftp://ftp.example.org/pub/README",
    "ftp get --to /tmp/ --continue ftp://ftp.example.org/a.iso",
  ],
  details:
    "A file grows as .NAME.part beside its place until it is whole, then takes it, with the server's time.\n" +
    "What an attempt has left, --continue goes on with.",
  options: {
    to: { value: "PATH", short: "o", help: "a file, or with a slash at its end a folder" },
    continue: { short: "c", help: "go on where an attempt ended" },
    ...FTP_OPTIONS,
  },
  async capabilities(args, host) {
    const wanted = wantedBy(args);
    const paths = wanted.flatMap(({ file }) => [file, partialPath(file)]);
    return union(
      await ftpCapabilities(args, host, wanted.map(({ target }) => target)),
      { read: paths, write: paths },
    );
  },
  async run(args, context) {
    for (const { target, file } of wantedBy(args)) {
      await using client = await connectFtp(target, args, context);
      const bytes = await fetchFile(client, target.path, file, args.has("continue"));
      if (args.has("json")) await context.stdout.json({ file, bytes });
      else if (!args.has("quiet")) await context.stderr.line(`${file}: ${bytes} bytes`);
    }
  },
};

/** Fetches a file; resolves to its size. */
async function fetchFile(
  client: FtpClient,
  path: string,
  file: string,
  resume: boolean,
): Promise<number> {
  const size = await client.size(path);
  const modified = await client.modified(path);
  await using partial = await PartialFile.open(file, { resume });
  // What is longer than the file is no beginning of it.
  if (size === undefined || partial.size > size) await partial.restart();
  if (partial.size === 0 || partial.size !== size) {
    const offset = partial.size;
    for await (const piece of client.fetch(path, { offset })) await partial.write(piece);
  }
  if (size !== undefined && partial.size !== size) {
    throw new DisconnectedError(`${partial.size} of ${size} bytes came`, {
      operation: "fetch a file",
      peer: client.peer,
      hint: "--continue goes on with them",
    });
  }
  await partial.complete({ modified });
  return partial.size;
}

/** Which files go where. */
function wantedBy(args: Arguments): { readonly target: FtpTarget; readonly file: string }[] {
  const to = args.value("to");
  if (to !== undefined && !to.endsWith("/") && args.operands.length > 1) {
    throw new UsageError("--to wants a folder for several files: a slash at its end");
  }
  return args.operands.map((text) => {
    const target = parseFtpUrl(text);
    const name = target.path.slice(target.path.lastIndexOf("/") + 1);
    if (name === "") throw new UsageError("the URL names no file");
    if (to !== undefined && !to.endsWith("/")) return { target, file: to };
    // What the user typed may still be no name, such as `..`.
    checkName(name, { portable: false });
    return { target, file: `${to ?? ""}${name}` };
  });
}
