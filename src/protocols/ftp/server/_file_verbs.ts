/**
 * Verbs of folders and files that need no data connection.
 *
 * @module
 */

import { trimBlanks } from "../../../net/internal.ts";
import { isWithinRoot, sha256 } from "../../../stores/internal.ts";
import { type TreeEntry, TreeError } from "../../../stores/mod.ts";
import { formatFtpTime, parseFtpTime } from "../codec/time.ts";
import type { FtpServerState, FtpVerb } from "./_state.ts";
import { formatFactsLine } from "./_lists.ts";
import { formatPath, quotePath, splitWords } from "./_paths.ts";

/** Makes them. */
export function fileVerbs(state: FtpServerState): Record<string, FtpVerb> {
  const reply = state.reply.bind(state);

  const existing = async (path: readonly string[]): Promise<TreeEntry> => {
    const entry = await state.tree.stat(path);
    if (entry === undefined) throw new TreeError("not found");
    return entry;
  };

  const pwd: FtpVerb = () => reply(257, `${quotePath(state.folder)} is the current folder.`);
  const cwd: FtpVerb = async (argument) => {
    const folder = state.resolve(argument);
    if ((await existing(folder)).kind !== "folder") throw new TreeError("no folder");
    state.folder = folder;
    await reply(250, `${formatPath(folder)} is the current folder.`);
  };
  const cdup: FtpVerb = () => cwd("..");
  const mkd: FtpVerb = async (argument) => {
    const folder = state.resolve(argument);
    await state.tree.makeFolder(folder);
    await reply(257, `${quotePath(folder)} was made.`);
  };
  const rmd: FtpVerb = async (argument) => {
    await state.tree.removeFolder(state.resolve(argument));
    await reply(250, "Folder removed.");
  };

  const setTime = async (argument: string): Promise<string | undefined> => {
    const [, digits = "", name = ""] = /^(\S+) (.+)$/s.exec(argument) ?? [];
    const time = parseFtpTime(digits);
    if (time === undefined) return undefined;
    await state.tree.setModified(state.resolve(name), time);
    return digits;
  };

  const site: Record<string, FtpVerb> = {
    async CHMOD(argument) {
      const [, digits, name] = /^([0-7]{3,4}) (.+)$/s.exec(argument) ?? [];
      if (digits === undefined) return await reply(501, "SITE CHMOD requires a mode and a name.");
      // Set-user-id and the like cannot be set.
      await state.tree.setMode(state.resolve(name!), parseInt(digits, 8) & 0o777);
      await reply(200, "Mode changed.");
    },
    async UTIME(argument) {
      const done = await setTime(argument);
      await (done === undefined
        ? reply(501, "SITE UTIME requires a time and a name.")
        : reply(200, "Time changed."));
    },
    async SYMLINK(argument) {
      const [target, name] = splitWords(argument) ?? [];
      if (target === undefined || name === undefined) {
        return await reply(501, 'SITE SYMLINK wants "TARGET" "LINK".');
      }
      const link = state.resolve(name);
      if (!isWithinRoot(link, target)) return await reply(553, "That leads outside.");
      await state.tree.makeLink(link, target);
      await reply(200, "Link made.");
    },
    async HELP() {
      await reply(214, "SITE CHMOD, SITE SYMLINK, SITE UTIME");
    },
  };

  return {
    PWD: pwd,
    XPWD: pwd,
    CWD: cwd,
    XCWD: cwd,
    CDUP: cdup,
    XCUP: cdup,
    MKD: mkd,
    XMKD: mkd,
    RMD: rmd,
    XRMD: rmd,
    async DELE(argument) {
      await state.tree.remove(state.resolve(argument));
      await reply(250, "File removed.");
    },
    async RNFR(argument) {
      const path = state.resolve(argument);
      await existing(path);
      state.renaming = path;
      await reply(350, "Ready for RNTO.");
    },
    async RNTO(argument) {
      const from = state.renaming;
      state.renaming = undefined;
      if (from === undefined) return await reply(503, "RNFR comes first.");
      await state.tree.rename(from, state.resolve(argument));
      await reply(250, "Renamed.");
    },
    async SIZE(argument) {
      if (state.type === "A") {
        return await reply(550, "Text has no size: send TYPE I first.");
      }
      const { kind, size } = await existing(state.resolve(argument));
      if (kind !== "file") return await reply(550, "Not a plain file.");
      await reply(213, String(size));
    },
    async MDTM(argument) {
      // A time before the name sets it, as some clients will have it.
      if (/^\d{14}(?:\.\d+)? ./s.test(argument) && state.user?.canWrite) {
        const done = await setTime(argument);
        if (done !== undefined) return await reply(213, `Modify=${done};`);
      }
      const { modified } = await existing(state.resolve(argument));
      await reply(213, formatFtpTime(new Date(Math.floor(modified.getTime() / 1000) * 1000)));
    },
    async MFMT(argument) {
      const done = await setTime(argument);
      await (done === undefined
        ? reply(501, "MFMT requires a time and a name.")
        : reply(213, `Modify=${done}; ${argument.slice(done.length + 1)}`));
    },
    async MLST(argument) {
      const path = state.resolve(argument);
      const entry = await existing(path);
      const { user, facts } = state;
      const type = path.length === 0 ? "cdir" : undefined;
      const line = formatFactsLine(formatPath(path), entry, user!.canWrite, facts, type);
      await reply(250, "Listing:", ` ${line}`, "End");
    },
    async HASH(argument) {
      const path = state.resolve(argument);
      const { kind, size } = await existing(path);
      if (kind !== "file") return await reply(550, "Not a plain file.");
      const hash = await sha256(await state.tree.read(path, 0));
      await reply(213, `SHA-256 0-${size} ${hash} ${argument}`);
    },
    async SITE(argument) {
      const [word = ""] = argument.split(" ", 1);
      const name = word.toUpperCase();
      const run = Object.hasOwn(site, name) ? site[name] : undefined;
      if (run === undefined) return await reply(504, "There is no such SITE command.");
      return await run(trimBlanks(argument.slice(word.length)));
    },
    async STAT(argument) {
      if (argument === "") {
        const busy = state.transfers.isBusy
          ? "A transfer is under way."
          : "No transfer is under way.";
        return await reply(211, "Status:", ` Logged in as ${state.userName}`, ` ${busy}`, "End");
      }
      await reply(504, "MLST lists one file, LIST a folder.");
    },
  };
}
