/**
 * `netwright ftp mirror`: a folder made like one of an FTP server, or the other way round (6.2 of the book's list).
 *
 * @module
 */

import { planMirror } from "../../ftp/mirror_plan.ts";
import type { MirrorPlan } from "../../ftp/mirror_plan.ts";
import { type FtpCommand, ftpCommand } from "../../ftp/command.ts";
import { UsageError } from "../../../net/mod.ts";
import { FILE_CHOICE_OPTIONS } from "../../command/file_choice.ts";
import { type FtpTarget, isFtpUrl } from "../../ftp/target.ts";

const MANUAL = `A file is written as .NAME.VERSION.part and renamed when it is complete, with
the source's time and permissions. A later run resumes partial files, and
transfers only changed ones. Links are kept if they lead to a
place inside; nothing is ever written through one. Where a listing is not exact,
the server is asked for the exact time, and where it keeps no times, a file that
is not older than its source counts as the same.

GLOB is a name at any depth (*.iso), a path from the root if it has a slash
(docs/**/*.pdf), and folders only if it ends with one (.git/). What is excluded
is left alone on both sides.`;

/** The two folders, the direction, and how to mirror. */
export interface MirrorWork {
  /** The folder of the server. */
  readonly target: FtpTarget;
  /** The local folder. */
  readonly folder: string;
  /** Whether the local folder is the source. */
  readonly upload: boolean;
  /** How. */
  readonly mirror: MirrorPlan;
}

/** The command. */
export const command: FtpCommand<MirrorWork> = ftpCommand({
  name: "ftp mirror",
  summary: "mirror a folder from or to an FTP server",
  operands: "URL DIR",
  count: { min: 2, max: 2 },
  examples: [
    "ftp mirror ftp://ftp.example.org/pub/ pub",
    "ftp mirror --upload --delete ftp+tls://ann@example.org/www/ site",
  ],
  details: "Files are compared by size and time. Failures are reported, and the status is 4.",
  manual: MANUAL,
  options: {
    upload: { help: "mirror DIR to the server" },
    delete: { help: "remove files that the source does not have" },
    "dry-run": { short: "n", help: "show the plan only" },
    ...FILE_CHOICE_OPTIONS,
    parallel: { value: "N", short: "P", help: "connections at once (default 4)" },
    "limit-rate": { value: "SIZE", help: "maximum bytes a second in all, such as 2M" },
    checksum: { rare: true, help: "compare files of the same size by SHA-256" },
    direct: { rare: true, help: "store in place, for servers that forbid renaming" },
    portable: { rare: true, help: "refuse names that are not valid on all platforms" },
    retries: { value: "N", rare: true, help: "retries after a temporary failure (default 4)" },
  },
  read(args, names) {
    const upload = args.has("upload");
    const [url = "", folder = ""] = inOrder(args.operands, upload);
    return {
      target: names.remote(url),
      folder: names.local(folder).replace(/(?<=.)\/+$/, ""),
      upload,
      mirror: planMirror(args),
    };
  },
  targets: ({ target }) => [target],
  files: ({ folder, upload }) => upload ? { read: [folder] } : { read: [folder], write: [folder] },
  links: ({ folder, upload }) => upload ? [] : [folder],
});

/** Accepts the source first as well, where it is a folder that is uploaded. */
function inOrder(operands: readonly string[], isUpload: boolean): readonly string[] {
  const [first = "", second = ""] = operands;
  if (isFtpUrl(first) || !isFtpUrl(second)) return operands;
  if (isUpload) return [second, first];
  throw new UsageError("the URL comes first; to mirror a folder to the server, add --upload");
}
