/**
 * The readable parts of a message, and the files that come with it.
 *
 * @module
 */

import type { Entity } from "./entity.ts";
import { parseFlowed } from "../coding/flowed.ts";

/** A message by what its reader does with it. */
export interface ReadableParts {
  /** Its text; undefined if there is none. */
  readonly text: Entity | undefined;
  /** The same as HTML; undefined if there is none. */
  readonly html: Entity | undefined;
  /** Everything else: attachments, images, other messages. */
  readonly files: readonly Entity[];
}

/**
 * Returns the readable parts of a message. Its text is the first `text/plain` that is not an attachment, its HTML the first
 * `text/html`; the parts of another message within it are not its own.
 *
 * @param message The message.
 * @returns Its parts.
 *
 * @example A text and a file
 * ```ts
 * import { parseMessage, readableParts } from "@netwright/netwright/mime";
 * const { text, files } = readableParts(parseMessage(new TextEncoder().encode(
 *   "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nHello\r\n" +
 *     "--x\r\nContent-Type: image/png\r\n\r\n...\r\n--x--\r\n",
 * )));
 * if (text?.text !== "Hello" || files[0]?.type !== "image/png") throw new Error("other parts");
 * ```
 */
export function readableParts(message: Entity): ReadableParts {
  let [text, html]: (Entity | undefined)[] = [];
  const files: Entity[] = [];
  const visit = (entity: Entity): void => {
    if (entity.kind === "multipart" && entity.parts.length > 0) entity.parts.forEach(visit);
    else if (text === undefined && isShown(entity, "text/plain")) text = entity;
    else if (html === undefined && isShown(entity, "text/html")) html = entity;
    else files.push(entity);
  };
  visit(message);
  return { text, html, files };
}

function isShown({ type, header }: Entity, requested: string): boolean {
  return type === requested && header.disposition.value !== "attachment";
}

/**
 * Gives a part's text with LF, each paragraph of `format=flowed` on one line.
 *
 * @param part A part of text.
 * @returns Its text.
 */
export function plainText(part: Entity): string {
  const { parameters } = part.header.contentType;
  const is = (name: string, value: string) => parameters.get(name)?.toLowerCase() === value;
  if (part.type === "text/plain" && is("format", "flowed")) {
    return parseFlowed(part.text, is("delsp", "yes"));
  }
  return part.text.replace(/\r\n?/g, "\n");
}
