/**
 * Flags as letters of file names.
 *
 * @module
 */

import { keywordIndex, MAX_KEYWORDS } from "./_maildir_names.ts";
import type { UidState } from "./_uid_lines.ts";
import type { UidList } from "./_uid_list.ts";
import type { FlagsChange } from "./mail_store.ts";

/** Gives keywords letters that have none; a Maildir has no letters for more than 26, such keywords are not kept. */
export async function keepKeywords(
  uids: UidList,
  state: UidState,
  flags: Iterable<string>,
): Promise<void> {
  for (const flag of flags) {
    const isKeyword = /^[^\s\\\x00-\x1f\x7f(){%*"\]]{1,100}$/.test(flag);
    if (!isKeyword || keywordIndex(flag, state.keywords) >= 0) continue;
    if (state.keywords.length < MAX_KEYWORDS) await uids.addKeyword(state, flag);
  }
}

/** Changes the sorted letters of a message. */
export function changeLetters(before: string, letters: string, mode: FlagsChange["mode"]): string {
  if (mode === "set") return letters;
  if (mode === "add") return [...new Set(before + letters)].sort().join("");
  return [...before].filter((letter) => !letters.includes(letter)).join("");
}
