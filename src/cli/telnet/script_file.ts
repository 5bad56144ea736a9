/**
 * Files of scripts: read with all that they include, and checked.
 *
 * @module
 */

import { escapeControls, UsageError } from "../../net/mod.ts";
import type {
  Alternative,
  Script,
  ScriptFile,
  ScriptProblem,
  SecretSource,
  Step,
} from "../../programs/dialogue/mod.ts";
import { readTextFile } from "../../stores/internal.ts";
import { parseYaml } from "../serving/yaml.ts";
import { yamlPositions } from "../serving/yaml_positions.ts";

/** A script, its files, and its mistakes. */
export interface ReadScript {
  /** The script, as far as it could be read. */
  readonly script: Script;
  /** All mistakes. */
  readonly problems: readonly ScriptProblem[];
  /** The sources of its secrets. */
  readonly secrets: readonly SecretSource[];
  /** The files that were read. */
  readonly files: readonly string[];
}

/** Most files of a script. */
const MAX_FILES = 100;

/**
 * Reads a script.
 *
 * @param path Its file; files that it includes are found from its folder.
 * @param variables Names of variables that the command line sets.
 * @returns The script and its mistakes.
 * @throws {UsageError} If the file is not YAML.
 * @throws {NetwrightError} If it cannot be read.
 */
export async function readScript(path: string, variables: readonly string[]): Promise<ReadScript> {
  const files: string[] = [];
  const read = async (file: string): Promise<ScriptFile> => {
    if (files.length >= MAX_FILES) throw new UsageError(`a script has at most ${MAX_FILES} files`);
    files.push(file);
    const text = await readTextFile(file, { fatal: true });
    const content = await parseYaml(text, file, "text");
    return { file, content, positionOf: yamlPositions(text) };
  };
  // The launcher needs the names of all files first; what reads them has nothing to do with the network.
  const { parseScript, allSteps, variablesIn } = await import(
    "../../programs/dialogue/internal.ts"
  );
  const { script, problems } = await parseScript(await read(path), {
    include: (name, from) => read(beside(from, name)),
  });
  const steps = [...allSteps(script.steps)];
  const known = [...Object.keys(script.variables), ...variables];
  const used = new Set([...Object.keys(script.variables), ...steps.flatMap(namesIn(variablesIn))]);
  const useless = variables.find((name) => !used.has(name));
  if (useless !== undefined) throw new UsageError(`${path} has no variable ${useless} (--set)`);
  const unset = unsetVariables(steps, known, variablesIn);
  return {
    script,
    files,
    problems: sortedProblems([...problems, ...unset]),
    secrets: steps.flatMap((step) => step.kind === "secret" ? [step.source] : []),
  };
}

/**
 * Finds a file that a script names.
 *
 * @param from The script's own file.
 * @param name The name as written.
 * @returns A path from the current folder.
 */
export function beside(from: string, name: string): string {
  const slash = from.lastIndexOf("/");
  const path = name.startsWith("/") || slash < 0 ? name : from.slice(0, slash + 1) + name;
  // The same file has the same name.
  return path.replaceAll(/\/(?:\.?\/)+/g, "/").replace(/^(?:\.\/)+(?=.)/, "");
}

/** Puts mistakes into the order of their places; files come in the order of their first mistakes. */
export function sortedProblems(problems: readonly ScriptProblem[]): ScriptProblem[] {
  const files = [...new Set(problems.map(({ at }) => at.file))];
  return problems.toSorted(({ at: a }, { at: b }) =>
    files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column
  );
}

/** Variables that nothing sets. */
function unsetVariables(
  steps: readonly Step[],
  given: readonly string[],
  variablesIn: (text: string) => string[],
): ScriptProblem[] {
  // A step does not use what it sets itself.
  const setters = new Map<string, Set<Step>>();
  for (const step of steps) {
    for (const name of setBy(step)) setters.set(name, (setters.get(name) ?? new Set()).add(step));
  }
  const isSet = (name: string, step: Step): boolean =>
    given.includes(name) || [...setters.get(name) ?? []].some((other) => other !== step);
  return steps.flatMap((step) =>
    textsOf(step).flatMap(variablesIn).filter((name) => !isSet(name, step)).map((name) => ({
      at: step.at,
      message: `nothing sets the variable ${name}`,
    }))
  );
}

/** Names of groups in patterns of RE2. */
const GROUP = /\(\?P?<([A-Za-z_]\w*)>/g;

function setBy(step: Step): string[] {
  if (step.kind === "set") return Object.keys(step.values);
  if (step.kind !== "expect") return [];
  const groups = step.alternatives.flatMap((one) =>
    one.kind === "pattern" ? [...one.value.matchAll(GROUP)].map(([, name]) => name!) : []
  );
  return step.save === undefined ? groups : [...groups, step.save];
}

/** Lists the variables that a step names. */
function namesIn(variablesIn: (text: string) => string[]): (step: Step) => string[] {
  return (step) => [
    ...setBy(step),
    ...textsOf(step).flatMap(variablesIn),
    ...(step.kind === "if" || step.kind === "repeat" ? [step.condition?.variable ?? ""] : []),
  ];
}

/** Texts in which variables may be. */
function textsOf(step: Step): string[] {
  switch (step.kind) {
    case "expect":
      return step.alternatives.flatMap((one) => "value" in one ? [one.value] : []);
    case "send":
    case "print":
      return [step.text];
    case "fail":
      return [step.message];
    case "set":
      return Object.values(step.values);
    case "secret":
      return step.after === undefined ? [] : [step.after.value];
    case "if":
    case "repeat":
      return step.condition?.value === undefined ? [] : [step.condition.value.value];
  }
  return [];
}

/**
 * Lists the patterns of steps, with their places.
 *
 * @param steps All steps of a script.
 */
export function* patternsOf(
  steps: Iterable<Step>,
): Generator<{ readonly at: Step["at"]; readonly pattern: string }> {
  for (const step of steps) {
    const texts = step.kind === "expect"
      ? step.alternatives.filter((one): one is Alternative & { readonly value: string } =>
        "value" in one
      )
      : step.kind === "secret"
      ? [step.after]
      : step.kind === "if" || step.kind === "repeat"
      ? [step.condition?.value]
      : [];
    for (const text of texts) {
      if (text?.kind === "pattern") yield { at: step.at, pattern: text.value };
    }
  }
}

/** Writes a mistake in one line. */
export function formatProblem({ at, message }: ScriptProblem): string {
  return `${at.file}:${at.line}:${at.column}: ${escapeControls(message, { maxLength: 500 })}`;
}
