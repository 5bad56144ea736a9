/**
 * `netwright ftp get`: files of an FTP server to here (6.1 of the book's list).
 *
 * @module
 */

import { planMirror } from "../../ftp/mirror_plan.ts";
import type { MirrorPlan } from "../../ftp/mirror_plan.ts";
import { type FtpCommand, ftpCommand } from "../../ftp/command.ts";
import { UsageError } from "../../../net/mod.ts";
import { checkName, partialPath } from "../../../stores/internal.ts";
import type { Arguments } from "../../command/arguments.ts";
import { BY_URL, type FtpNames, type FtpTarget } from "../../ftp/target.ts";

/** What goes where. */
export interface DownloadRequest {
  /** The file to download. */
  readonly target: FtpTarget;
  /** The file, or folder, that it becomes. */
  readonly file: string;
}

/** The files to download, and how. */
export interface GetWork {
  /** What goes where. */
  readonly requested: readonly DownloadRequest[];
  /** Whether it goes to standard output. */
  readonly toStdout: boolean;
  /** Whether transfers resume a partial file. */
  readonly resume: boolean;
  /** Bytes a second over all. */
  readonly rate: number | undefined;
  /** Files at once. */
  readonly parallel: number;
  /** How folders are fetched; absent for files. */
  readonly mirror: MirrorPlan | undefined;
}

/** The command. */
export const command: FtpCommand<GetWork> = ftpCommand({
  name: "ftp get",
  summary: "download files from an FTP server",
  operands: "URL…",
  count: { min: 1, max: Infinity },
  examples: [
    "ftp get ftp://ftp.example.org/pub/README",
    "ftp get --to /tmp/ --continue ftp://ftp.example.org/a.iso",
    "ftp get --recursive --to here/ ftp://ftp.example.org/pub/docs/",
  ],
  details:
    "A file is written as .NAME.part and renamed when it is complete, with the server's modification\n" +
    "time. --continue resumes an earlier attempt; --recursive always does.",
  options: {
    to: {
      value: "PATH",
      short: "o",
      help: "file, folder (with a slash), or - for standard output",
    },
    continue: { short: "c", help: "go on where an attempt ended" },
    recursive: { short: "r", help: "folders with their contents" },
    parallel: { value: "N", short: "P", help: "files at once (default 4)" },
    "limit-rate": { value: "SIZE", help: "maximum bytes a second in all, such as 2M" },
  },
  read(args, names) {
    const recursive = args.has("recursive");
    return {
      requested: requestedBy(args, names),
      toStdout: args.value("to") === "-",
      resume: args.has("continue"),
      rate: args.bytes("limit-rate"),
      parallel: args.integer("parallel", { min: 1, max: 64, fallback: 4 }),
      mirror: recursive ? planMirror(args) : undefined,
    };
  },
  targets: ({ requested }) => requested.map(({ target }) => target),
  files({ requested, toStdout, mirror }) {
    if (toStdout) return {};
    const paths = requested.flatMap(({ file }) => mirror ? [file] : [file, partialPath(file)]);
    return { read: paths, write: paths };
  },
  links: ({ requested, mirror }) => mirror === undefined ? [] : requested.map(({ file }) => file),
});

/** Which files go where. */
function requestedBy(args: Arguments, names: FtpNames): DownloadRequest[] {
  const to = args.value("to");
  if (to === "-" && args.has("recursive")) {
    throw new UsageError("a folder does not fit in a stream");
  }
  const isFolder = to?.endsWith("/") === true;
  if (to !== undefined && to !== "-" && !isFolder && args.operands.length > 1) {
    throw new UsageError("--to must be a folder for several files: end it with a slash");
  }
  const isRecursive = args.has("recursive");
  const last = args.operands.at(-1)!;
  if (args.operands.length > 1 && names === BY_URL && !last.includes("://") && last.includes("/")) {
    throw new UsageError(`${last} is no URL: where files go is named by --to ${last}`);
  }
  return args.operands.map((text) => {
    const target = names.remote(text);
    const path = isRecursive ? target.path.replace(/\/+$/, "") : target.path;
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (to !== undefined && !isFolder && (isRecursive || name !== "")) {
      return { target, file: names.local(to) };
    }
    if (name === "") {
      throw new UsageError(
        isRecursive
          ? "the URL names no folder: say where --to"
          : "the URL names a folder: --recursive downloads it",
      );
    }
    // A name from the command line can still be unusable for a file, such as `..`.
    checkName(name, { portable: false });
    return { target, file: names.local(`${to ?? ""}${name}`) };
  });
}
