/**
 * Parsed command lines. Unknown options are refused; values stay strings until a command reads them.
 *
 * @module
 */

import { parseByteAmount } from "../../net/internal.ts";
import { escapeControls, UsageError } from "../../net/mod.ts";
import type { CommandSyntax, OptionSpec, OptionSpecs } from "./option_spec.ts";
import { COMMON_OPTIONS } from "./common_options.ts";
import { nearest } from "./nearest.ts";

/** Longest time that an option may name, in seconds: more than thirty years. */
const MAX_SECONDS = 999_999_999;

/** A parsed command line as data that can be posted to another thread. */
export interface ArgumentsData {
  /** Operands, in order. */
  readonly operands: readonly string[];
  /** What follows `--`, for another program. */
  readonly rest: readonly string[];
  /** The values of each option that was given; a flag's value is empty. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** The operands and options of one call. */
export class Arguments {
  /** Operands, in order. */
  readonly operands: readonly string[];
  /** What follows `--`, for another program. */
  readonly rest: readonly string[];
  readonly #values: ReadonlyMap<string, readonly string[]>;

  /**
   * @param operands The operands.
   * @param values The values of each option that was given; a flag's value is empty.
   * @param rest What follows `--`.
   */
  constructor(
    operands: readonly string[],
    values: ReadonlyMap<string, readonly string[]>,
    rest: readonly string[] = [],
  ) {
    this.operands = operands;
    this.#values = values;
    this.rest = rest;
  }

  /** Makes arguments of what {@link data} gave in another thread. */
  static from({ operands, values, rest }: ArgumentsData): Arguments {
    return new Arguments(operands, values, rest);
  }

