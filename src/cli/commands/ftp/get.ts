/**
 * `netwright ftp get`: files of an FTP server to here (6.1 of the book's list).
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";
import { union, UsageError } from "../../../net/mod.ts";
import { checkName, partialPath } from "../../../stores/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import { NO_BROKER } from "../../command/broker.ts";
import {
  BY_URL,
  FTP_OPTIONS,
  ftpCapabilities,
  type FtpNames,
  type FtpTarget,
} from "../../ftp/target.ts";

/** The command. */
export const command = commandByArguments({
  name: "ftp get",
  summary: "fetch files from an FTP server",
  operands: "URL…",
  count: { min: 1, max: Infinity },
  examples: [
    "ftp get ftp://ftp.example.org/pub/README",
    "ftp get --to /tmp/ --continue ftp://ftp.example.org/a.iso",
    "ftp get --recursive --to here/ ftp://ftp.example.org/pub/docs/",
  ],
  details:
    "A file grows as .NAME.part beside its place until it is whole, then takes it, with the server's time.\n" +
    "What an attempt has left, --continue goes on with; --recursive always does.",
  options: {
    to: { value: "PATH", short: "o", help: "a file, with a slash a folder, or - for stdout" },
    continue: { short: "c", help: "go on where an attempt ended" },
    recursive: { short: "r", help: "folders with all that is in them" },
    parallel: { value: "N", short: "P", help: "files at once (default 4)" },
    "limit-rate": { value: "SIZE", help: "bytes a second over all, such as 2M" },
    ...FTP_OPTIONS,
  },
  async capabilities(args, host) {
    const wanted = wantedBy(args);
    const net = await ftpCapabilities(args, host, wanted.map(({ target }) => target));
    if (args.value("to") === "-") return net;
    const paths = wanted.flatMap(({ file }) =>
      args.has("recursive") ? [file] : [file, partialPath(file)]
    );
    return union(net, { read: paths, write: paths });
  },
  brokered: (args) =>
    args.has("recursive")
      ? { ...NO_BROKER, links: wantedBy(args).map(({ file }) => file) }
      : NO_BROKER,
});

/** What goes where. */
export interface Wanted {
  readonly target: FtpTarget;
  readonly file: string;
}

/** Which files go where. */
export function wantedBy(args: Arguments, names: FtpNames = BY_URL): Wanted[] {
  const to = args.value("to");
  if (to === "-" && args.has("recursive")) {
    throw new UsageError("a folder does not fit in a stream");
  }
  const isFolder = to?.endsWith("/") === true;
  if (to !== undefined && to !== "-" && !isFolder && args.operands.length > 1) {
    throw new UsageError("--to wants a folder for several files: a slash at its end");
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
      throw new UsageError(`the URL names no ${isRecursive ? "folder: say where --to" : "file"}`);
    }
    // What the user typed may still be no name, such as `..`.
    checkName(name, { portable: false });
    return { target, file: names.local(`${to ?? ""}${name}`) };
  });
}
