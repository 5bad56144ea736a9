/**
 * Flags as letters of file names.
 *
 * @module
 */

import { keywordIndex, MAX_KEYWORDS } from "./_maildir_names.ts";
import type { UidState } from "./_uid_lines.ts";
import type { UidList } from "./_uid_list.ts";
import type { FlagsChange } from "./mail_store.ts";

const A = "a".charCodeAt(0);

/**
 * Gives keywords letters that have none. A Maildir has 26; when all are in use, further keywords are not kept.
 */
export async function keepKeywords(
  uids: UidList,
  state: UidState,
  flags: Iterable<string>,
): Promise<void> {
  for (const flag of flags) {
    const isKeyword = /^[^\s\\\x00-\x1f\x7f(){%*"\]]{1,100}$/.test(flag);
    if (!isKeyword || keywordIndex(flag, state.keywords) >= 0) continue;
    if (state.keywords.length < MAX_KEYWORDS) await uids.addKeyword(state, flag);
    else {
      const place = unusedLetter(state);
      if (place !== undefined) await uids.addKeyword(state, flag, place);
    }
  }
}

/** Whether a folder takes further keywords. */
export function hasRoom(state: UidState): boolean {
  return state.keywords.length < MAX_KEYWORDS || unusedLetter(state) !== undefined;
}

/** The place of a keyword that no message has. */
function unusedLetter({ entries, keywords }: UidState): number | undefined {
  const used = new Set<string>();
  const seen = new Set<string>();
  for (const { letters = "" } of entries.values()) {
    if (seen.has(letters)) continue;
    seen.add(letters);
    for (const letter of letters) used.add(letter);
  }
  const place = keywords.findIndex((_, index) => !used.has(String.fromCharCode(A + index)));
  return place < 0 ? undefined : place;
}

/** Changes the sorted letters of a message. */
export function changeLetters(before: string, letters: string, mode: FlagsChange["mode"]): string {
  if (mode === "set") return letters;
  if (mode === "add") return [...new Set(before + letters)].sort().join("");
  return [...before].filter((letter) => !letters.includes(letter)).join("");
}
