/**
 * What a sandboxed command and its launcher say to each other. The launcher believes nothing: a call that
 * is not as it should be is refused and ends neither of them.
 *
 * @module
 */

import { type Capabilities, CAPABILITY_KINDS } from "../net/mod.ts";

/** The launcher's first word: what to run. */
export interface RunOrder {
  /** The command line. */
  readonly words: readonly string[];
  /** What the command may do. */
  readonly needs: Capabilities;
}

/** What a command says. */
export type Call =
  | { readonly call: "ended"; readonly status: number }
  | {
    readonly call: "start";
    readonly id: number;
    readonly module: string;
    readonly capabilities: Capabilities;
  }
  | { readonly call: "stop"; readonly id: number };

/** What the launcher answers. */
export type Answer =
  | { readonly answer: "started"; readonly id: number; readonly port: MessagePort }
  | { readonly answer: "failed"; readonly id: number; readonly text: string }
  | {
    readonly answer: "refused";
    readonly id: number;
    readonly kind: "capability" | "limit" | "usage" | "other";
    readonly reason: string;
    /** The missing flag, or the limit. */
    readonly detail: string;
  };

/** Most patterns of one kind, and the longest of them. */
const MAX_PATTERNS = 1000;
const MAX_PATTERN_LENGTH = 4096;

/**
 * Reads what came from a sandbox.
 *
 * @param data Anything.
 * @returns The call, made anew of checked parts; undefined if it is none.
 */
export function parseCall(data: unknown): Call | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { call, status, id, module, capabilities } = data as Record<string, unknown>;
  if (call === "ended") {
    return isWhole(status) && status <= 255 ? { call, status } : undefined;
  }
  if (!isWhole(id)) return undefined;
  if (call === "stop") return { call, id };
  if (call !== "start" || typeof module !== "string" || module.length > 100) return undefined;
  const parsed = parseCapabilities(capabilities);
  return parsed === undefined ? undefined : { call, id, module, capabilities: parsed };
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function parseCapabilities(data: unknown): Capabilities | undefined {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return undefined;
  const given = data as Record<string, unknown>;
  if (Object.keys(given).some((key) => !(CAPABILITY_KINDS as readonly string[]).includes(key))) {
    return undefined;
  }
  const result: Record<string, true | string[]> = {};
  for (const kind of CAPABILITY_KINDS) {
    const scope = given[kind];
    if (scope === undefined) continue;
    if (scope === true) {
      result[kind] = true;
      continue;
    }
    if (!Array.isArray(scope) || scope.length > MAX_PATTERNS) return undefined;
    const fits = scope.every((pattern) =>
      typeof pattern === "string" && pattern !== "" && pattern.length <= MAX_PATTERN_LENGTH
    );
    if (!fits) return undefined;
    result[kind] = [...scope];
  }
  return result;
}
