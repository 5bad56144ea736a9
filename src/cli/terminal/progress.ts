/**
 * The progress of a long task: lines on standard error that are written over, and removed at
 * the end.
 *
 * `@std/cli` has a progress bar, but an unstable one, whose constructor changed within version 1.
 *
 * @module
 */

import { escapeControls } from "../../net/mod.ts";
import { characters, columns, loadWidths } from "./columns.ts";
import type { Output } from "./output.ts";

/** Where results and progress go. */
export interface Outputs {
  /** Whether nothing is shown. */
  readonly quiet: boolean;
  /** Results. */
  readonly stdout: Output;
  /** Progress. */
  readonly stderr: Output;
}

/** The task. */
export interface ProgressOptions {
  /** The text before the bar. */
  readonly label: string;
  /** The unit. */
  readonly unit: "bytes" | "hosts" | "messages" | "runs" | "URLs";
  /** How many there will be; unknown if absent. */
  readonly total?: number | undefined;
  /** When it is shown first, in milliseconds. @default {1000} */
  readonly afterMs?: number;
  /** Whether results are written meanwhile, which a terminal would show between the lines. @default {true} */
  readonly hasResults?: boolean;
}

/** One of several things that are done side by side, such as a file. */
export interface ProgressPart {
  /** Its name; text of a peer. */
  readonly name: string;
  /** How much of it is done. */
  readonly done: number;
  /** How much there is; unknown if absent. */
  readonly total?: number | undefined;
}

/** Milliseconds between two looks. */
const REFRESH_MS = 200;
const BAR_WIDTH = 20;
const PART_BAR_WIDTH = 10;
/** Parts that are shown; the rest is counted. */
const MAX_PARTS = 8;
/** Columns of a part's name; its end is kept. */
const NAME_WIDTH = 40;
const ERASE_LINE = "\r\x1b[K";
const ERASE_LINE_ABOVE = "\x1b[A\x1b[K";

/** Counts, and shows the count after more than a second on a terminal. */
export class Progress implements Disposable {
  readonly #options: ProgressOptions;
  readonly #stderr: Output;
  readonly #start = performance.now();
  readonly #parts = new Map<string, ProgressPart>();
  #done = 0;
  /** How many lines are shown. */
  #shown = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param outputs Shows nothing unless standard error is a terminal, or if results go to one too.
   * @param options The task.
   */
  constructor(
    { stdout, stderr, quiet }: Outputs,
    options: ProgressOptions,
  ) {
    this.#stderr = stderr;
    this.#options = options;
    const wouldMix = stdout.isTerminal && (options.hasResults ?? true);
    if (quiet || !stderr.isTerminal || wouldMix) return;
    void loadWidths();
    this.#schedule(options.afterMs ?? 1000);
  }

  /**
   * Counts more.
   * @param count How much.
   * @param part The part, with its current count; it ends when all of it is done.
   */
  add(count: number, part?: ProgressPart): void {
    this.#done += count;
    if (part === undefined || this.#timer === undefined) return;
    if (part.total !== undefined && part.done >= part.total) this.#parts.delete(part.name);
    else this.#parts.set(part.name, part);
  }

  /** Takes a part away that will not be done. */
  drop(name: string): void {
    this.#parts.delete(name);
  }

  /** Takes the lines away until the next look: something else is to be written. */
  hide(): void {
    if (this.#shown > 0) this.#write(this.#erasing());
    this.#shown = 0;
  }

  #schedule(ms: number): void {
    this.#timer = setTimeout(() => {
      const parts = [...this.#parts.values()].slice(0, MAX_PARTS).map(formatPart);
      const rest = this.#parts.size - parts.length;
      if (rest > 0) parts.push(`  and ${rest} more`);
      const total = formatProgress(this.#options, this.#done, performance.now() - this.#start);
      this.#write(this.#erasing() + [...parts, total].join("\n"));
      this.#shown = parts.length + 1;
      this.#schedule(REFRESH_MS);
    }, ms);
  }

  #erasing(): string {
    return ERASE_LINE + ERASE_LINE_ABOVE.repeat(Math.max(0, this.#shown - 1));
  }

  #write(text: string): void {
    // A closed standard error needs no clearing.
    this.#stderr.text(text).catch(() => {});
  }

  /** Takes the lines away. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.hide();
  }
}

function formatPart({ name, done, total }: ProgressPart): string {
  const shown = characters(escapeControls(name, { maxLength: 400 })).reverse();
  let width = 0;
  const tail = shown.filter((one) => (width += columns(one)) <= NAME_WIDTH).reverse().join("");
  if (total === undefined || total <= 0) return `  ${tail}  ${formatBytes(done)}`;
  const part = Math.min(1, done / total);
  const bar = formatBar(part, PART_BAR_WIDTH);
  return `  ${tail}  ${bar}  ${Math.floor(part * 100)}% of ${formatBytes(total)}`;
}

function formatBar(part: number, width: number): string {
  const full = Math.floor(part * width);
  return `[${"#".repeat(full)}${"-".repeat(width - full)}]`;
}

/**
 * Writes how far it is.
 *
 * @param options The task.
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
  const bar = formatBar(part, BAR_WIDTH);
  const left = done > 0 ? `  ${formatSeconds((total - done) / perSecond)} left` : "";
  const count = `${amount(done)} of ${amount(total)}${unit === "bytes" ? "" : ` ${unit}`}`;
  return `${label}  ${bar}  ${Math.floor(part * 100)}%  ${count}  ${rate}${left}`;
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
