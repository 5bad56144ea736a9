/**
 * How far a long task is: one line on standard error that is written over, and taken away at the end.
 *
 * `@std/cli` has a progress bar, but an unstable one, whose constructor changed within version 1.
 *
 * @module
 */

import type { Arguments } from "./arguments.ts";
import type { Context } from "./context.ts";

/** What is under way. */
export interface ProgressOptions {
  /** What stands before the bar. */
  readonly label: string;
  /** What is counted. */
  readonly unit: "bytes" | "hosts" | "messages" | "runs";
  /** How many there will be; unknown if absent. */
  readonly total?: number | undefined;
  /** When the line is shown first, in milliseconds. @default {1000} */
  readonly afterMs?: number;
}

/** Milliseconds between two looks. */
const REFRESH_MS = 200;
const BAR_WIDTH = 20;
const ERASE_LINE = "\r\x1b[K";

/** Counts, and shows the count to a person who waits for more than a second. */
export class Progress implements Disposable {
  readonly #options: ProgressOptions;
  readonly #context: Pick<Context, "stderr">;
  readonly #start = performance.now();
  #done = 0;
  #shown = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param args The command line; `--quiet` shows nothing.
   * @param context Shows nothing unless standard error is a terminal, or if results go to one too.
   * @param options What is under way.
   */
  constructor(
    args: Arguments,
    context: Pick<Context, "stdout" | "stderr">,
    options: ProgressOptions,
  ) {
    this.#context = context;
    this.#options = options;
    const { stdout, stderr } = context;
    if (args.has("quiet") || !stderr.isTerminal || stdout.isTerminal) return;
    this.#schedule(options.afterMs ?? 1000);
  }

  /** Counts more. */
  add(count: number): void {
    this.#done += count;
  }

  #schedule(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#write(
        ERASE_LINE + formatProgress(this.#options, this.#done, performance.now() - this.#start),
      );
      this.#shown = true;
      this.#schedule(REFRESH_MS);
    }, ms);
  }

  #write(text: string): void {
    // Whoever closed standard error does not wait for it.
    this.#context.stderr.text(text).catch(() => {});
  }

  /** Takes the line away. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    if (this.#shown) this.#write(ERASE_LINE);
  }
}

/**
 * Writes how far it is.
 *
 * @param options What is under way.
 * @param done How much is done.
 * @param ms How long it took, in milliseconds.
 * @returns One line, shorter than 80 characters.
 */
export function formatProgress(
  { label, unit, total }: Pick<ProgressOptions, "label" | "unit" | "total">,
  done: number,
  ms: number,
): string {
  const perSecond = ms > 0 ? done / ms * 1000 : 0;
  const amount = (count: number): string =>
    unit === "bytes" ? formatBytes(count) : `${Math.round(count)}`;
  const rate = unit === "bytes" ? `${formatBytes(perSecond)}/s` : `${perSecond.toFixed(1)}/s`;
  if (total === undefined || total <= 0) {
    return `${label}  ${amount(done)}${unit === "bytes" ? "" : ` ${unit}`}  ${rate}`;
  }
  const part = Math.min(1, done / total);
  const full = Math.floor(part * BAR_WIDTH);
  const bar = "#".repeat(full) + "-".repeat(BAR_WIDTH - full);
  const left = done > 0 ? `  ${formatSeconds((total - done) / perSecond)} left` : "";
  const count = `${amount(done)} of ${amount(total)}${unit === "bytes" ? "" : ` ${unit}`}`;
  return `${label}  [${bar}]  ${Math.floor(part * 100)}%  ${count}  ${rate}${left}`;
}

function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
