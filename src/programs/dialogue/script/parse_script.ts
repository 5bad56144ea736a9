/**
 * Reads scripts: the content of a YAML file becomes steps, and every mistake is reported with its place.
 *
 * @module
 */

import { UsageError } from "../../../net/mod.ts";
import type {
  Alternative,
  Condition,
  ExpectedText,
  Script,
  ScriptPosition,
  SecretSource,
  Step,
} from "./script.ts";
import {
  isRecord,
  type Path,
  type ScriptFile,
  type ScriptProblem,
  ScriptValues,
} from "./script_values.ts";

/** Options of {@link parseScript}. */
export interface ParseScriptOptions {
  /**
   * Reads a file that a script includes.
   * @param name Its name as written.
   * @param from The file that includes it.
   * @throws {NetwrightError} If it cannot be read.
   */
  include(name: string, from: string): Promise<ScriptFile>;
}

/** Files that include one another. */
const MAX_DEPTH = 10;
/** Most steps of a script, and how deep they may be in one another. */
const MAX_STEPS = 10_000;
const MAX_NESTING = 50;

const STEPS = [
  ...["expect", "send", "secret", "set", "if", "repeat", "timeout", "fail", "print", "include"],
];

/** Keys beside the name of a step. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  expect: ["timeout", "save"],
  send: ["enter"],
  if: ["then", "else"],
  repeat: ["steps", "while"],
};

/**
 * Reads a script.
 *
 * @param file Its file.
 * @param options Reads files that it includes.
 * @returns The script, as far as it could be read, and all mistakes.
 * @throws {UsageError} If it has too many steps, or they are nested too deeply.
 */
export async function parseScript(
  file: ScriptFile,
  options: ParseScriptOptions,
): Promise<{ readonly script: Script; readonly problems: readonly ScriptProblem[] }> {
  const parser = new ScriptParser(options);
  const script = await parser.script(file);
  return { script, problems: parser.problems };
}

class ScriptParser extends ScriptValues {
  readonly #options: ParseScriptOptions;
  #count = 0;
  #nesting = 0;

  constructor(options: ParseScriptOptions) {
    super();
    this.#options = options;
  }

