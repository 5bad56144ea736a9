/**
 * Scripts: steps that expect output and send input.
 *
 * @module
 */

/** A place in a file of a script. */
export interface ScriptPosition {
  /** The file. */
  readonly file: string;
  /** The line, from 1. */
  readonly line: number;
  /** The column, from 1. */
  readonly column: number;
}

/** The source of a secret. */
export type SecretSource =
  | { readonly kind: "prompt"; readonly question: string }
  | { readonly kind: "env"; readonly name: string }
  | { readonly kind: "file"; readonly path: string };

/** A text, or a pattern, with variables in it. */
export interface ExpectedText {
  /** Whether it is taken literally, or as a pattern. */
  readonly kind: "text" | "pattern";
  /** The text or the pattern. */
  readonly value: string;
}

/** One of several things that a step waits for. */
export type Alternative =
  & { readonly then: readonly Step[] }
  & (
    | ExpectedText
    | { readonly kind: "end" }
    | { readonly kind: "timeout"; readonly timeoutMs: number | undefined }
  );

/** A condition on a variable. */
export interface Condition {
  /** The variable; unset ones are empty. */
  readonly variable: string;
  /** Whether the condition must not hold. */
  readonly isNegated: boolean;
  /** The value must be this text, or match this pattern; the variable must not be empty if absent. */
  readonly value?: ExpectedText | undefined;
}

/** A step. */
export type Step =
  & { readonly at: ScriptPosition }
  & (
    | {
      readonly kind: "expect";
      readonly alternatives: readonly Alternative[];
      /** Longest wait in milliseconds; that of the script if absent. */
      readonly timeoutMs?: number | undefined;
      /** The variable that receives the text before the match. */
      readonly save?: string | undefined;
    }
    | { readonly kind: "send"; readonly text: string; readonly hasEnter: boolean }
    | {
      readonly kind: "secret";
      readonly source: SecretSource;
      /** The question at the end of the output; if absent, the echo must be off. */
      readonly after?: ExpectedText | undefined;
    }
    | { readonly kind: "set"; readonly values: Readonly<Record<string, string>> }
    | {
      readonly kind: "if";
      readonly condition: Condition;
      readonly then: readonly Step[];
      readonly otherwise: readonly Step[];
    }
    | {
      readonly kind: "repeat";
      readonly times: number;
      readonly condition?: Condition | undefined;
      readonly steps: readonly Step[];
    }
    | { readonly kind: "timeout"; readonly timeoutMs: number }
    | { readonly kind: "fail"; readonly message: string }
    | { readonly kind: "print"; readonly text: string }
  );

/** A script: data that can be posted to a Worker. */
export interface Script {
  /** Values that variables have at the beginning. */
  readonly variables: Readonly<Record<string, string>>;
  /** Its steps. */
  readonly steps: readonly Step[];
}

/**
 * Yields all steps, also those inside others.
 *
 * @param steps Steps.
 */
export function* allSteps(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    if (step.kind === "expect") {
      for (const { then } of step.alternatives) yield* allSteps(then);
    } else if (step.kind === "if") {
      yield* allSteps(step.then);
      yield* allSteps(step.otherwise);
    } else if (step.kind === "repeat") yield* allSteps(step.steps);
  }
}

/** A reference to a variable in a text: `${name}`; `$${` is `${` itself. */
const VARIABLE = /\$\$\{|\$\{([A-Za-z_]\w*)\}/g;

/**
 * Lists the variables that a text refers to.
 *
 * @param text The text.
 */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(VARIABLE)].flatMap(([, name]) => name === undefined ? [] : [name]);
}

/**
 * Puts the values of variables into a text.
 *
 * @param text The text.
 * @param valueOf Gives the value of a variable.
 */
export function interpolate(text: string, valueOf: (name: string) => string): string {
  return text.replace(VARIABLE, (_, name?: string) => name === undefined ? "${" : valueOf(name));
}
