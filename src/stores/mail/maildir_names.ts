/**
 * Names of files in a Maildir: unique, with the size before and the flags after the colon.
 *
 * @module
 */

/** Letters of system flags. */
const LETTERS: Readonly<Record<string, string>> = {
  "\\Draft": "D",
  "\\Flagged": "F",
  "\\Answered": "R",
  "\\Seen": "S",
  "\\Deleted": "T",
};
const FLAGS = new Map(Object.entries(LETTERS).map(([flag, letter]) => [letter, flag]));
/** Most keywords of a folder: one for each small letter. */
export const MAX_KEYWORDS = 26;

let count = 0;

/** Makes a name that no file has had; `isOwn` says whether the lines of the file end with CRLF for certain. */
export function uniqueName(received: Date, sizeBytes: number, isOwn = true): string {
  const seconds = Math.floor(received.getTime() / 1000);
  const random = crypto.randomUUID().slice(0, 13);
  const host = isOwn ? "netwright" : "netwright-moved";
  return `${seconds}.M${
    received.getTime() % 1000
  }P${Deno.pid}Q${++count}R${random}.${host},S=${sizeBytes}`;
}

/** The part of a name that stays while flags change. */
export function baseOf(name: string): string {
  const colon = name.indexOf(":");
  return colon < 0 ? name : name.slice(0, colon);
}

/** Whether a file was written by this store, so that its lines end with CRLF. */
export function isOwn(name: string): boolean {
  return /\.netwright,S=\d{1,15}(?:,|$)/.test(name);
}

/** The size with CRLF in a name; undefined if it has none. */
export function crlfSizeOf(name: string): number | undefined {
  if (isOwn(name)) return sizeOf(name);
  const digits = /,W=(\d{1,15})(?=[,:]|$)/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The size of the file in a name; undefined if it has none. */
export function sizeOf(name: string): number | undefined {
  const digits = /,S=(\d{1,15})(?=[,:]|$)/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** When a message came, by its name. */
export function receivedOf(name: string): Date | undefined {
  const digits = /^(\d{1,11})\./.exec(name)?.[1];
  return digits === undefined ? undefined : new Date(Number(digits) * 1000);
}

/** The letters of flags in a name, sorted. */
export function lettersOf(name: string): string {
  const colon = name.lastIndexOf(":2,");
  if (colon < 0 || colon + 3 === name.length) return "";
  const letters = name.slice(colon + 3);
  if (letters.length === 1) return /[A-Za-z]/.test(letters) ? letters : "";
  return /^[A-Za-z]*$/.test(letters) ? [...new Set(letters)].sort().join("") : "";
}

/** The flags in a name. */
export function flagsOf(name: string, keywords: readonly (string | undefined)[]): Set<string> {
  const flags = [...lettersOf(name)].map((letter) =>
    FLAGS.get(letter) ?? keywords[letter.charCodeAt(0) - 97]
  );
  return new Set(flags.filter((flag) => flag !== undefined));
}

/** The place of a keyword, whatever its case; -1 if it has none. */
export function keywordIndex(
  keyword: string,
  keywords: readonly (string | undefined)[],
): number {
  const lower = keyword.toLowerCase();
  return keywords.findIndex((known) => known?.toLowerCase() === lower);
}

/** The end of a name with flags. */
export function infoOf(flags: Iterable<string>, keywords: readonly (string | undefined)[]): string {
  const letters = [...new Set(flags)].map((flag) => {
    const index = keywordIndex(flag, keywords);
    return LETTERS[flag] ?? (index < 0 ? "" : String.fromCharCode(97 + index));
  });
  return `:2,${letters.sort().join("")}`;
}
