/**
 * `netwright ftp put`: uploads local files to an FTP server (6.1 of the book's list).
 *
 * @module
 */

import { type FtpCommand, ftpCommand } from "../../ftp/command.ts";
import { UsageError } from "../../../net/mod.ts";
import { type FtpTarget, isFtpUrl } from "../../ftp/target.ts";

/** The files, the target, and how to store them. */
export interface PutWork {
  /** The server. */
  readonly target: FtpTarget;
  /** The files. */
  readonly files: readonly {
    /** As it was typed. */
    readonly file: string;
    /** Where it is read; `-` for standard input. */
    readonly source: string;
    /** The name on the server. */
    readonly path: string;
  }[];
  /** Whether to append to an existing file. */
  readonly append: boolean;
  /** Whether it is stored in place. */
  readonly direct: boolean;
  /** Bytes a second. */
  readonly rate: number | undefined;
}

/** The command. */
export const command: FtpCommand<PutWork> = ftpCommand({
  name: "ftp put",
  summary: "upload files to an FTP server",
  operands: "FILE… URL",
  count: { min: 2, max: Infinity },
  examples: [
    "ftp put report.pdf ftp+tls://ann@ftp.example.org/reports/",
    "ftp put - ftp://127.0.0.1:2121/notes.txt < notes.txt",
  ],
  details:
    "A URL that ends with a slash is a folder. A file is stored as .NAME.part and renamed when it is\n" +
    "complete, with its modification time; --direct stores in place, for servers that forbid renaming.\n" +
    "Folders: ftp mirror --upload.",
  options: {
    append: { help: "append to the remote file" },
    direct: { help: "store in place" },
    "limit-rate": { value: "SIZE", help: "maximum bytes a second, such as 2M" },
  },
  read(args, names) {
    const { operands } = args;
    // In a shell the last one is a folder of the server.
    if (isFtpUrl(operands[0]!) && !isFtpUrl(operands.at(-1)!)) {
      throw new UsageError("the URL comes last: ftp put FILE… URL");
    }
    const target = names.remote(operands.at(-1)!);
    const files = operands.slice(0, -1);
    const isFolder = /^$|\/$/.test(target.path);
    if (!isFolder && files.length > 1) {
      throw new UsageError("the URL must be a folder for several files: end it with a slash");
    }
    if (isFolder && files.includes("-")) {
      throw new UsageError("standard input has no name: give one in the URL");
    }
    return {
      target,
      files: files.map((file) => ({
        file,
        source: file === "-" ? file : names.local(file),
        path: isFolder ? `${target.path}${file.slice(file.lastIndexOf("/") + 1)}` : target.path,
      })),
      append: args.has("append"),
      direct: args.has("direct"),
      rate: args.bytes("limit-rate"),
    };
  },
  targets: ({ target }) => [target],
  files({ files }) {
    const read = files.map(({ source }) => source).filter((source) => source !== "-");
    return read.length > 0 ? { read } : {};
  },
});
