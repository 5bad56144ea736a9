/**
 * The items that a client requests of messages (RFC 9051 §6.4.5, RFC 3516, RFC 7162).
 *
 * @module
 */

import type { Cursor } from "../codec/cursor.ts";
import { parseSection, type Section } from "../message/section.ts";

/** Items without arguments. */
const SIMPLE = [
  "FLAGS",
  "UID",
  "INTERNALDATE",
  "RFC822.SIZE",
  "ENVELOPE",
  "BODY",
  "BODYSTRUCTURE",
  "MODSEQ",
] as const;

/** An item without arguments. */
export type SimpleItem = typeof SIMPLE[number];

/** Bytes of a message. */
export interface SectionItem {
  /** How the response calls it. */
  readonly label: string;
  /** The section. */
  readonly section: Section;
  /** The requested bytes of it: where they begin, and how many. */
  readonly partial: { readonly origin: number; readonly count: number } | undefined;
  /** Whether the message stays unread. */
  readonly isPeek: boolean;
  /** Whether the transfer encoding is removed: the content, or its size only. */
  readonly decoded: "no" | "content" | "size";
}

/** All that is requested. */
export interface FetchRequest {
  /** Items without arguments, each once. */
  readonly simple: ReadonlySet<SimpleItem>;
  /** Sections. */
  readonly sections: readonly SectionItem[];
}

const MACROS: Readonly<Record<string, readonly SimpleItem[]>> = {
  ALL: ["FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE"],
  FAST: ["FLAGS", "INTERNALDATE", "RFC822.SIZE"],
  FULL: ["FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY"],
};
/** The older names of sections. */
const OLDER: Readonly<Record<string, string>> = {
  "RFC822": "",
  "RFC822.HEADER": "HEADER",
  "RFC822.TEXT": "TEXT",
};
/** Most items of a command. */
const MAX_ITEMS = 200;

/**
 * Reads the items of `FETCH`.
 *
 * @param cursor At the items.
 * @returns The items.
 * @throws {ProtocolError} If one is malformed.
 */
export function parseFetchItems(cursor: Cursor): FetchRequest {
  const simple = new Set<SimpleItem>();
  const sections: SectionItem[] = [];
  if (!cursor.skip("(")) parseItem(cursor, simple, sections, true);
  else {
    do {
      cursor.spaces();
      parseItem(cursor, simple, sections, false);
      if (sections.length > MAX_ITEMS) cursor.fail("too many items");
      cursor.spaces();
    } while (!cursor.skip(")"));
  }
  return { simple, sections };
}

function parseItem(
  cursor: Cursor,
  simple: Set<SimpleItem>,
  sections: SectionItem[],
  mayBeMacro: boolean,
): void {
  const { name, section: text, origin, count } = cursor.fetchItem();
  const macro = mayBeMacro ? MACROS[name] : undefined;
  if (macro !== undefined && text === undefined) {
    for (const item of macro) simple.add(item);
    return;
  }
  if (text === undefined) {
    const known = SIMPLE.find((item) => item === name);
    if (known !== undefined) return void simple.add(known);
    const older = OLDER[name];
    if (older === undefined) cursor.fail(`unknown item ${name.slice(0, 50)}`);
    sections.push({
      label: name,
      section: parseSection(older)!,
      partial: undefined,
      isPeek: name === "RFC822.HEADER",
      decoded: "no",
    });
    return;
  }
  const [, kind, variant] = /^(BODY|BINARY)(\.PEEK|\.SIZE)?$/.exec(name) ?? [];
  const isSize = variant === ".SIZE";
  const section = parseSection(text);
  if (kind === undefined || section === undefined || isSize && kind === "BODY") {
    cursor.fail(`unknown item ${name.slice(0, 50)}[${text.slice(0, 50)}]`);
  }
  const isBinary = kind === "BINARY";
  if (isBinary && section.kind !== "") cursor.fail("BINARY takes the numbers of a part");
  if (origin !== undefined && (count === undefined || count === 0 || isSize)) {
    cursor.fail("a part of a section is <ORIGIN.COUNT>");
  }
  sections.push({
    label: `${kind}${isSize ? variant : ""}[${text}]${origin === undefined ? "" : `<${origin}>`}`,
    section,
    partial: origin === undefined ? undefined : { origin, count: count! },
    isPeek: variant !== undefined,
    decoded: isSize ? "size" : isBinary ? "content" : "no",
  });
}
