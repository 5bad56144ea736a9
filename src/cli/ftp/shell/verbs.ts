/**
 * What may be typed in a shell: the commands of the family, and what only a shell can do.
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";

/** The kind of an operand. */
export type OperandKind = "remote" | "local" | "text";

/** A verb that is a command. */
export interface CommandVerb {
  /** Its summary for the help; by default the summary of its command. */
  readonly usage: string;
  /** One line of help. */
  readonly summary: string;
  /** The name of the command. */
  readonly command: string;
  /** What its operands name, the last one for all that follow. */
  readonly operands: readonly OperandKind[];
  /** Makes the command's operands from the typed words. */
  readonly complete?: (operands: readonly string[]) => string[];
}

/** Verbs that are commands, by name. */
export const COMMAND_VERBS: Readonly<Record<string, CommandVerb>> = {
  ls: {
    usage: "ls [--long] [PATH…]",
    summary: "list folders",
    command: "ftp ls",
    operands: ["remote"],
    complete: (paths) => paths.length === 0 ? ["."] : [...paths],
  },
  cat: {
    usage: "cat PATH…",
    summary: "show files",
    command: "ftp cat",
    operands: ["remote"],
  },
  get: {
    usage: "get [--continue] [--recursive] [--to PATH] PATH…",
    summary: "fetch files",
    command: "ftp get",
    operands: ["remote"],
  },
  put: {
    usage: "put FILE…",
    summary: "store files in the folder of the server",
    command: "ftp put",
    operands: ["local"],
    complete: (files) => {
      if (files.includes("-")) throw new UsageError("standard input is the shell's");
      return [...files, "./"];
    },
  },
  mirror: {
    usage: "mirror [--upload] [--delete] [--dry-run] PATH [FOLDER]",
    summary: "mirror a folder from or to the server",
    command: "ftp mirror",
    operands: ["remote", "local"],
    complete: ([path = "", folder = path.replace(/\/+$/, "").replace(/^.*\//, "")]) => {
      if (folder === "") throw new UsageError("the local folder is missing");
      return [path, folder];
    },
  },
  cp: {
    usage: "cp [--direct] FROM TO",
    summary: "copy a file; the bytes come by here",
    command: "ftp copy",
    operands: ["remote"],
  },
  mv: {
    usage: "mv FROM TO",
    summary: "rename; a slash at the end of TO means into that folder",
    command: "ftp mv",
    operands: ["remote"],
  },
  rm: {
    usage: "rm [--recursive] [--force] PATH…",
    summary: "remove; a slash at the end means a folder",
    command: "ftp rm",
    operands: ["remote"],
  },
  mkdir: {
    usage: "mkdir [--parents] PATH…",
    summary: "make folders",
    command: "ftp mkdir",
    operands: ["remote"],
  },
  chmod: {
    usage: "chmod MODE PATH…",
    summary: "change permission bits",
    command: "ftp chmod",
    operands: ["text", "remote"],
  },
  quote: {
    usage: "quote COMMAND",
    summary: "send a raw command",
    command: "ftp quote",
    operands: ["text"],
    complete: (words) => [".", words.join(" ")],
  },
};

/** Verbs of the shell itself: usage, help, and what their operand names. */
export const OWN_VERBS: Readonly<
  Record<
    string,
    { readonly usage: string; readonly summary: string; readonly operands: readonly OperandKind[] }
  >
> = {
  cd: {
    usage: "cd [PATH]",
    summary: "go to another folder; without one, to the first",
    operands: ["remote"],
  },
  pwd: { usage: "pwd", summary: "print the current folder", operands: [] },
  lcd: { usage: "lcd [FOLDER]", summary: "the same here", operands: ["local"] },
  lpwd: { usage: "lpwd", summary: "print the current local folder", operands: [] },
  lls: { usage: "lls [FOLDER]", summary: "list a local folder", operands: ["local"] },
  help: { usage: "help [VERB]", summary: "list the verbs, or explain one", operands: ["text"] },
  exit: { usage: "exit", summary: "end; Control-D does too", operands: [] },
};

/** Other names of verbs. */
export const ALIASES: Readonly<Record<string, string>> = {
  dir: "ls",
  more: "cat",
  mget: "get",
  mput: "put",
  rename: "mv",
  delete: "rm",
  del: "rm",
  bye: "exit",
  quit: "exit",
  "?": "help",
};
