/**
 * `netwright ftp copy`: a file from one FTP server to another (6.1 of the book's list).
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import { type FtpCommand, ftpCommand } from "../../ftp/command.ts";
import { type FtpTarget } from "../../ftp/target.ts";

/** The source, the target, and how to copy. */
export interface CopyWork {
  /** The file. */
  readonly source: FtpTarget;
  /** Where it goes. */
  readonly target: FtpTarget;
  /** Whether one server connects to the other. */
  readonly direct: boolean;
}

/** The command. */
export const command: FtpCommand<CopyWork> = ftpCommand({
  name: "ftp copy",
  summary: "copy a file between two FTP servers",
  operands: "URL URL",
  count: { min: 2, max: 2 },
  examples: [
    "ftp copy ftp://a.example.org/x.iso ftp+tls://ann@example.org/pub/",
    "ftp copy --direct ftp://a.example.org/x.iso ftp://ann@example.org/",
  ],
  details:
    "The data passes through this host and is not stored here. --direct transfers from server to server\n" +
    "(FXP), which most servers refuse and TLS does not allow. A second URL that ends with a slash is a folder.",
  options: {
    direct: { help: "from server to server" },
  },
  read(args, names) {
    const [first = "", second = ""] = args.operands;
    const [source, target] = [names.remote(first), names.remote(second)];
    const name = source.path.replace(/^.*\//, "");
    if (name === "") throw new UsageError("the first URL names no file");
    const path = /^$|\/$/.test(target.path) ? `${target.path}${name}` : target.path;
    return { source, target: { ...target, path }, direct: args.has("direct") };
  },
  targets: ({ source, target }) => [source, target],
});
