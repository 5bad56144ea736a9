/**
 * Man pages, made of the same data as `--help`: `netwright.1`, one page for each command and service, and one in
 * section 7 for each topic of `netwright help`.
 *
 * @module
 */

import manifest from "../deno.json" with { type: "json" };
import { COMMANDS } from "../src/cli/commands/index.ts";
import type { Command } from "../src/cli/command/command.ts";
import { COMMON_OPTIONS } from "../src/cli/command/common_options.ts";
import { findCommand } from "../src/cli/command/find_command.ts";
import type { OptionSpecs } from "../src/cli/command/option_spec.ts";
import { FAMILIES } from "../src/cli/help/families.ts";
import { HELP_TOPICS } from "../src/cli/help/topics.ts";
import { SERVICES } from "../src/services/index.ts";

/** A page: its file name and its text. */
export interface ManPage {
  /** Such as `netwright-ftp-get.1`. */
  readonly file: string;
  /** Source for `man`. */
  readonly text: string;
}

/**
 * Makes all pages.
 *
 * @returns The pages, with the overview first.
 */
export async function manPages(): Promise<ManPage[]> {
  const commands = await Promise.all(COMMANDS.map(({ load }) => load()));
  const services = await Promise.all(SERVICES.map(async ({ name }) => {
    const { command } = (await findCommand(COMMANDS, ["serve", name]))!;
    return commandPage(command, `serve-${name}`);
  }));
  const topics = await Promise.all(
    HELP_TOPICS.map(async ({ name, summary, load }) => topicPage(name, summary, await load())),
  );
  return [
    overview(commands),
    ...commands.map((command) => commandPage(command, command.name.replace(" ", "-"))),
    ...services,
    ...topics,
  ];
}

/**
 * Writes all pages into a folder.
 *
 * @param folder Where; `man1` and `man7` are made in it.
 */
export async function writeManPages(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  for (const { file, text } of await manPages()) {
    const section = `${folder}/man${file.at(-1)}`;
    await Deno.mkdir(section, { recursive: true });
    await Deno.writeTextFile(`${section}/${file}`, text);
  }
}

function overview(commands: readonly Command[]): ManPage {
  const lines = FAMILIES.flatMap(({ name, summary }) => [
    `.SS ${escape(`${name}: ${summary}`)}`,
    ...COMMANDS.filter(({ family }) => family === name).flatMap((entry) => {
      const { summary } = commands.find((command) => command.name === entry.name)!;
      return tagged(`netwright ${entry.name}`, summary);
    }),
  ]);
  return page("netwright", 1, "classic Internet protocols, client and server, in a sandbox", [
    ".SH SYNOPSIS",
    bold("netwright"),
    "COMMAND [OPERAND...] [OPTION...]",
    ".SH DESCRIPTION",
    "Each command works out from its own arguments which hosts, files and programs it needs, and",
    "runs with permission for these only; see netwright-sandbox(7).",
    ".SH COMMANDS",
    ...lines,
    ".SH OPTIONS",
    "Every command has these options.",
    ...options(COMMON_OPTIONS),
    ...ending([]),
  ]);
}

function commandPage(command: Command, name: string): ManPage {
  const { summary, operands, rest, examples, details, list, manual } = command;
  const words = `${operands}${rest ? ` -- ${rest}` : ""}`;
  const ownOptions = command.options === COMMON_OPTIONS ? {} : command.options ?? {};
  return page(`netwright-${name}`, 1, summary, [
    ".SH SYNOPSIS",
    bold(`netwright ${command.name}`),
    escape(`${words} [OPTION...]`.trimStart()),
    ...(details === undefined ? [] : [".SH DESCRIPTION", ...escapeLines(details)]),
    ...(list === undefined ? [] : [".SH VALUES", ...literal(list.join("\n"))]),
    ".SH OPTIONS",
    ...options(ownOptions),
    ...options(COMMON_OPTIONS),
    ...(manual === undefined ? [] : [".SH NOTES", ...literal(manual)]),
    ".SH EXAMPLES",
    ...literal(examples.map((example) => `netwright ${example}`).join("\n")),
    ...ending(["netwright(1)"]),
  ]);
}

function topicPage(name: string, summary: string, text: string): ManPage {
  const [, ...lines] = text.split("\n");
  return page(`netwright-${name}`, 7, summary, [
    ".SH DESCRIPTION",
    ...literal(lines.join("\n").trim()),
    ...ending(["netwright(1)"], name),
  ]);
}

function page(name: string, section: number, summary: string, lines: readonly string[]): ManPage {
  const head = [
    `.TH ${name.toUpperCase()} ${section} "" "netwright ${manifest.version}" "Netwright"`,
    ".nh",
    ".ad l",
    ".SH NAME",
    `${escape(name)} \\- ${escape(summary)}`,
  ];
  return { file: `${name}.${section}`, text: `${[...head, ...lines].join("\n")}\n` };
}

/** The sections that end each page. */
function ending(others: readonly string[], self?: string): string[] {
  const topics = HELP_TOPICS.filter(({ name }) => name !== self)
    .map(({ name }) => `netwright-${name}(7)`);
  return [".SH SEE ALSO", escape([...others, ...topics].join(", "))];
}

function options(specs: OptionSpecs): string[] {
  return Object.entries(specs).flatMap(([name, spec]) => {
    const { value, optionalValue = false, short, help, choices, many = false } = spec;
    const shown = value === undefined ? "" : optionalValue ? `[=${value}]` : ` ${value}`;
    const spelled = `${short === undefined ? "" : `-${short}, `}--${name}${shown}`;
    const text = choices === undefined ? help : `${help}: ${choices.join(", ")}`;
    return tagged(spelled, many ? `${text} (may be given several times)` : text);
  });
}

function tagged(term: string, text: string): string[] {
  return [".TP", bold(term), escape(text)];
}

function bold(text: string): string {
  return `.B ${escape(text)}`;
}

/** Text that keeps its lines and blanks. */
function literal(text: string): string[] {
  return [".nf", ".in 0", ...escapeLines(text), ".in", ".fi"];
}

function escapeLines(text: string): string[] {
  return text.split("\n").map((line) => line === "" ? ".sp" : escape(line));
}

/** Makes characters that mean something to roff literal. */
function escape(text: string): string {
  const escaped = text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("…", "...");
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}
