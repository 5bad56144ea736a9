/**
 * Prompts of command lines: unique, named by the user, or learned.
 *
 * @module
 */

import type { TextPattern } from "../core/text_pattern.ts";

/** A prompt that nothing else can look like. */
export interface UniquePrompt {
  /** Matches it; the first group that matched is the exit status. */
  readonly prompt: RegExp;
}

/** A prompt at the end of the output. */
export interface FoundPrompt {
  /** Where it begins in its line. */
  readonly start: number;
  /** The exit status that it shows. */
  readonly status?: number | undefined;
  /** Silence after which it counts, in milliseconds; 0 if it cannot be anything else. */
  readonly settledMs: number;
  /** The unique prompt that it is. */
  readonly unique?: UniquePrompt | undefined;
}

/** How long a text that looks like the prompt must stay the last one, in milliseconds. */
export const SETTLED_MS = 150;
/** Longest text of a unique prompt, and of a line that may be a prompt. */
const MAX_PROMPT = 100;

/** Finds prompts. */
export class PromptFinder {
  readonly #custom: TextPattern | undefined;
  readonly #quietMs: number;
  /** What stands before the prompt that the user named, in its line. */
  #lead = "";
  #learned: string | undefined;
  #prefix: readonly string[] = [];
  /** The last one first: shells may be inside of one another. */
  #unique: UniquePrompt[] = [];

  /**
   * @param custom The pattern of the user.
   * @param quietMs Silence after which an unknown prompt counts, in milliseconds.
   */
  constructor(custom: TextPattern | undefined, quietMs: number) {
    this.#custom = custom;
    this.#quietMs = quietMs;
  }

  /** Whether the user named the prompt. */
  get isNamed(): boolean {
    return this.#custom !== undefined;
  }

  /**
   * Remembers the first prompt that the user's pattern matched.
   * @param line Its line.
   */
  noteFirst(line: string): void {
    this.#lead = line.slice(0, this.#custom?.exec(line)?.index ?? 0);
  }

  /**
   * Learns the prompt.
   * @param line Its line.
   * @param prefix Lines before it that belong to it.
   */
  learn(line: string, prefix: readonly string[] = []): void {
    this.#learned = line;
    this.#prefix = prefix;
  }

  /**
   * Expects a unique prompt beside the others.
   * @param unique The prompt.
   */
  addUnique(unique: UniquePrompt): void {
    this.#unique.unshift(unique);
  }

  /**
   * Expects a unique prompt no longer.
   * @param unique The prompt.
   */
  removeUnique(unique: UniquePrompt): void {
    this.#unique = this.#unique.filter((other) => other !== unique);
  }

  /**
   * Finds a unique prompt.
   * @param line The line before the cursor.
   */
  findUnique(line: string): FoundPrompt | undefined {
    // Only the end of a long line can be one.
    const from = Math.max(0, line.length - MAX_PROMPT);
    for (const unique of this.#unique) {
      const match = unique.prompt.exec(line.slice(from));
      if (match === null) continue;
      const digits = match.slice(1).find((group) => group !== undefined);
      const status = digits === undefined ? undefined : Number(digits);
      return { start: from + match.index, status, settledMs: 0, unique };
    }
    return undefined;
  }

  /**
   * Finds a prompt that the user named, or one like the learned one.
   * @param line The line, which ends at the cursor.
   */
  find(line: string): FoundPrompt | undefined {
    if (this.#custom !== undefined) {
      const match = this.#custom.exec(line);
      if (match === null || line.slice(match.index + match[0].length).trim() !== "") {
        return undefined;
      }
      const isWhole = line.slice(0, match.index) === this.#lead;
      return { start: isWhole ? 0 : match.index, settledMs: SETTLED_MS };
    }
    const learned = this.#learned;
    if (learned === undefined) return undefined;
    if (isLike(learned, line)) return { start: 0, settledMs: SETTLED_MS };
    // Routers show their mode behind their name, and the name may change.
    const [, name] = ROUTER.exec(learned.trimEnd()) ?? [];
    const [, other] = ROUTER.exec(line.trimEnd()) ?? [];
    if (name === undefined || other === undefined) return undefined;
    return { start: 0, settledMs: name === other ? SETTLED_MS : this.#quietMs };
  }

  /**
   * Takes lines that belong to the prompt off the end of an output.
   * @param output The output, up to the prompt's line.
   */
  withoutPrefix(output: string): string {
    if (this.#prefix.length === 0) return output;
    const lines = output.split("\n");
    const last = lines.pop()!;
    const end = lines.slice(-this.#prefix.length);
    const fits = last === "" && end.length === this.#prefix.length &&
      end.every((line, at) => isLike(this.#prefix[at]!, line));
    if (!fits) return output;
    return lines.slice(0, -this.#prefix.length).map((line) => `${line}\n`).join("");
  }
}

/** A name, and perhaps a mode in parentheses, before `>` or `#`. */
const ROUTER = /^([\w.@-]{1,64})(?:\([\w./: -]{1,64}\))?[>#]$/;

/** Whether two prompts are the same but for numbers, such as a clock. */
export function isLike(one: string, other: string): boolean {
  const plain = (text: string): string => text.replace(/\d+/g, "0").trimEnd();
  return plain(one) === plain(other);
}

/** Whether a prompt may be that of a shell, not of a network device. */
export function isShellPrompt(line: string): boolean {
  return /(?:[$#%>]|[^\x00-\x7f]) $/.test(line);
}

/** Whether a line may be a prompt that is not known yet. */
export function mayBePrompt(line: string): boolean {
  return line.length <= MAX_PROMPT && /\S[$#%>] ?$|[^\x00-\x7f] $/.test(line);
}

/** Whether another prompt may come after a command: shells in shells, modes of routers, settings of the prompt. */
export function mayChangePrompt(command: string): boolean {
  return /\bprompt\b|_prompt\b|PS1=|^\s*(?:sudo\s|exec\s)?(?:\S*\/)?(?:[a-z]{0,5}sh|su|sudo|python\d*|telnet|mysql|psql|chroot|enable|disable|hostname|sysname|system-view|conf\w*|interface|vlan|edit|exit|quit|end|top|up|return|logout)\b/
    .test(command);
}

/** The last line of a page: of network devices, `more` and `less`. */
const PAGE =
  /(?:-{2,}\s*\(?more\b.{0,60}|<-{1,3} ?more ?-{1,3}>|\(q\)uit.{0,20}|press any key.{0,40}|\(more \d{1,3}%\).{0,60}|^\s*:|^lines \d+-\d+.{0,60})\s*$/i;
/** A page that only Enter turns. */
const ENTER_PAGE = /press (?:return|enter).{0,40}$/i;
/** The last line of the last page of `less`, which must be left. */
const LAST_PAGE = /\(END\)\s*$/;

/**
 * Returns the key that turns a page.
 *
 * @param line The line at the cursor.
 * @returns The key; undefined if the line is not the end of a page.
 */
export function pageKey(line: string): string | undefined {
  const end = line.slice(-200);
  if (LAST_PAGE.test(end)) return "q";
  if (ENTER_PAGE.test(end)) return "\r";
  return PAGE.test(end) ? " " : undefined;
}
