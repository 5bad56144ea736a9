/**
 * What may follow a half-typed command line. The shells' own scripts ask for it at each Tab, so that they
 * never know more or less than the program.
 *
 * @module
 */

import type { OptionSpec, OptionSpecs } from "./option_spec.ts";
import type { CommandEntry } from "./context.ts";
import { COMMON_OPTIONS } from "./common_options.ts";
import { findCommand, type FoundCommand } from "./find_command.ts";

/** One thing that may be typed. */
export interface Candidate {
  /** The whole word. */
  readonly word: string;
  /** Its meaning, in a few words. */
  readonly help?: string;
}

/** What may be typed: words, and what only the shell can list. */
export interface Completion {
  /** Words that begin with the typed text. */
  readonly candidates: readonly Candidate[];
  /** Files or hosts that the shell adds itself. */
  readonly ask?: "files" | "hosts";
}

const NOTHING: Completion = { candidates: [] };

/**
 * Completes a command line.
 *
 * @param commands All commands.
 * @param words What follows the program's name; the last word is being typed and may be empty.
 * @returns The candidates for the last word.
 */
export async function completeLine(
  commands: readonly CommandEntry[],
  words: readonly string[],
): Promise<Completion> {
  const before = words.slice(0, -1);
  const typed = words.at(-1) ?? "";
  const named = before.filter((word) => !word.startsWith("-"));
  const family = named[0] === undefined ? [] : membersOf(commands, named[0]);
  const isCommand = commands.some(({ name }) => name === named[0]);
  if (named[0] === undefined || (family.length > 0 && !isCommand && named[1] === undefined)) {
    if (typed.startsWith("-")) return options(COMMON_OPTIONS, before, typed);
    return matching(named[0] === undefined ? firstWords(commands) : family, typed);
  }
  // An unknown command completes nothing; the program itself reports it.
  const found = await findCommand(commands, before).catch(() => undefined);
  return found === undefined ? NOTHING : completeFor(commands, found, typed);
}

function membersOf(commands: readonly CommandEntry[], first: string): Candidate[] {
  return commands.filter(({ name }) => name.startsWith(`${first} `))
    .map(({ name, summary }) => ({ word: name.slice(first.length + 1), help: summary }));
}

/** A family of commands is one candidate. */
function firstWords(commands: readonly CommandEntry[]): Candidate[] {
  const words = new Map<string, Candidate>();
  for (const { name, summary } of commands) {
    const [word = ""] = name.split(" ");
    if (!words.has(word)) words.set(word, word === name ? { word, help: summary } : { word });
  }
  return [...words.values()];
}

function completeFor(
  commands: readonly CommandEntry[],
  { command, words: before }: FoundCommand,
  typed: string,
): Completion {
  const specs: OptionSpecs = { ...command.options, ...COMMON_OPTIONS };
  if (before.includes("--")) {
    return command.rest !== undefined ? { ...NOTHING, ask: "files" } : NOTHING;
  }
  const equals = typed.startsWith("--") ? typed.indexOf("=") : -1;
  if (equals > 0) {
    const spec = specs[typed.slice(2, equals)];
    return spec?.value === undefined ? NOTHING : valueOf(spec, typed, typed.slice(0, equals + 1));
  }
  const last = specOf(specs, before.at(-1));
  if (last?.value !== undefined && !last.optionalValue) return valueOf(last, typed, "");
  if (typed.startsWith("-")) return options(specs, before, typed);
  const operands = operandsOf(specs, before);
  if (operands.length >= (command.count.max ?? Infinity)) return NOTHING;
  const choices = command.choices?.(commands, operands);
  return choices === undefined
    ? askFor(command.operands)
    : matching(choices.map((word) => ({ word })), typed);
}

function specOf(specs: OptionSpecs, word: string | undefined): OptionSpec | undefined {
  if (word === undefined || !word.startsWith("-") || word.includes("=")) return undefined;
  return word.startsWith("--")
    ? specs[word.slice(2)]
    : Object.values(specs).find(({ short }) => short === word.slice(1));
}

function operandsOf(specs: OptionSpecs, before: readonly string[]): string[] {
  return before.filter((word, index) => {
    const option = specOf(specs, before[index - 1]);
    return !word.startsWith("-") && (option?.value === undefined || option.optionalValue);
  });
}

function options(specs: OptionSpecs, before: readonly string[], typed: string): Completion {
  const free = Object.entries(specs).filter(([name, { many }]) =>
    many || !before.some((word) => word === `--${name}` || word.startsWith(`--${name}=`))
  );
  return matching(free.map(([name, { help }]) => ({ word: `--${name}`, help })), typed);
}

function valueOf({ choices, value = "" }: OptionSpec, typed: string, prefix: string): Completion {
  const words = (choices ?? []).map((choice) => ({ word: `${prefix}${choice}` }));
  return { ...askFor(value), ...matching(words, typed) };
}

/** Help names values by their kinds. */
function askFor(value: string): Completion {
  if (/\b(FILE|DIR|PATH)\b/.test(value)) return { candidates: [], ask: "files" };
  return /\b(HOST|TARGET|ADDRESS|NAME)\b/.test(value) ? { candidates: [], ask: "hosts" } : NOTHING;
}

function matching(candidates: readonly Candidate[], typed: string): Completion {
  return { candidates: candidates.filter(({ word }) => word.startsWith(typed)) };
}
