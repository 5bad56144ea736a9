/**
 * The field `Content-Type` (RFC 9110 §8.3).
 *
 * @module
 */

/** A media type. */
export interface MediaType {
  /** Type and subtype in lower case, such as `text/html`; empty if there is none. */
  readonly type: string;
  /** The charset in lower case; undefined if none is named. */
  readonly charset: string | undefined;
}

const TYPE = /^[ \t]*([!#$%&'*+.^_`|~\w-]+\/[!#$%&'*+.^_`|~\w-]+)/;
const CHARSET = /;[ \t]*charset[ \t]*=[ \t]*["']?([^\s"';,]+)/i;

/**
 * Reads a media type; what is malformed is left out.
 *
 * @param field The value of the field.
 * @returns The type.
 *
 * @example A page
 * ```ts
 * import { parseMediaType } from "./media_type.ts";
 * const { type, charset } = parseMediaType('Text/HTML; level=1; Charset="UTF-8"');
 * if (type !== "text/html" || charset !== "utf-8") throw new Error(type);
 * ```
 */
export function parseMediaType(field: string | undefined): MediaType {
  return {
    type: TYPE.exec(field ?? "")?.[1]?.toLowerCase() ?? "",
    charset: CHARSET.exec((field ?? "").slice(0, 4096))?.[1]?.toLowerCase(),
  };
}
