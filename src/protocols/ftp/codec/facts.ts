/**
 * Listings for machines: MLST and MLSD (RFC 3659 §7).
 *
 * @module
 */

import { Tainted } from "../../../net/mod.ts";
import type { FtpEntry, FtpKind } from "./entry.ts";
import { formatFtpTime, parseFtpTime } from "./time.ts";

/** An entry as MLSD lists it, among them the folder itself and the one above. */
export interface FactsEntry extends FtpEntry {
  /** Whether it is the folder that was asked for (`cdir`), the one above (`pdir`), or an entry of it. */
  readonly place: "entry" | "self" | "parent";
}

/**
 * Reads a line of facts.
 *
 * @param line Such as `Type=file;Size=7;Modify=20260228235959; a name`, without its end.
 * @returns The entry; undefined if it is none.
 *
 * @example A file
 * ```ts
 * import { parseFacts } from "./facts.ts";
 * const entry = parseFacts("type=file;size=7;UNIX.mode=0644; read me");
 * if (entry?.size !== 7 || entry.mode !== 0o644) throw new Error("misread");
 * ```
 */
export function parseFacts(line: string): FactsEntry | undefined {
  const space = line.indexOf(" ");
  if (space < 0 || (space > 0 && !line.slice(0, space).includes("="))) return undefined;
  const name = line.slice(space + 1);
  if (name === "") return undefined;
  const facts = new Map<string, string>();
  for (const fact of line.slice(0, space).split(";")) {
    const equals = fact.indexOf("=");
    if (equals > 0) facts.set(fact.slice(0, equals).toLowerCase(), fact.slice(equals + 1));
  }
  const type = facts.get("type") ?? "file";
  const low = type.toLowerCase();
  const modified = parseFtpTime(facts.get("modify") ?? "");
  const mode = /^0*([0-7]{1,4})$/.exec(facts.get("unix.mode") ?? "")?.[1];
  const tainted = (fact: string): Tainted<string> | undefined => {
    const value = facts.get(fact);
    return value === undefined ? undefined : new Tainted(value);
  };
  // Linux servers write OS.unix=slink:/target, or symlink.
  const target = /^os\.unix=s(?:ym)?link(?::(.*))?$/i.exec(type)?.[1] ||
    decoded(facts.get("x.target"));
  return {
    name: new Tainted(name),
    place: low === "cdir" ? "self" : low === "pdir" ? "parent" : "entry",
    kind: kindOf(low),
    size: parseSize(facts.get("size") ?? facts.get("sizd")),
    modified,
    precision: modified === undefined ? undefined : "second",
    mode: mode === undefined ? undefined : parseInt(mode, 8),
    target: target === undefined || target === "" ? undefined : new Tainted(target),
    owner: tainted("unix.owner") ?? tainted("unix.uid"),
    group: tainted("unix.group") ?? tainted("unix.gid"),
    unique: tainted("unique"),
    permissions: /^[a-z]*$/i.exec(facts.get("perm") ?? "-")?.[0].toLowerCase(),
  };
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Reads a size; undefined if it is none or too large to be exact. */
export function parseSize(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined;
  const size = Number(text);
  return Number.isSafeInteger(size) ? size : undefined;
}

/**
 * Parses the text of a reply to SIZE (RFC 3659 §4); some servers add a word.
 *
 * @param text Text after the code.
 * @returns Size in bytes; undefined if it is malformed.
 *
 * @example With a word behind it
 * ```ts
 * import { parseSizeText } from "./facts.ts";
 * if (parseSizeText("5 bytes") !== 5) throw new Error("wrong");
 * ```
 */
export function parseSizeText(text: string): number | undefined {
  return parseSize(/^ *(\d{1,16})(?: +bytes?)? *$/i.exec(text)?.[1]);
}

function kindOf(type: string): FtpKind {
  switch (type) {
    case "file":
      return "file";
    case "dir":
    case "cdir":
    case "pdir":
      return "folder";
    default:
      return /^os\.unix=s(?:ym)?link/.test(type) ? "link" : "other";
  }
}

/** A server's facts about a file, for {@link formatFacts}. */
export interface FactsInput {
  /** The kind, as MLSD calls it. */
  readonly type: "file" | "dir" | "cdir" | "pdir" | "link";
  /** The target of a link. */
  readonly target?: string | undefined;
  /** Bytes, of a file. */
  readonly size?: number | undefined;
  /** When it was changed. */
  readonly modified?: Date | undefined;
  /** Letters of RFC 3659 §7.5.5. */
  readonly permissions?: string | undefined;
  /** Permission bits. */
  readonly mode?: number | undefined;
  /** Identifies the file. */
  readonly unique?: string | undefined;
}

/** Facts that a server knows, by their names in a FEAT reply. */
export const FACT_NAMES = [
  "type",
  "size",
  "modify",
  "perm",
  "unique",
  "UNIX.mode",
  "X.target",
] as const;

/**
 * Writes a line of facts.
 *
 * @param facts The facts.
 * @param name The name; CR, LF and NUL are the caller's to refuse.
 * @param wanted Names of the facts in lower case; all if absent.
 * @returns The line without its end.
 */
export function formatFacts(
  facts: FactsInput,
  name: string,
  requested?: ReadonlySet<string>,
): string {
  const { size, modified, permissions, mode, unique, target } = facts;
  // A space would end the facts, a semicolon this one: such targets have a fact of their own.
  const isPlain = target !== undefined && /^[^\s;%]+$/.test(target) && target.isWellFormed();
  const type = facts.type !== "link"
    ? facts.type
    : isPlain
    ? `OS.unix=slink:${target}`
    : "OS.unix=symlink";
  const all: readonly [name: typeof FACT_NAMES[number], value: string | undefined][] = [
    ["type", type],
    ["size", size?.toString()],
    ["modify", modified && formatFtpTime(new Date(Math.floor(modified.getTime() / 1000) * 1000))],
    ["perm", permissions],
    ["unique", unique],
    ["UNIX.mode", mode === undefined ? undefined : `0${mode.toString(8).padStart(3, "0")}`],
    [
      "X.target",
      target === undefined || isPlain ? undefined : encodeURIComponent(target.toWellFormed()),
    ],
  ];
  let text = "";
  for (const [fact, value] of all) {
    if (value === undefined || requested?.has(fact.toLowerCase()) === false) continue;
    text += `${fact}=${value};`;
  }
  return `${text} ${name}`;
}
