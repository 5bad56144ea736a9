/**
 * `netwright ftp copy`: a file from one FTP server to another (6.1 of the book's list).
 *
 * @module
 */

import { commandByArguments } from "../../command/arguments_plan.ts";
import { FTP_OPTIONS, ftpCapabilities, parseFtpUrl } from "../../ftp/target.ts";

/** The command. */
export const command = commandByArguments({
  name: "ftp copy",
  summary: "copy a file from an FTP server to another one",
  operands: "URL URL",
  count: { min: 2, max: 2 },
  examples: [
    "ftp copy ftp://a.example.org/x.iso ftp+tls://ann@example.org/pub/",
    "ftp copy --direct ftp://a.example.org/x.iso ftp://ann@example.org/",
  ],
  details:
    "The bytes come by here and are kept nowhere. --direct lets one server connect to the other (FXP),\n" +
    "which most refuse, and which TLS does not allow. A slash at the end of the second URL is a folder.",
  options: {
    direct: { help: "from server to server" },
    ...FTP_OPTIONS,
  },
  capabilities: (args, host) => ftpCapabilities(args, host, args.operands.map(parseFtpUrl)),
});
