/**
 * What takes the lines of a log.
 *
 * @module
 */

import type { ServerEvent } from "../../servers/mod.ts";

/** Takes lines. */
export interface LogSink {
  /**
   * Adds a line, without waiting.
   * @param line Safe to show; without a time.
   * @param kind The kind of event.
   */
  add(line: string, kind: ServerEvent["kind"] | "status"): void;
  /** Writes what waits. */
  close(): Promise<void>;
}
