/**
 * A shell at an FTP server: runs one line after another.
 *
 * @module
 */

import { delay, toFileError } from "../../../net/internal.ts";
import { escapeControls, NetwrightError, UsageError } from "../../../net/mod.ts";
import { type Arguments, parseArguments } from "../../command/arguments.ts";
import type { OptionSpecs } from "../../command/option_spec.ts";
import { COMMON_OPTIONS } from "../../command/common_options.ts";
import { type CommandEntry, type Context, outputFlags } from "../../command/context.ts";
import { EXIT } from "../../terminal/failure.ts";
import type { FtpAction } from "../action.ts";
import type { FtpCommand } from "../command.ts";
import { FTP_OPTIONS } from "../target.ts";
import { nearest } from "../../command/nearest.ts";
import { expand } from "./patterns.ts";
import type { ShellPlaces } from "./places.ts";
import { ALIASES, COMMAND_VERBS, type CommandVerb, type OperandKind, OWN_VERBS } from "./verbs.ts";
import { parseLine, type Word } from "./words.ts";

/** Options that are those of the shell, and that the help of its commands does not repeat. */
const INHERITED = Object.keys({ ...COMMON_OPTIONS, ...FTP_OPTIONS });
const ALL_VERBS = [...Object.keys(OWN_VERBS), ...Object.keys(COMMAND_VERBS)].sort();

/** How long the same key's signal to us may take, after it ended a program, in milliseconds. */
const KEY_MS = 1000;

/** Runs lines. */
export class FtpShell {
  readonly #places: ShellPlaces;
  readonly #context: Context;
  readonly #programs: readonly string[];

  /**
   * @param places The current folders.
   * @param context Where its commands run.
   * @param programs The programs that `!` may start.
   */
  constructor(
    places: ShellPlaces,
    context: Context,
    programs: readonly string[],
  ) {
    this.#places = places;
    this.#context = context;
    this.#programs = programs;
  }

  /**
   * Runs a line.
   * @param line The typed line.
   * @returns The status, or `exit` if the shell is to end.
   * @throws {UsageError} If it makes no sense.
   */
  async run(line: string): Promise<number | "exit"> {
    const isProgram = line.trimStart().startsWith("!");
    const { words, isOpen } = parseLine(isProgram ? line.replace("!", "") : line);
    if (isOpen) throw new UsageError("a quote is not closed");
    if (isProgram) return await this.#runProgram(words.map(({ text }) => text));
    const [verb, ...rest] = words;
    if (verb === undefined) return EXIT.done;
    const name = Object.hasOwn(ALIASES, verb.text) ? ALIASES[verb.text]! : verb.text;
    if (Object.hasOwn(COMMAND_VERBS, name)) {
      return await this.#runCommand(COMMAND_VERBS[name]!, rest);
    }
    if (!Object.hasOwn(OWN_VERBS, name)) throw unknown(verb.text);
    const { operands, usage } = OWN_VERBS[name]!;
    if (rest.length > operands.length) throw new UsageError(`too many words: ${usage}`);
    const [operand] = await this.#expanded(rest, operands);
    return await this.#runOwn(name, operand);
  }

