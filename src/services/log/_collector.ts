/**
 * Filters messages, and writes them without waiting for the disk.
 *
 * @module
 */

import { wildcard } from "../../net/internal.ts";
import { toNetwrightError } from "../../net/mod.ts";
import { type LineSink, LogFile, standardLines } from "../../stores/internal.ts";
import { type CollectedMessage, formatLine } from "./_message_line.ts";
import { Repeats } from "./_repeats.ts";
import type { SyslogConfiguration } from "./_syslog_configuration.ts";

/** Takes messages of all senders of a server. */
export class Collector {
  readonly #configuration: SyslogConfiguration;
  readonly #lines: LineSink;
  readonly #isHost: (name: string) => boolean;
  readonly #isProgram: (name: string) => boolean;
  readonly #repeats: Repeats | undefined;
  /** Reports that the file cannot be written: as the last sender's server does. */
  #warn: ((text: string) => void) | undefined;
  #last: CollectedMessage | undefined;

  private constructor(configuration: SyslogConfiguration, lines: LineSink) {
    this.#configuration = configuration;
    this.#lines = lines;
    this.#isHost = matcher(configuration.hosts);
    this.#isProgram = matcher(configuration.programs);
    this.#repeats = configuration.folds
      ? new Repeats((count, message) => {
        const text = `message repeated ${count} times: ${message.text}`;
        this.#write({ ...this.#last!, message: { ...message, text } });
      })
      : undefined;
  }

  /**
   * Opens the file.
   * @param configuration What is collected, and where it goes.
   * @returns The collector.
   * @throws {NetwrightError} If the file cannot be written.
   */
  static async open(configuration: SyslogConfiguration): Promise<Collector> {
    const { file, rotateBytes, keep } = configuration;
    let collector: Collector | undefined = undefined;
    const onFailure = (error: unknown): void => {
      const known = toNetwrightError(error, {
        operation: "write",
        peer: file ?? "standard output",
      });
      if (collector !== undefined) {
        collector.#tell(known instanceof Error ? known.message : String(known));
      }
    };
    const lines = file === undefined
      ? standardLines(onFailure)
      : await LogFile.open(file, { rotateBytes, keep, onFailure });
    collector = new Collector(configuration, lines);
    return collector;
  }

  /**
   * Takes a message.
   * @param collected The message.
   * @param warn Reports that the file cannot be written.
   */
  add(collected: CollectedMessage, warn?: (text: string) => void): void {
    this.#warn = warn;
    const { message, from } = collected;
    const { facility, severity, hostname = from, appName = "" } = message;
    if ((this.#configuration.selector[facility]! & (1 << severity)) === 0) return;
    if (!this.#isHost(hostname) || !this.#isProgram(appName)) return;
    if (this.#repeats?.isRepeat(collected) === true) {
      this.#last = collected;
      return;
    }
    this.#write(collected);
  }

  /** Writes what waits. */
  async end(): Promise<void> {
    this.#repeats?.flush();
    await this.#lines.close();
  }

  #tell(text: string): void {
    this.#warn?.(text);
  }

  #write(collected: CollectedMessage): void {
    this.#lines.add(formatLine(collected, this.#configuration.form));
  }
}

function matcher(patterns: readonly string[]): (name: string) => boolean {
  if (patterns.length === 0) return () => true;
  const matches = patterns.map((pattern) => wildcard(pattern));
  return (name) => matches.some((match) => match(name.toLowerCase()));
}
