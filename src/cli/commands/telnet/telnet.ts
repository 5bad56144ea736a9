/**
 * `netwright telnet`: a session with a Telnet server (6.4 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import type { LogPlace } from "../../telnet/session_log.ts";
import { planTelnet, TELNET_OPTIONS, type TelnetPlan } from "../../telnet/target.ts";

/** The server, the escape key, and the log. */
export interface TelnetSessionPlan extends TelnetPlan {
  /** The escape key as the terminal sends it; undefined for none. */
  readonly escape: string | undefined;
  /** Where the session may be recorded. */
  readonly log: LogPlace | undefined;
}

/** The command. */
export const command: Command<TelnetSessionPlan> = {
  name: "telnet",
  summary: "open a terminal session on a Telnet server",
  operands: "HOST[:PORT]|URL [PORT]",
  count: { min: 1, max: 2 },
  examples: ["telnet host.example.org", "telnet telnets://bbs.example.org --charset latin1"],
  details:
    "Control-] opens a prompt: status, send brk|ip|ayt|ao|ec|el, log FILE, quit. All other keys go to\n" +
    "the server. Input from a pipe is sent as lines; the output ends when the server closes, or\n" +
    "is silent for --timeout seconds (default 5). Control sequences that could harm are left out.",
  options: {
    escape: { value: "KEY", help: "^A to ^_ opens the prompt (default ^]), or none" },
    log: { value: "PATH", help: "record the session to a file, or allow that in a folder" },
    ...TELNET_OPTIONS,
  },
  async plan(args, host) {
    const [server = "", port] = args.operands;
    if (port !== undefined && !/^\d{1,5}$/.test(port)) {
      throw new UsageError(
        `${JSON.stringify(port)} is not a port; see also telnet run, telnet script`,
      );
    }
    const telnet = await planTelnet(args, host, port === undefined ? server : `${server}:${port}`);
    const path = args.value("log");
    const log = path === undefined ? undefined : { path, isFolder: await isFolder(path) };
    return {
      ...telnet,
      needs: union(
        telnet.needs,
        { env: ["TERM"] },
        path === undefined ? {} : { read: [path], write: [path] },
      ),
      escape: keyOf(args.value("escape") ?? "^]"),
      log,
    };
  },
  capabilities: ({ needs }) => needs,
};

/** Reads a key such as `^]`. */
function keyOf(text: string): string | undefined {
  if (text === "none") return undefined;
  const [, letter] = /^\^([A-Za-z[\]\\^_@])$/.exec(text) ?? [];
  if (letter === undefined) {
    throw new UsageError("--escape takes ^ and a letter, such as ^], or none");
  }
  return String.fromCharCode(letter.toUpperCase().charCodeAt(0) & 0x1f);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    // A file that is still to be made; whether that works is found out when it is opened.
    return false;
  }
}