  /** The same as data. */
  get data(): ArgumentsData {
    return { operands: this.operands, rest: this.rest, values: this.#values };
  }

  /** Whether an option was given. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The last value of an option, or undefined if it was not given. */
  value(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  /** All values of an option, in order. */
  values(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /**
   * Reads an option as a duration.
   * @param name The option; its value is in seconds, fractions allowed.
   * @param fallbackMs Taken if it was not given, in milliseconds.
   * @returns Milliseconds.
   * @throws {UsageError} If it is not a positive number.
   */
  milliseconds(name: string, fallbackMs: number): number {
    const text = this.value(name);
    if (text === undefined) return fallbackMs;
    const seconds = /^(?:\d+(?:\.\d+)?|\.\d+)$/.test(text) ? Number(text) : NaN;
    if (!(seconds > 0)) {
      throw new UsageError(`--${name} takes a number of seconds above 0, not ${quote(text)}`);
    }
    if (seconds > MAX_SECONDS) {
      throw new UsageError(`--${name} takes at most ${MAX_SECONDS} seconds`);
    }
    return seconds * 1000;
  }

  /**
   * Reads an option as an amount of bytes: `4096`, `64K`, `10M`, `1.5GiB`; a K is 1024.
   * @param name The option.
   * @returns Bytes; undefined if it was not given.
   * @throws {UsageError} If it is no such amount, or 0.
   */
  bytes(name: string): number | undefined {
    const text = this.value(name);
    if (text === undefined) return undefined;
    const bytes = parseByteAmount(text) ?? 0;
    if (bytes > 0) return bytes;
    throw new UsageError(`--${name} takes an amount such as 64K or 10M, not ${quote(text)}`);
  }

  /**
   * Reads an option as a whole number.
   * @param name The option.
   * @param range Minimum and maximum, and the value if the option was not given.
   * @returns The number.
   * @throws {UsageError} If it is not one, or out of range.
   */
  integer<T extends number | undefined>(
    name: string,
    range: { readonly min: number; readonly max?: number; readonly fallback: T },
  ): number | T {
    const text = this.value(name);
    if (text === undefined) return range.fallback;
    const { min, max = Number.MAX_SAFE_INTEGER } = range;
    const number = /^-?\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (!(number >= min && number <= max)) {
      const upper = range.max === undefined ? `${min} or more` : `${min} to ${max}`;
      throw new UsageError(`--${name} takes a whole number, ${upper}, not ${quote(text)}`);
    }
    return number;
  }
}

/**
 * Parses a command line.
 *
 * @param words What follows the command's name.
 * @param command Whose operands and options they are.
 * @returns The parsed arguments; with `--help` or `--permissions` the count of operands is not checked
 *   for the former.
 * @throws {UsageError} If an option is unknown or lacks its value, or there are too few or too many
 *   operands.
 */
export function parseArguments(words: readonly string[], command: CommandSyntax): Arguments {
  const specs: OptionSpecs = { ...COMMON_OPTIONS, ...command.options };
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  let rest: readonly string[] = [];
  const shorts = new Map(
    Object.values(specs).filter(({ short }) => short !== undefined)
      .map((spec) => [spec.short!, spec] as const),
  );
  for (let i = 0; i < words.length; i++) {
    const parts = apart(words[i]!, shorts);
    if (parts.length > 1) words = [...words.slice(0, i), ...parts, ...words.slice(i + 1)];
    const word = words[i]!;
    if (word === "--") {
      if (command.rest !== undefined) rest = words.slice(i + 1);
      else operands.push(...words.slice(i + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      operands.push(word);
      continue;
    }
    const { name, spec, inline } = lookUp(word, specs, command);
    let value = inline;
    if (spec.value === undefined || spec.optionalValue) {
      if (value !== undefined && spec.value === undefined) {
        throw new UsageError(`--${name} takes no value`);
      }
    } else if (value === undefined) {
      value = words[++i];
      if (value === undefined) throw new UsageError(`--${name} needs a value: ${spec.value}`);
    }
    if (value === "" && /^(?:FILE|DIR)$/.test(spec.value ?? "")) {
      throw new UsageError(`--${name} names no file`);
    }
    if (value !== undefined && spec.choices?.includes(value) === false) {
      throw new UsageError(
        `--${name} takes ${spec.choices.join(", ")}, not ${quote(value)}`,
      );
    }
    const given = values.get(name);
    if (given !== undefined && spec.value !== undefined && !spec.many) {
      throw new UsageError(`--${name} was given twice`);
    }
    values.set(name, [...given ?? [], value ?? ""]);
  }
  if (!values.has("help")) checkCount(operands, command);
  return new Arguments(operands, values, rest);
}

/** Takes joined short options apart (POSIX): `-n2` is `-n 2`, and `-lt` is `-l -t`. */
function apart(word: string, shorts: ReadonlyMap<string, OptionSpec>): string[] {
  if (!/^-[^-=][^=]/.test(word)) return [word];
  const options: string[] = [];
  for (let at = 1; at < word.length; at++) {
    const spec = shorts.get(word[at]!);
    // An unknown option is reported as the user wrote it.
    if (spec === undefined) return [word];
    options.push(`-${word[at]}`);
    if (spec.value === undefined || spec.optionalValue === true) continue;
    return at + 1 < word.length ? [...options, word.slice(at + 1)] : options;
  }
  return options;
}

function lookUp(
  word: string,
  specs: OptionSpecs,
  command: CommandSyntax,
): { name: string; spec: OptionSpec; inline: string | undefined } {
  const equals = word.indexOf("=");
  const written = equals < 0 ? word : word.slice(0, equals);
  const inline = equals < 0 ? undefined : word.slice(equals + 1);
  const name = written.startsWith("--")
    ? written.slice(2)
    : Object.keys(specs).find((name) => specs[name]!.short === written.slice(1));
  const spec = name !== undefined && Object.hasOwn(specs, name) ? specs[name] : undefined;
  if (name === undefined || spec === undefined) {
    if (name !== undefined && command.inapplicable?.includes(name)) {
      throw new UsageError(`${command.name} ${command.operands} has no ${quote(written)}`);
    }
    if (Object.hasOwn(specs, "listen") && /^(?:-p|--(?:port|bind|host|address))$/.test(written)) {
      throw new UsageError(`unknown option ${quote(written)}; use --listen HOST:PORT`);
    }
    const guess = nearest(written.replace(/^-+/, ""), Object.keys(specs));
    throw new UsageError(
      `unknown option ${quote(written)}${guess === undefined ? "" : `; did you mean --${guess}?`}`,
    );
  }
  return { name, spec, inline };
}

function checkCount(operands: readonly string[], command: CommandSyntax): void {
  const { min, max = Infinity } = command.count;
  if (operands.length < min) {
    throw new UsageError(`${missingOperands(command, operands.length)} is missing`);
  }
  if (operands.length > max) {
    const hint = command.rest ? `; write -- before ${command.rest.split(" ")[0]}` : "";
    throw new UsageError(`${quote(operands[max] ?? "")} is one operand too many${hint}`);
  }
}

/** The operands that are required and not given: of `FILE… URL` with one given, `URL`. */
function missingOperands({ operands }: CommandSyntax, given: number): string {
  if (operands.includes(" | ")) return operands;
  const required = operands.split(" ").filter((word) => !/^[\[-]/.test(word));
  return required.slice(given).join(" ") || operands;
}

function quote(text: string): string {
  return `"${escapeControls(text, { maxLength: 80 })}"`;
}
