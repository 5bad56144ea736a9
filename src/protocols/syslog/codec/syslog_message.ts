/**
 * A message of syslog.
 *
 * @module
 */

import type { Priority } from "./priority.ts";

/** Parameters of one element of structured data (RFC 5424 §6.3). */
export interface StructuredElement {
  /** Its identifier, such as `origin` or `exampleSDID@32473`. */
  readonly id: string;
  /** Names and values, in order; names may repeat. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/** What a message says. */
export interface SyslogContent extends Priority {
  /** When it was sent; undefined if it does not say. */
  readonly timestamp?: Date | undefined;
  /** The host that sent it. */
  readonly hostname?: string | undefined;
  /** The program. */
  readonly appName?: string | undefined;
  /** Its process. */
  readonly procId?: string | undefined;
  /** The kind of message. */
  readonly msgId?: string | undefined;
  /** Structured data. */
  readonly structuredData?: readonly StructuredElement[] | undefined;
  /** The text. */
  readonly text: string;
}

/** The form of a message. */
export type SyslogForm =
  /** RFC 5424. */
  | "rfc5424"
  /** RFC 3164, and what devices make of it. */
  | "rfc3164"
  /** None that is known: all of it is the text. */
  | "unknown";

/** A message that was received. */
export interface SyslogMessage extends SyslogContent {
  /** Its form. */
  readonly form: SyslogForm;
  /** The timestamp as it was written, with its full precision. */
  readonly writtenTimestamp?: string | undefined;
  /** Whether it had a priority; RFC 3164 §4.3.3 gives others `user.notice`. */
  readonly hasPriority: boolean;
  /** The whole message, as it came. */
  readonly raw: Uint8Array;
}