  async #runOwn(name: string, operand: string | undefined): Promise<number | "exit"> {
    const { stdout } = this.#context;
    switch (name) {
      case "cd":
        await this.#places.cd(operand);
        break;
      case "lcd":
        await this.#places.lcd(operand);
        break;
      case "pwd":
        await stdout.peerLine(this.#places.folder.replaceAll(/[\r\n]/g, "?"));
        break;
      case "lpwd":
        await stdout.line(escapeControls(this.#places.localFolder));
        break;
      case "lls":
        for (const { name, isFolder } of await this.#places.localNames(operand ?? "")) {
          await stdout.peerLine(`${name.replaceAll(/[\r\n]/g, "?")}${isFolder ? "/" : ""}`);
        }
        break;
      case "help":
        await this.#help(operand);
        break;
      case "exit":
        return "exit";
    }
    return EXIT.done;
  }

  async #runCommand(verb: CommandVerb, words: readonly Word[]): Promise<number> {
    const entry = this.#entryOf(verb);
    const command = await entry.load();
    const { options, operands } = splitOptions(words, command.options ?? {});
    const expanded = await this.#expanded(operands, verb.operands);
    const completed = verb.complete?.(expanded) ?? expanded;
    const args = parseArguments([...options, "--", ...completed], command);
    if (args.has("help")) {
      await this.#helpOn(verb);
      return EXIT.done;
    }
    const { read } = command as FtpCommand<unknown>;
    const action = await entry.loadAction() as FtpAction<unknown>;
    const context = withFlags(this.#context, args);
    return await action.work(read(args, this.#places), context, this.#places) ?? EXIT.done;
  }

  #entryOf({ command }: CommandVerb): CommandEntry {
    return this.#context.commands.find(({ name }) => name === command)!;
  }

  /** What words stand for, where they may be patterns. */
  async #expanded(words: readonly Word[], kinds: readonly OperandKind[]): Promise<string[]> {
    const expanded: string[] = [];
    for (const [index, word] of words.entries()) {
      const kind = kinds[index] ?? kinds.at(-1);
      if (kind === "remote") {
        expanded.push(
          ...await expand(
            word,
            (folder) => this.#places.names(this.#places.remotePath(folder || ".")),
          ),
        );
      } else if (kind === "local") {
        expanded.push(...await expand(word, (folder) => this.#places.localNames(folder)));
      } else expanded.push(word.text);
    }
    return expanded;
  }

  async #runProgram([program, ...args]: readonly string[]): Promise<number> {
    if (program === undefined) throw new UsageError("! requires a program: !ls -l");
    if (!this.#programs.includes(program)) {
      throw new UsageError(`programs are started only if they were allowed`, {
        peer: program,
        hint: `netwright ftp shell --allow-program ${program} …`,
      });
    }
    let child;
    try {
      child = new Deno.Command(program, {
        args,
        cwd: this.#places.localFolder,
        stdin: "inherit",
        stdout: "inherit",
        stderr: "inherit",
      }).spawn();
    } catch (error) {
      throw toFileError(error, { operation: "start", peer: program });
    }
    const { code, signal } = await child.status;
    // A terminal's key reaches us too, perhaps a moment later, when its handler is gone.
    if (signal === "SIGINT") await delay(KEY_MS, this.#context.signal);
    if (code !== 0) {
      throw new NetwrightError(
        signal === null ? `it ended with status ${code}` : `${signal} ended it`,
        {
          peer: program,
        },
      );
    }
    return EXIT.done;
  }

  async #help(name: string | undefined): Promise<void> {
    const { stdout } = this.#context;
    const asked = name !== undefined && Object.hasOwn(ALIASES, name) ? ALIASES[name] : name;
    if (asked === undefined) {
      for (const verb of ALL_VERBS) {
        const { usage, summary } = OWN_VERBS[verb] ?? COMMAND_VERBS[verb]!;
        await stdout.line(`${usage}\n    ${summary}`);
      }
      return await stdout.line(
        "!PROGRAM [ARG…]\n    a local program, if --allow-program names it",
      );
    }
    if (Object.hasOwn(COMMAND_VERBS, asked)) return await this.#helpOn(COMMAND_VERBS[asked]!);
    if (!Object.hasOwn(OWN_VERBS, asked)) throw unknown(asked);
    const { usage, summary } = OWN_VERBS[asked]!;
    await stdout.line(`${usage}\n    ${summary}`);
  }

  async #helpOn(verb: CommandVerb): Promise<void> {
    const { usage, summary } = verb;
    const { options = {} } = await this.#entryOf(verb).load();
    const { stdout } = this.#context;
    await stdout.line(`${usage}\n    ${summary}`);
    for (const [name, { value, help }] of Object.entries(options)) {
      if (INHERITED.includes(name)) continue;
      await stdout.line(
        `  ${`--${name}${value === undefined ? "" : ` ${value}`}`.padEnd(20)} ${help}`,
      );
    }
  }
}

/** Separates options with their values from operands. */
function splitOptions(
  words: readonly Word[],
  specs: OptionSpecs,
): { readonly options: string[]; readonly operands: Word[] } {
  const options: string[] = [];
  const operands: Word[] = [];
  for (let i = 0; i < words.length; i++) {
    const { text } = words[i]!;
    if (text === "--") return { options, operands: [...operands, ...words.slice(i + 1)] };
    if (!/^-./.test(text)) {
      operands.push(words[i]!);
      continue;
    }
    options.push(text);
    const [, spec] = Object.entries(specs).find(([name, { short }]) =>
      text === `--${name}` || text === `-${short}`
    ) ?? [];
    const value = words[i + 1];
    if (spec?.value === undefined || spec.optionalValue || value === undefined) {
      continue;
    }
    options.push(value.text);
    i++;
  }
  return { options, operands };
}

function unknown(verb: string): UsageError {
  const guess = nearest(verb, ALL_VERBS);
  return new UsageError(
    `there is no "${escapeControls(verb, { maxLength: 80 })}"` +
      (guess === undefined ? "; see help" : `; did you mean ${guess}?`),
  );
}

/** The context of a line, which has the flags of the shell and its own. */
function withFlags(outer: Context, args: Arguments): Context {
  const { json, quiet, verbose } = outputFlags(args);
  return Object.create(outer, {
    json: { value: outer.json || json },
    quiet: { value: outer.quiet || quiet },
    verbose: { value: outer.verbose || verbose },
  });
}
