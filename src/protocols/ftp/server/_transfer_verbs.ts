/**
 * Verbs that need a data connection.
 *
 * @module
 */

import { type TreeEntry, TreeError } from "../../../stores/mod.ts";
import { isNamePattern, matchesName } from "../../wire/internal.ts";
import { decodeNvt, encodeNvt } from "../codec/text.ts";
import type { FtpServerState, FtpVerb } from "./_state.ts";
import { formatFactsLine, formatUnixLine } from "./_lists.ts";
import { formatPath } from "./_paths.ts";

/** Lines of a listing that are sent together. */
const LINES_AT_ONCE = 200;

/** Makes them. */
export function transferVerbs(state: FtpServerState): Record<string, FtpVerb> {
  const encoder = new TextEncoder();

  /** Sends lines. */
  const list = async (lines: readonly string[]): Promise<void> => {
    await state.transfers.begin({
      opening: "Here comes the listing.",
      run: (data) =>
        data.send((function* () {
          for (let at = 0; at < lines.length; at += LINES_AT_ONCE) {
            const some = lines.slice(at, at + LINES_AT_ONCE);
            yield encoder.encode(some.map((line) => `${line}\r\n`).join(""));
          }
        })()),
    });
  };

  /** A folder's entries, those that match a pattern, or the one file. */
  const entriesOf = async (
    argument: string,
  ): Promise<(readonly [name: string, entry: TreeEntry])[]> => {
    const path = state.resolve(argument);
    const entry = await state.tree.stat(path);
    if (entry === undefined) {
      const before = argument.slice(0, argument.lastIndexOf("/") + 1);
      const pattern = argument.slice(before.length);
      if (!isNamePattern(pattern) || isNamePattern(before)) throw new TreeError("not found");
      return listable(await state.tree.list(path.slice(0, -1)))
        .filter(([name]) => matchesName(pattern, name))
        .map(([name, found]) => [`${before}${name}`, found]);
    }
    return entry.kind === "folder" ? listable(await state.tree.list(path)) : [[argument, entry]];
  };

  const reporterOf = (verb: string, path: readonly string[]) => {
    const begun = performance.now();
    return (bytes: number, complete: boolean): void =>
      state.options.onTransfer?.({
        user: state.userName,
        verb,
        path: formatPath(path),
        bytes,
        ms: performance.now() - begun,
        complete,
      });
  };

  const takeOffset = (): number => {
    const { offset } = state;
    state.offset = 0;
    return offset;
  };

  /** Looks up a path; rejects anything but a file before a transfer begins. */
  const fileAt = async (path: readonly string[]): Promise<TreeEntry | undefined> => {
    const entry = await state.tree.stat(path);
    if (entry === undefined || entry.kind === "file") return entry;
    if (entry.kind === "folder") throw new TreeError("is a folder");
    throw new TreeError(entry.kind === "link" ? "is a link" : "no file");
  };

  const store = async (
    verb: string,
    path: readonly string[],
    opening: string,
  ): Promise<void> => {
    const offset = takeOffset();
    const { type, tree } = state;
    const size = (await fileAt(path))?.size ?? 0;
    if (verb === "STOR" && offset > size) {
      return await state.reply(554, "REST is behind the end of the file.");
    }
    const folder = await tree.stat(path.slice(0, -1));
    if (folder === undefined) throw new TreeError("not found");
    if (folder.kind !== "folder") throw new TreeError("no folder");
    await state.transfers.begin({
      opening,
      run: (data) =>
        tree.write(
          path,
          type === "A" ? decodeNvt(data.receive()) : data.receive(),
          {
            at: verb === "APPE" ? "end" : verb === "STOR" && offset > 0 ? offset : undefined,
            keepNew: true,
          },
        ),
      onEnd: reporterOf(verb, path),
    });
  };

  const pathOf = (argument: string): string => {
    if (argument === "") throw new TreeError("denied", { operation: "transfer" });
    return argument;
  };

  return {
    async LIST(argument) {
      // Options of `ls`, which many clients send; hidden files are listed anyway.
      const path = argument.replace(/^(?:-[A-Za-z]+(?: |$))+/, "");
      const now = new Date();
      const entries = await entriesOf(path);
      await list(entries.map(([name, entry]) => formatUnixLine(name, entry, now)));
    },
    async NLST(argument) {
      const path = argument.replace(/^(?:-[A-Za-z]+(?: |$))+/, "");
      const entries = await entriesOf(path);
      // Names of one file, or by a pattern, are paths already.
      const isFolder = (await state.tree.stat(state.resolve(path)))?.kind === "folder";
      const before = !isFolder || path === "" ? "" : `${path.replace(/\/$/, "")}/`;
      await list(entries.map(([name]) => `${before}${name}`));
    },
    async MLSD(argument) {
      const path = state.resolve(argument);
      const folder = await state.tree.stat(path);
      if (folder === undefined) throw new TreeError("not found");
      if (folder.kind !== "folder") return await state.reply(501, "MLSD lists folders only.");
      const { facts, user } = state;
      const { canWrite } = user!;
      const entries = listable(await state.tree.list(path));
      await list([
        formatFactsLine(".", folder, canWrite, facts, "cdir"),
        ...entries.map(([name, entry]) => formatFactsLine(name, entry, canWrite, facts)),
      ]);
    },
    async RETR(argument) {
      const path = state.resolve(pathOf(argument));
      const offset = takeOffset();
      const entry = await fileAt(path);
      if (entry === undefined) throw new TreeError("not found");
      if (offset > entry.size) return await state.reply(554, "REST is behind the end of the file.");
      const { type, tree } = state;
      await state.transfers.begin({
        opening: `${entry.size - offset} bytes are coming.`,
        // Opened only when there is someone to send it to, so that it is closed as well.
        async run(data) {
          const content = await tree.read(path, offset);
          await data.send(type === "A" ? encodeNvt(content) : content);
        },
        onEnd: reporterOf("RETR", path),
      });
    },
    async STOR(argument) {
      await store("STOR", state.resolve(pathOf(argument)), "Ready for the file.");
    },
    async APPE(argument) {
      await store("APPE", state.resolve(pathOf(argument)), "Ready for the rest.");
    },
    async STOU() {
      const name = `ftp-${crypto.randomUUID()}`;
      await store("STOU", state.resolve(name), `FILE: ${name}`);
    },
  };
}

/** Names that would break out of their line are left out: no client could ask for them. */
function listable<T>(entries: (readonly [name: string, entry: T])[]): (readonly [string, T])[] {
  // deno-lint-ignore no-control-regex -- just these must not be there
  return entries.filter(([name]) => !/[\r\n\0]/.test(name));
}
