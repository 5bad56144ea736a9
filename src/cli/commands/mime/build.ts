/**
 * `netwright mime build`: a message, or a part for a larger one, made of files (7.3 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import { UsageError } from "../../../net/mod.ts";
import { mediaTypeOf } from "../../../reference/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import type { Command } from "../../command/command.ts";
import { inputCapabilities } from "../../mail/options.ts";
import { CHARSET_OPTIONS } from "../../command/common_options.ts";

/** The parts of a message. */
export interface BuildPlan {
  /** The files. */
  readonly files: readonly SourceFile[];
  /** The type of several files. */
  readonly type: string | undefined;
  /** Fields: `Name: text`. */
  readonly headers: readonly string[];
  /** Whether files are shown in the message, not attached. */
  readonly inline: boolean;
  /** Charset of texts. */
  readonly charset: string | undefined;
}

/** The command. */
export const command: Command<BuildPlan> = {
  name: "mime build",
  summary: "build a MIME message or part from files",
  operands: "FILE…",
  count: { min: 1, max: Infinity },
  examples: [
    "mime build a.txt b.jpg --header 'Subject: Holidays' > letter.eml",
    "mime build --type multipart/alternative a.txt a.html > both.eml",
  ],
  details:
    "FILE may be - for a part that was built before, with its header: so parts are nested by pipes.\n" +
    "One FILE without --type is a message of this file alone. A FILE may have its own type:\n" +
    "TYPE=FILE, such as text/plain=README.",
  options: {
    type: { value: "TYPE", help: "of several files, such as multipart/related" },
    header: { value: "FIELD", many: true, help: "a field: 'Name: text'" },
    inline: { help: "files are shown in the message, not attached" },
    ...CHARSET_OPTIONS,
  },
  plan(args) {
    const files = filesOf(args);
    const type = args.value("type") ?? (files.length > 1 ? "multipart/mixed" : undefined);
    if (type !== undefined && !/^multipart\/[\w.+-]+$/i.test(type)) {
      throw new UsageError(`--type must be a multipart type, not ${JSON.stringify(type)}`);
    }
    return {
      files,
      type,
      headers: args.values("header"),
      inline: args.has("inline"),
      charset: args.value("charset"),
    };
  },
  capabilities: ({ files }) => union(...files.map(({ path }) => inputCapabilities(path))),
};

/** A file and its role. */
export interface SourceFile {
  readonly path: string;
  readonly type: string;
}

function filesOf(args: Arguments): SourceFile[] {
  const files = args.operands.map((operand) => {
    const [, type, path] = /^([a-z]+\/[\w.+-]+)=(.+)$/is.exec(operand) ?? [];
    return path === undefined
      ? { path: operand, type: mediaTypeOf(operand) }
      : { path, type: type! };
  });
  const ready = files.filter(({ path }) => path === "-").length;
  if (ready > 1) throw new UsageError("standard input (-) can be used only once");
  if (files.length === 1 && ready === 1 && args.values("header").length > 0 && !args.has("type")) {
    throw new UsageError(
      "a part that was built before has its header: --type puts it into another",
    );
  }
  return files;
}
