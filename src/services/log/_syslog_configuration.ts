/**
 * The configuration of the collector.
 *
 * @module
 */

import type { Selector } from "./selector.ts";

/** What is collected, and where it goes. */
export interface SyslogConfiguration {
  /** Facilities and severities. */
  readonly selector: Selector;
  /** Hosts and programs whose messages are wanted, `*` as any characters; all if empty. */
  readonly hosts: readonly string[];
  readonly programs: readonly string[];
  /** How messages are written. */
  readonly form: "text" | "json" | "raw";
  /** The file; standard output if absent. */
  readonly file: string | undefined;
  /** Size from which the file is set aside, in bytes, and how many of them are kept. */
  readonly rotateBytes: number | undefined;
  readonly keep: number;
  /** Whether repeated messages are one. */
  readonly folds: boolean;
  /** Maximum size of a message, in bytes. */
  readonly maxBytes: number;
}
