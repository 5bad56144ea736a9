/**
 * The events of splitting a message.
 *
 * @module
 */

import type { Header } from "../header/header.ts";

/** How much a message may have of everything. */
export interface ParseLimits {
  /** Deepest nesting of parts. @default {100} */
  readonly maxDepth?: number;
  /** Most parts, containers counted. @default {10_000} */
  readonly maxParts?: number;
  /** Longest header of a message or a part, in bytes. @default {1_048_576} */
  readonly maxHeaderBytes?: number;
  /** Whether messages within the message are kept whole: parts without parts, their bytes the content. @default {false} */
  readonly wholeMessages?: boolean;
}

/** The structure of a part: bytes, parts side by side, or one message. */
export type PartKind = "leaf" | "multipart" | "message";

/** A part that begins. */
export interface PartStart {
  /** Its header. */
  readonly header: Header;
  /** Its media type in lower case; within `multipart/digest`, a message if the header says nothing. */
  readonly type: string;
  /** Its structure. */
  readonly kind: PartKind;
  /** Its defects, in a few words each. */
  readonly defects: readonly string[];
}

/** A part that begins, with its place. */
export interface PlacedPart extends PartStart {
  /** Where its header begins, in bytes from the beginning of the message; of a decoded message, of that one. */
  readonly start: number;
  /** Where its body begins, behind the empty line. */
  readonly bodyStart: number;
}

/** Receives the findings of a `PartScanner`. */
export interface PartSink {
  /** A part begins, within the one that began last and has not ended. */
  begin(part: PlacedPart): void;
  /**
   * Encoded bytes of the body of the part that began last and has not ended: before the first of its parts and
   * after the last if it has parts.
   */
  body(bytes: Uint8Array): void;
  /**
   * The part that began last ends.
   * @param defects Its further defects, in a few words each.
   * @param end Where its body ends, as its beginning is counted.
   */
  end(defects: readonly string[], end: number): void;
}
