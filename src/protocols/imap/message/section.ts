/**
 * Sections of a message: `BODY[2.HEADER.FIELDS (FROM)]` (RFC 9051 §6.4.5).
 *
 * @module
 */

import { selectFields } from "../../../mime/internal.ts";
import { findPart, type MessagePart } from "./structure.ts";

/** Which bytes of a message. */
export interface Section {
  /** The numbers of the part; none for the message itself. */
  readonly numbers: readonly number[];
  /** Which of its bytes; all if empty. */
  readonly kind: "" | "HEADER" | "HEADER.FIELDS" | "HEADER.FIELDS.NOT" | "TEXT" | "MIME";
  /** Names of fields in lower case. */
  readonly fields: ReadonlySet<string>;
}

/** Deepest part that can be requested. */
const MAX_NUMBERS = 60;
/** Most names of fields. */
const MAX_FIELDS = 1000;

/**
 * Reads a section.
 *
 * @param text The text between the brackets, in upper case.
 * @returns The section; undefined if it is malformed.
 */
export function parseSection(text: string): Section | undefined {
  const [, numbers = "", kind = "", , list] =
    /^((?:\d{1,5}\.)*\d{1,5}(?:\.(?=[A-Z])|$))?(HEADER|TEXT|MIME|HEADER\.FIELDS(\.NOT)? *\((.*)\))?$/
      .exec(text) ?? [];
  if (numbers === "" && kind === "") return text === "" ? part([], "") : undefined;
  const path = numbers.split(".").filter((number) => number !== "").map(Number);
  if (path.length > MAX_NUMBERS || path.includes(0)) return undefined;
  if (kind === "MIME" && path.length === 0) return undefined;
  if (list === undefined) return part(path, kind as Section["kind"]);
  const fields = fieldNames(list);
  if (fields === undefined) return undefined;
  return part(
    path,
    kind.startsWith("HEADER.FIELDS.NOT") ? "HEADER.FIELDS.NOT" : "HEADER.FIELDS",
    fields,
  );
}

function part(
  numbers: readonly number[],
  kind: Section["kind"],
  fields: ReadonlySet<string> = new Set(),
): Section {
  return { numbers, kind, fields };
}

/** Names with or without quotes. */
function fieldNames(list: string): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const [, quoted, word] of list.matchAll(/"((?:[^"\\]|\\.)*)"|([^\s"]+)/g)) {
    names.add((quoted?.replaceAll(/\\(.)/g, "$1") ?? word!).toLowerCase());
  }
  return names.size === 0 || names.size > MAX_FIELDS ? undefined : names;
}

/** Where a section is. */
export interface SectionPlace {
  /** Where it begins. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** Whether only some fields of these bytes belong to it. */
  readonly isFiltered: boolean;
}

/**
 * Finds a section.
 *
 * @param root The message.
 * @param section The section.
 * @returns Its place; undefined if the message has no such section.
 */
export function findSection(root: MessagePart, section: Section): SectionPlace | undefined {
  const { numbers, kind } = section;
  const found = findPart(root, numbers);
  if (found === undefined) return undefined;
  const whole = numbers.length === 0;
  if (kind === "") return place(whole ? 0 : found.bodyStart, found.end);
  if (kind === "MIME") return place(found.start, found.bodyStart);
  // HEADER and TEXT of a part are those of the message in it.
  const message = whole ? found : found.message;
  if (message === undefined) return undefined;
  if (kind === "TEXT") return place(message.bodyStart, message.end);
  return { ...place(message.start, message.bodyStart), isFiltered: kind !== "HEADER" };
}

function place(start: number, end: number): SectionPlace {
  return { start, end, isFiltered: false };
}

/**
 * Selects the fields of a section.
 *
 * @param header The bytes of the header.
 * @param section The section.
 * @returns The fields, and an empty line.
 */
export function filterFields(header: Uint8Array, { kind, fields }: Section): Uint8Array {
  const isRequested = kind === "HEADER.FIELDS";
  const selected = selectFields(
    header,
    (name) => name !== undefined && fields.has(name) === isRequested,
  );
  const result = new Uint8Array(selected.length + 2);
  result.set(selected);
  result.set([13, 10], selected.length);
  return result;
}