  /** Reads a whole file: a list of steps, or a map with `steps`. */
  async script(file: ScriptFile): Promise<Script> {
    this.files.push(file);
    try {
      const { content } = file;
      if (Array.isArray(content)) {
        return { variables: {}, steps: await this.#steps(content, []) };
      }
      const map = this.map(content, [], ["variables", "timeout", "steps"], "a script");
      if (map === undefined) return { variables: {}, steps: [] };
      const variables = this.texts(map.variables ?? {}, ["variables"]);
      const steps = await this.#steps(map.steps ?? [], ["steps"]);
      if (map.steps === undefined) this.report([], "a script requires steps");
      const timeoutMs = map.timeout === undefined
        ? undefined
        : this.seconds(map.timeout, ["timeout"]);
      const first: Step[] = timeoutMs === undefined
        ? []
        : [{ kind: "timeout", timeoutMs, at: this.at(["timeout"]) }];
      return { variables, steps: [...first, ...steps] };
    } finally {
      this.files.pop();
    }
  }

  async #steps(content: unknown, path: Path): Promise<Step[]> {
    // An alias of YAML may be inside of itself, or be used many times.
    if (++this.#nesting > MAX_NESTING) throw this.tooMuch("steps are nested too deeply", path);
    try {
      return await this.#listOfSteps(content, path);
    } finally {
      this.#nesting--;
    }
  }

  async #listOfSteps(content: unknown, path: Path): Promise<Step[]> {
    if (!Array.isArray(content)) {
      this.report(path, "a list of steps is expected");
      return [];
    }
    const steps: Step[] = [];
    for (const [index, item] of content.entries()) {
      steps.push(...await this.#step(item, [...path, index]));
    }
    return steps;
  }

  async #step(content: unknown, path: Path): Promise<Step[]> {
    if (++this.#count > MAX_STEPS) {
      throw this.tooMuch(`a script has at most ${MAX_STEPS} steps`, path);
    }
    const keys = isRecord(content) ? Object.keys(content) : [];
    // `timeout` beside `expect` is the wait of that step.
    const kind = STEPS.find((name) => keys.includes(name));
    if (!isRecord(content) || kind === undefined) {
      const [first] = keys;
      const named = first === undefined ? "" : `${JSON.stringify(first)} is unknown; `;
      this.report(path, `${named}a step is one of ${STEPS.join(", ")}`);
      return [];
    }
    const unknown = keys.find((key) => key !== kind && BESIDE[kind]?.includes(key) !== true);
    if (unknown !== undefined) {
      this.report([...path, unknown], `${kind} has no ${JSON.stringify(unknown)}`);
    }
    const at = this.at(path);
    const value = content[kind];
    const inner = [...path, kind];
    switch (kind) {
      case "expect":
        return [{
          ...{ at, kind, alternatives: await this.#alternatives(value, inner) },
          timeoutMs: content.timeout === undefined
            ? undefined
            : this.seconds(content.timeout, [...path, "timeout"]),
          save: content.save === undefined ? undefined : this.name(content.save, [...path, "save"]),
        }];
      case "send":
        return [{
          ...{ at, kind, text: this.text(value, inner) },
          hasEnter: this.flag(content.enter, [...path, "enter"], true),
        }];
      case "secret":
        return this.#secret(value, inner, at);
      case "set":
        return [{ at, kind, values: this.texts(value, inner) }];
      case "if":
        return [{
          ...{ at, kind, condition: this.#condition(value, inner) },
          then: await this.#steps(content.then ?? [], [...path, "then"]),
          otherwise: await this.#steps(content.else ?? [], [...path, "else"]),
        }];
      case "repeat":
        return [{
          ...{ at, kind, times: this.times(value, inner) },
          condition: content.while === undefined
            ? undefined
            : this.#condition(content.while, [...path, "while"]),
          steps: await this.#steps(content.steps, [...path, "steps"]),
        }];
      case "timeout":
        return [{ at, kind, timeoutMs: this.seconds(value, inner) }];
      case "fail":
        return [{ at, kind, message: this.text(value, inner) }];
      case "print":
        return [{ at, kind, text: this.text(value, inner) }];
      default:
        return await this.#include(this.text(value, inner), inner);
    }
  }

  async #alternatives(content: unknown, path: Path): Promise<Alternative[]> {
    if (typeof content === "string") {
      return [{ kind: "text", value: this.text(content, path), then: [] }];
    }
    if (isRecord(content)) return [await this.#alternative(content, path)];
    if (!Array.isArray(content) || content.length === 0) {
      this.report(path, "expect takes a text, or a list of text, pattern, end and timeout");
      return [];
    }
    const all: Alternative[] = [];
    for (const [index, item] of content.entries()) {
      all.push(await this.#alternative(item, [...path, index]));
    }
    return all;
  }

  async #alternative(content: unknown, path: Path): Promise<Alternative> {
    if (typeof content === "string") {
      return { kind: "text", value: this.text(content, path), then: [] };
    }
    const keys = ["text", "pattern", "end", "timeout", "then"];
    const map = this.map(content, path, keys, "an alternative") ?? {};
    const kinds = keys.slice(0, 4).filter((key) => map[key] !== undefined);
    if (kinds.length !== 1) {
      this.report(path, "an alternative is one of text, pattern, end and timeout");
    }
    const then = map.then === undefined ? [] : await this.#steps(map.then, [...path, "then"]);
    if (map.end !== undefined) {
      this.flag(map.end, [...path, "end"], true);
      return { kind: "end", then };
    }
    if (map.timeout !== undefined) {
      return { kind: "timeout", timeoutMs: this.seconds(map.timeout, [...path, "timeout"]), then };
    }
    return { ...this.#expected(map, path), then };
  }

  /** `text` or `pattern` of a map. */
  #expected(map: Readonly<Record<string, unknown>>, path: Path): ExpectedText {
    const kind = map.pattern !== undefined ? "pattern" : "text";
    const value = this.text(map[kind] ?? "", [...path, kind]);
    if (value === "") this.report(path, "a text or pattern must not be empty");
    return { kind, value };
  }

  #secret(content: unknown, path: Path, at: ScriptPosition): Step[] {
    const map = this.map(content, path, ["prompt", "env", "file", "after"], "a secret");
    if (map === undefined) return [];
    const sources = ["prompt", "env", "file"].filter((key) => map[key] !== undefined);
    if (sources.length !== 1) {
      this.report(path, "a secret comes from one of prompt, env and file");
      return [];
    }
    const [source = ""] = sources;
    const value = this.text(map[source], [...path, source]);
    if (source === "env" ? !/^[A-Za-z_]\w*$/.test(value) : value === "") {
      this.report([...path, source], `a secret requires the name of a ${NOUNS[source]}`);
    }
    const after = map.after;
    return [{
      ...{ at, kind: "secret", source: sourceOf(source, value) },
      after: after === undefined
        ? undefined
        : isRecord(after)
        ? this.#expected(this.map(after, [...path, "after"], ["text", "pattern"], "after") ?? {}, [
          ...path,
          "after",
        ])
        : { kind: "text", value: this.text(after, [...path, "after"]) },
    }];
  }

  #condition(content: unknown, path: Path): Condition {
    const keys = ["variable", "equals", "matches", "not"];
    const map = this.map(content, path, keys, "a condition") ?? {};
    const variable = this.name(map.variable, [...path, "variable"]);
    const isNegated = this.flag(map.not, [...path, "not"], false);
    if (map.equals !== undefined && map.matches !== undefined) {
      this.report(path, "a condition has equals or matches");
    }
    const value: ExpectedText | undefined = map.equals !== undefined
      ? { kind: "text", value: this.text(map.equals, [...path, "equals"]) }
      : map.matches !== undefined
      ? { kind: "pattern", value: this.text(map.matches, [...path, "matches"]) }
      : undefined;
    return { variable, isNegated, value };
  }

  async #include(name: string, path: Path): Promise<Step[]> {
    if (name === "") return [];
    const from = this.files.at(-1)!.file;
    try {
      const file = await this.#options.include(name, from);
      if (this.files.length >= MAX_DEPTH || this.files.some((open) => open.file === file.file)) {
        this.report(path, `${file.file} includes itself, or files are nested too deeply`);
        return [];
      }
      const { variables, steps } = await this.script(file);
      const at = this.at(path);
      const set: Step[] = Object.keys(variables).length === 0
        ? []
        : [{ at, kind: "set", values: variables }];
      return [...set, ...steps];
    } catch (error) {
      // Its message has a place of its own.
      if (error instanceof UsageError) throw error;
      this.report(path, error instanceof Error ? error.message : String(error));
      return [];
    }
  }
}

/** What the sources of secrets are named by. */
const NOUNS: Readonly<Record<string, string>> = {
  env: "variable",
  file: "file",
  prompt: "question",
};

function sourceOf(kind: string, value: string): SecretSource {
  if (kind === "env") return { kind, name: value };
  if (kind === "file") return { kind, path: value };
  return { kind: "prompt", question: value };
}
