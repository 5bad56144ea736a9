/**
 * Runs a script in a conversation.
 *
 * @module
 */

import { delay } from "../../../net/internal.ts";
import {
  InjectionError,
  LimitError,
  NetwrightError,
  TimeoutError,
  UsageError,
} from "../../../net/mod.ts";
import type { Secret } from "../../../protocols/wire/mod.ts";
import type { Conversation, Expected } from "../core/conversation.ts";
import { describePatterns, type TextPattern } from "../core/text_pattern.ts";
import {
  type Alternative,
  type Condition,
  type ExpectedText,
  interpolate,
  type Script,
  type ScriptPosition,
  type SecretSource,
  type Step,
} from "./script.ts";

/** Options of {@link runScript}. */
export interface RunScriptOptions {
  /** Compiles a pattern; it must take linear time on hostile text. */
  readonly compile: (pattern: string) => TextPattern;
  /** Finds a secret. */
  readonly secret: (source: SecretSource) => Promise<Secret>;
  /** Receives the texts that the script prints. */
  readonly print: (text: string) => void | Promise<void>;
  /** Values of variables, beside those of the script. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Longest wait of a step, in milliseconds. @default {30000} */
  readonly timeoutMs?: number | undefined;
  /** Returns whether input is not echoed now; undefined if that is not known. @default {not known} */
  readonly isEchoOff?: (() => boolean | undefined | Promise<boolean | undefined>) | undefined;
}

/** Most characters of a variable. */
const MAX_VALUE = 10_000_000;
/** Steps after which other work has its turn. */
const STEPS_IN_A_ROW = 500;
/** Most steps of a run. */
const MAX_STEPS = 100_000;
/** How long a question for a secret must stay the last that is shown, in milliseconds. */
const SETTLED_MS = 80;
/** How often the echo is looked at, in milliseconds. */
const ECHO_MS = 20;

/**
 * Runs a script.
 *
 * @param script The script.
 * @param conversation The conversation that it is held in; left open.
 * @param options Patterns, secrets, output.
 * @throws {NetwrightError} If a step fails; its `peer` is the step's file, line and column.
 *
 * @example Answer a question
 * ```ts
 * import { memoryNetwork, writeAll } from "@netwright/netwright/net";
 * import { Conversation, parseScript, runScript } from "@netwright/netwright/dialogue";
 * const network = memoryNetwork();
 * using listener = network.listen({ port: 23 });
 * const accepted = listener.accept();
 * const connection = await network.connect({ port: 23 });
 * using server = await accepted;
 * await writeAll(server, new TextEncoder().encode("name? "));
 * using conversation = new Conversation(connection, { peer: "server" });
 * const content = [{ expect: "name? " }, { send: "ann" }];
 * const file = { file: "example", content, positionOf: () => ({ line: 1, column: 1 }) };
 * const include = () => Promise.reject(new Error("there is no other file"));
 * const { script } = await parseScript(file, { include });
 * await runScript(script, conversation, {
 *   compile: (text) => new RegExp(text),
 *   secret: () => Promise.reject(new Error("there are no secrets")),
 *   print: console.log,
 * });
 * ```
 */
export async function runScript(
  script: Script,
  conversation: Conversation,
  options: RunScriptOptions,
): Promise<void> {
  await new Run(script, conversation, options).steps(script.steps);
}

class Run {
  readonly #conversation: Conversation;
  readonly #options: RunScriptOptions;
  readonly #variables: Map<string, string>;
  /** Variables whose text came from the peer. */
  readonly #tainted = new Set<string>();
  readonly #patterns = new Map<string, TextPattern>();
  #timeoutMs: number;
  #count = 0;

  constructor({ variables }: Script, conversation: Conversation, options: RunScriptOptions) {
    this.#conversation = conversation;
    this.#options = options;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#variables = new Map(Object.entries({ ...variables, ...options.variables }));
  }

