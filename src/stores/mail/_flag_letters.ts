/**
 * Flags as letters of file names.
 *
 * @module
 */

import { keywordIndex, MAX_KEYWORDS } from "./maildir_names.ts";
import type { UidState } from "./_uid_lines.ts";
import { lettersIn, type UidList } from "./_uid_list.ts";
import type { FlagsChange } from "./mail_store.ts";

/**
 * Gives keywords letters that have none. A Maildir has 26; when all are in use, further keywords are not kept.
 */
export async function keepKeywords(
  uids: UidList,
  state: UidState,
  flags: Iterable<string>,
): Promise<void> {
  const isKeyword = (flag: string) => /^[^\s\\\x00-\x1f\x7f(){%*"\]]{1,100}$/.test(flag);
  const unknown = [...flags].filter((flag) =>
    isKeyword(flag) && keywordIndex(flag, state.keywords) < 0
  );
  await uids.addKeywords(state, unknown);
}

/** Whether a folder takes further keywords. */
export function hasRoom(state: UidState): boolean {
  const used = lettersIn(state);
  for (let number = 0; number < MAX_KEYWORDS; number++) {
    if (!used.has(String.fromCharCode(97 + number))) return true;
  }
  return false;
}

/** Changes the sorted letters of a message. */
export function changeLetters(before: string, letters: string, mode: FlagsChange["mode"]): string {
  if (mode === "set") return letters;
  if (mode === "add") return [...new Set(before + letters)].sort().join("");
  return [...before].filter((letter) => !letters.includes(letter)).join("");
}
