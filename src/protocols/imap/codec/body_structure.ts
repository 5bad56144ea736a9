/**
 * The parts of a message, as the server has found them (RFC 9051 §7.5.2, BODYSTRUCTURE).
 *
 * @module
 */

import { parseParameters } from "../../../mime/mod.ts";
import type { ImapValue } from "./cursor.ts";
import { type ImapEnvelope, isList, textOf, toEnvelope } from "./envelope.ts";

/** A part of a message. */
export interface ImapPart {
  /** Its place, such as `2.1`, as FETCH takes it; empty for a message that consists of several parts. */
  readonly path: string;
  /** The media type in lower case, such as `text/plain`. */
  readonly type: string;
  /** Parameters of the media type by their names in lower case, decoded. */
  readonly parameters: ReadonlyMap<string, string>;
  /** The parts of a multipart, or those of the message inside; none in other parts. */
  readonly parts: readonly ImapPart[];
  /** Size of the encoded part, in bytes; 0 for a multipart. */
  readonly size: number;
  /** The transfer encoding in lower case; `7bit` if the server names none. */
  readonly encoding: string;
  /** Number of lines of a text or message. */
  readonly lines: number | undefined;
  /** `Content-ID`. */
  readonly id: string | undefined;
  /** `Content-Description`. */
  readonly description: string | undefined;
  /** `attachment`, `inline` or another disposition, in lower case. */
  readonly disposition: string | undefined;
  /** The name of the file that the sender suggests: not safe as a name here. */
  readonly fileName: string | undefined;
  /** The envelope of the message inside. */
  readonly envelope: ImapEnvelope | undefined;
}

/** Maximum number of parts that are read. */
const MAX_PARTS = 10_000;

/**
 * Reads a structure.
 *
 * @param value The list of BODYSTRUCTURE or BODY.
 * @returns The part that is the whole message; undefined if it is malformed.
 */
export function toBodyStructure(value: ImapValue): ImapPart | undefined {
  return new Structure().part(value, "", true);
}

/**
 * Lists all parts, each before those inside it.
 *
 * @param part Where to begin.
 * @returns The parts.
 */
export function* allParts(part: ImapPart): Generator<ImapPart> {
  yield part;
  for (const inner of part.parts) yield* allParts(inner);
}

class Structure {
  #count = 0;

  /** Reads a part; `isMessage` is true for a whole message, whose single part has the number 1. */
  part(value: ImapValue | undefined, path: string, isMessage: boolean): ImapPart | undefined {
    if (!isList(value) || ++this.#count > MAX_PARTS) return undefined;
    return isList(value[0]) || value[0] === null && isList(value[1])
      ? this.#multipart(value, path)
      : this.#leaf(value, isMessage ? inside(path, 1) : path);
  }

  #multipart(value: readonly ImapValue[], path: string): ImapPart {
    let count = value.findIndex((inner) => typeof inner === "string");
    if (count < 0) count = value.length;
    const parts: ImapPart[] = [];
    value.slice(0, count).forEach((inner, index) => {
      const part = this.part(inner, inside(path, index + 1), false);
      if (part !== undefined) parts.push(part);
    });
    const [subtype, parameters, disposition] = value.slice(count);
    return {
      path,
      type: `multipart/${(textOf(subtype) ?? "mixed").toLowerCase()}`,
      parts,
      size: 0,
      encoding: "7bit",
      lines: undefined,
      id: undefined,
      description: undefined,
      envelope: undefined,
      ...described(parameters, disposition),
    };
  }

  #leaf(value: readonly ImapValue[], path: string): ImapPart {
    const [main, subtype, parameters, id, description, encoding, size, ...rest] = value;
    const type = `${textOf(main) || "text"}/${textOf(subtype) || "plain"}`.toLowerCase();
    // A message inside has its envelope and structure here; some servers leave them out.
    const isMessage = isList(rest[0]) && (isList(rest[1]) || rest[1] === null) &&
      (type === "message/rfc822" || type === "message/global");
    const [envelope, structure] = isMessage ? rest.splice(0, 2) : [];
    const hasLines = isMessage || type.startsWith("text/") || type.startsWith("message/rfc822");
    const lines = hasLines ? toCount(rest.shift()) : undefined;
    const inner = isMessage ? this.part(structure, path, true) : undefined;
    return {
      path,
      type,
      // A multipart inside is the message itself: its parts have their numbers behind this one's.
      parts: inner === undefined ? [] : inner.path === path ? inner.parts : [inner],
      size: toCount(size) ?? 0,
      encoding: textOf(encoding)?.toLowerCase() || "7bit",
      lines,
      id: textOf(id),
      description: textOf(description),
      envelope: isMessage ? toEnvelope(envelope!) : undefined,
      ...described(parameters, rest[1]),
    };
  }
}

function inside(path: string, number: number): string {
  return path === "" ? `${number}` : `${path}.${number}`;
}

function toCount(value: ImapValue | undefined): number | undefined {
  const count = Number(textOf(value) ?? "");
  return Number.isSafeInteger(count) && count >= 0 && textOf(value) !== "" && value !== undefined
    ? count
    : undefined;
}

function described(
  typeParameters: ImapValue | undefined,
  disposition: ImapValue | undefined,
): Pick<ImapPart, "parameters" | "disposition" | "fileName"> {
  const parameters = toParameters(typeParameters);
  const [kind, values] = isList(disposition) ? disposition : [disposition, undefined];
  const suggested = toParameters(values).get("filename") ?? parameters.get("name");
  return {
    parameters,
    disposition: textOf(kind)?.toLowerCase(),
    fileName: suggested === "" ? undefined : suggested,
  };
}

const NONE: ReadonlyMap<string, string> = new Map();

/** Names and values in turn, which may be continued and encoded (RFC 2231) as in the header. */
function toParameters(value: ImapValue | undefined): ReadonlyMap<string, string> {
  if (!isList(value) || value.length < 2) return NONE;
  let field = "x/x";
  for (let at = 0; at + 1 < value.length && at < 2000; at += 2) {
    const [name, text] = [textOf(value[at]), textOf(value[at + 1])];
    if (name === undefined || text === undefined || /[\s;=("]/.test(name)) continue;
    // Quotes would hide the encoding of RFC 2231 from its reader.
    const isExtended = name.endsWith("*") && !/[\s;("\\]/.test(text);
    field += `; ${name}=${isExtended ? text : `"${text.replaceAll(/["\\]/g, "\\$&")}"`}`;
  }
  return parseParameters(field).parameters;
}
