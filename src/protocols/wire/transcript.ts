/**
 * A recording of a session as a readable dialogue, for `--wire` and for errors.
 *
 * @module
 */

import { escapeControls } from "../../net/mod.ts";
import type { Reply } from "./reply.ts";

/** The author: the client, the server, or neither (a remark such as "TLS started"). */
export type Speaker = "C" | "S" | "*";

/** Takes one cleaned line, without its end. */
export type TranscriptSink = (speaker: Speaker, text: string) => void;

/** How a {@link Transcript} records. */
export interface TranscriptOptions {
  /** Longest text kept of a line, in characters. @default {1000} */
  readonly maxLineLength?: number;
}

/**
 * Hands each line of a dialogue to a sink, cleaned for a terminal.
 *
 * @example Collect a dialogue
 * ```ts
 * import { Transcript } from "@netwright/netwright/wire";
 * const lines: string[] = [];
 * const transcript = new Transcript((speaker, text) => lines.push(`${speaker}: ${text}`));
 * transcript.record("C", "NOOP");
 * transcript.record("S", "250 \x1b[2Jok");
 * if (lines.join("|") !== "C: NOOP|S: 250 \\x1b[2Jok") throw new Error(lines.join("|"));
 * ```
 */
export class Transcript {
  readonly #sink: TranscriptSink;
  readonly #maxLength: number;

  /**
   * Makes a transcript for a sink.
   * @param sink Where the lines go.
   * @param options How to record.
   */
  constructor(sink: TranscriptSink, options: TranscriptOptions = {}) {
    this.#sink = sink;
    this.#maxLength = options.maxLineLength ?? 1000;
  }

  /**
   * Records one line.
   * @param speaker Who said it.
   * @param text The text; secrets must be masked already.
   */
  record(speaker: Speaker, text: string): void {
    this.#sink(speaker, escapeControls(text, { maxLength: this.#maxLength }));
  }

  /**
   * Records that a body went over, not the body.
   * @param speaker Whose body.
   * @param bytes How long it was.
   */
  recordBody(speaker: Speaker, bytes: number): void {
    this.#sink(speaker, `[${bytes} bytes]`);
  }

  /**
   * Records a server's reply, line by line.
   * @param reply The reply.
   */
  recordReply({ code, lines }: Reply): void {
    lines.forEach((line, index) => {
      const mark = index === lines.length - 1 ? " " : "-";
      this.record("S", `${code}${mark}${line.forDisplay()}`.trimEnd());
    });
  }
}