  async steps(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      await this.#countOne(step.at);
      let next: readonly Step[] | undefined;
      try {
        next = await this.#step(step);
      } catch (error) {
        throw failed(step.at, error);
      }
      if (next !== undefined) await this.steps(next);
      else if (step.kind === "repeat") await this.#repeat(step);
    }
  }

  /** Counts a step; lets signals have their turn. */
  async #countOne(at: ScriptPosition): Promise<void> {
    if (++this.#count > MAX_STEPS) {
      throw failed(at, new LimitError(`more than ${MAX_STEPS} steps`, { limit: MAX_STEPS }));
    }
    if (this.#count % STEPS_IN_A_ROW === 0) await delay(0);
    this.#conversation.throwIfAborted();
  }

  async #repeat(
    { at, times, condition, steps }: Step & { readonly kind: "repeat" },
  ): Promise<void> {
    for (let turn = 0; turn < times; turn++) {
      await this.#countOne(at);
      if (condition !== undefined && !this.#holds(condition)) return;
      await this.steps(steps);
    }
  }

  /** Does a step; returns those that follow inside of it. */
  async #step(step: Step): Promise<readonly Step[] | undefined> {
    switch (step.kind) {
      case "expect":
        return await this.#expect(step);
      case "send": {
        const text = this.#forSending(step.text);
        if (step.hasEnter) await this.#conversation.sendLine(text);
        else await this.#conversation.send(text);
        return undefined;
      }
      case "secret":
        return await this.#sendSecret(step.source, step.after);
      case "set":
        for (const [name, text] of Object.entries(step.values)) this.#set(name, text);
        return undefined;
      case "if":
        return this.#holds(step.condition) ? step.then : step.otherwise;
      case "timeout":
        this.#timeoutMs = step.timeoutMs;
        return undefined;
      case "fail":
        throw new NetwrightError(this.#masked(step.message), {
          hint: this.#conversation.lastSeen(),
        });
      case "print":
        await this.#options.print(this.#masked(step.text));
    }
    return undefined;
  }

  async #expect(step: Step & { readonly kind: "expect" }): Promise<readonly Step[]> {
    const { alternatives, timeoutMs: own } = step;
    const texts = alternatives.filter((one): one is Alternative & ExpectedText =>
      one.kind === "text" || one.kind === "pattern"
    );
    const end = alternatives.find(({ kind }) => kind === "end");
    const late = alternatives.find((one) => one.kind === "timeout");
    const timeoutMs = own ?? late?.timeoutMs ?? this.#timeoutMs;
    const conversation = this.#conversation;
    let found: Expected | undefined;
    try {
      found = await conversation.expect(texts.map((text) => this.#compile(text)), timeoutMs);
    } catch (error) {
      if (late === undefined || !(error instanceof TimeoutError)) throw error;
      return late.then;
    }
    if (found === undefined) {
      if (end === undefined) {
        const expected = describePatterns(texts.map((text) => this.#compile(text)));
        throw conversation.ended(`the conversation ended before ${expected} came`);
      }
      // The rest of the output came before the end.
      if (step.save !== undefined) {
        this.#save(step.save, conversation.screen.unread(), !conversation.screen.hasLostUnread);
      }
      return end.then;
    }
    if (step.save !== undefined) this.#save(step.save, found.before, found.isWhole);
    for (const [name, text] of Object.entries(found.groups)) this.#receive(name, text ?? "");
    return texts[found.index]!.then;
  }

  /** Keeps output, which must be whole. */
  #save(name: string, text: string, isWhole: boolean): void {
    if (!isWhole) {
      const limit = this.#conversation.keptRows;
      throw new LimitError(`more output than ${limit} lines cannot be saved`, { limit });
    }
    this.#receive(name, text);
  }

  /** Sends a secret where it is asked for, and nowhere else. */
  async #sendSecret(source: SecretSource, after: ExpectedText | undefined): Promise<undefined> {
    const secret = await this.#options.secret(source);
    await (after === undefined ? this.#untilEchoIsOff() : this.#untilAsked(after));
    await this.#conversation.sendLine(secret);
  }

  /** Waits until a question is the last that is shown. */
  async #untilAsked(after: ExpectedText): Promise<void> {
    const conversation = this.#conversation;
    const end = performance.now() + this.#timeoutMs;
    while (true) {
      const left = Math.max(0, end - performance.now());
      const found = await conversation.expect([this.#compile(after)], left);
      if (found === undefined) {
        throw conversation.ended("the conversation ended before the question");
      }
      const isLast = (): boolean => conversation.screen.unread().trim() === "";
      while (isLast()) {
        const got = await conversation.more(SETTLED_MS);
        if (got === "silence") return;
        if (got === "end") throw conversation.ended("the conversation ended at the question");
      }
    }
  }

  async #untilEchoIsOff(): Promise<void> {
    const conversation = this.#conversation;
    const end = performance.now() + this.#timeoutMs;
    // Twice in a row: a program may be about to change it.
    for (let wasOff = false;;) {
      const got = await conversation.more(ECHO_MS);
      if (got === "end") throw conversation.ended("the conversation ended before the echo was off");
      const isOff = await this.#options.isEchoOff?.();
      if (isOff === undefined) {
        throw new UsageError(
          "it is not known whether the secret would be shown; name its prompt: after",
        );
      }
      if (isOff && wasOff && got === "silence") return;
      wasOff = isOff;
      if (performance.now() >= end) {
        throw conversation.timeout("the echo was not off", this.#timeoutMs);
      }
    }
  }

  #compile({ kind, value }: ExpectedText): string | TextPattern {
    if (kind === "text") return interpolate(value, (name) => this.#valueOf(name));
    // Values are texts, not patterns.
    const written = interpolate(value, (name) => escapePattern(this.#valueOf(name)));
    const known = this.#patterns.get(written);
    if (known !== undefined) return known;
    const compiled = this.#options.compile(written);
    this.#patterns.set(written, compiled);
    return compiled;
  }

  #holds({ variable, isNegated, value }: Condition): boolean {
    const actual = this.#variables.get(variable) ?? "";
    const expected = value && this.#compile(value);
    const holds = expected === undefined
      ? actual !== ""
      : typeof expected === "string"
      ? actual === expected
      : expected.exec(actual) !== null;
    return holds !== isNegated;
  }

  #set(name: string, text: string): void {
    let isTainted = false;
    let length = text.length;
    const value = interpolate(text, (other) => {
      isTainted ||= this.#tainted.has(other);
      const part = this.#valueOf(other);
      length += part.length;
      if (length > MAX_VALUE) {
        throw new LimitError(`the variable ${name} is longer than ${MAX_VALUE} characters`, {
          limit: MAX_VALUE,
        });
      }
      return part;
    });
    this.#variables.set(name, value);
    if (isTainted) this.#tainted.add(name);
    else this.#tainted.delete(name);
  }

  /** Keeps text of the peer. */
  #receive(name: string, text: string): void {
    this.#variables.set(name, text);
    this.#tainted.add(name);
  }

  #valueOf(name: string): string {
    const value = this.#variables.get(name);
    if (value === undefined) throw new UsageError(`the variable ${name} is not set`);
    return value;
  }

  /** Text of the peer may not bring further lines or control characters. */
  #forSending(text: string): string {
    return interpolate(text, (name) => {
      const value = this.#valueOf(name);
      if (this.#tainted.has(name) && /[\x00-\x08\x0a-\x1f\x7f-\x9f]/.test(value)) {
        throw new InjectionError(`${name} came from the peer, and holds several lines or controls`);
      }
      return value;
    });
  }

  #masked(text: string): string {
    return this.#conversation.mask(interpolate(text, (name) => this.#valueOf(name)));
  }
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** Adds the place of a step to an error. */
function failed({ file, line, column }: ScriptPosition, error: unknown): unknown {
  if (!(error instanceof NetwrightError)) return error;
  const { reason, hint } = error;
  return new NetwrightError(reason, {
    operation: "run the script",
    peer: `${file}:${line}:${column}`,
    hint,
    cause: error,
  });
}
