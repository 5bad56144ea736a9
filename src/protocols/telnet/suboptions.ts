/**
 * Contents of subnegotiations: terminal type, window size, environment, character set.
 *
 * @module
 */

import { checkLoginName, concat } from "../../net/internal.ts";
import { UsageError } from "../../net/mod.ts";

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

/** IS and SEND of the terminal type (RFC 1091) and of the environment (RFC 1572). */
export const IS = 0;
/** See {@link IS}. */
export const SEND = 1;
/** The environment has changed (RFC 1572). */
export const INFO = 2;

/** The size of a terminal's window. */
export interface WindowSize {
  /** Characters of a line, 1 to 65,535; 0 if unknown. */
  readonly columns: number;
  /** Lines, 1 to 65,535; 0 if unknown. */
  readonly rows: number;
}

/** Encodes a window size (RFC 1073). */
export function formatWindowSize({ columns, rows }: WindowSize): Uint8Array {
  return Uint8Array.of(columns >> 8, columns & 255, rows >> 8, rows & 255);
}

/** Decodes a window size (RFC 1073); undefined if it is malformed. */
export function parseWindowSize(content: Uint8Array): WindowSize | undefined {
  if (content.length !== 4) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = content;
  return { columns: a << 8 | b, rows: c << 8 | d };
}

/** Encodes the name of a terminal, as an answer (RFC 1091). */
export function formatTerminalType(name: string): Uint8Array {
  return concat([Uint8Array.of(IS), ENCODER.encode(name)]);
}

/** Decodes the name of a terminal; undefined if it is none. The longest is 40 characters (RFC 1091). */
export function parseTerminalType(content: Uint8Array): string | undefined {
  if (content[0] !== IS || content.length < 2 || content.length > 41) return undefined;
  const name = DECODER.decode(content.subarray(1));
  return /^[!-~]+$/.test(name) ? name.toLowerCase() : undefined;
}

/** Codes inside an environment (RFC 1572). */
const VAR = 0;
const VALUE = 1;
const ESC = 2;
const USERVAR = 3;

/** Variables that RFC 1572 §6 defines; all others are the user's own. */
const WELL_KNOWN = new Set(["USER", "JOB", "ACCT", "PRINTER", "SYSTEMTYPE", "DISPLAY"]);

/** Variables by name; those without a value are undefined. */
export type Environment = ReadonlyMap<string, string | undefined>;

/**
 * Encodes variables (RFC 1572).
 *
 * @param command IS, SEND or INFO.
 * @param variables The variables; with SEND those that are asked for.
 * @param kinds Kinds of variables that differ from their own.
 * @returns The content of a subnegotiation.
 */
export function formatEnvironment(
  command: number,
  variables: Environment,
  kinds: ReadonlyMap<string, VariableKind> = new Map(),
): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(command)];
  for (const [name, value] of variables) {
    const kind = kinds.get(name) ?? kindOfVariable(name);
    parts.push(Uint8Array.of(kind === "var" ? VAR : USERVAR), escaped(name));
    if (value !== undefined) parts.push(Uint8Array.of(VALUE), escaped(value));
  }
  return concat(parts);
}

function escaped(text: string): Uint8Array {
  const bytes = ENCODER.encode(text);
  return Uint8Array.from([...bytes].flatMap((byte) => byte <= USERVAR ? [ESC, byte] : [byte]));
}

/** A kind of variables: well-known ones, or those of the user. */
export type VariableKind = "var" | "uservar";

/** A request for variables (RFC 1572). */
export interface EnvironmentRequest {
  /** Variables by name, with the kinds that they were requested as. */
  readonly names: ReadonlyMap<string, VariableKind>;
  /** Kinds of which all variables were requested. */
  readonly all: ReadonlySet<VariableKind>;
}

/** The kind of a variable. */
export function kindOfVariable(name: string): VariableKind {
  return WELL_KNOWN.has(name) ? "var" : "uservar";
}

/** Reads what a content holds, behind its command. */
function* environmentItems(
  content: Uint8Array,
): Generator<{ readonly kind: VariableKind; readonly name: string; readonly value?: string }> {
  let at = 1;
  /** Reads text up to the next code. */
  const text = (): string => {
    const bytes: number[] = [];
    while (at < content.length && (content[at]! > USERVAR || content[at] === ESC)) {
      if (content[at] === ESC) at++;
      if (at < content.length) bytes.push(content[at++]!);
    }
    return DECODER.decode(Uint8Array.from(bytes));
  };
  while (at < content.length) {
    const code = content[at++]!;
    const name = text();
    // A value without a name belongs to nothing.
    if (code !== VAR && code !== USERVAR) continue;
    const kind = code === VAR ? "var" : "uservar";
    if (content[at] !== VALUE) yield { kind, name };
    else {
      at++;
      yield { kind, name, value: text() };
    }
  }
}

/**
 * Decodes variables (RFC 1572).
 *
 * @param content The content of a subnegotiation; its first byte, the command, is not looked at.
 * @returns The variables; malformed ones are left out.
 */
export function parseEnvironment(content: Uint8Array): Environment {
  const variables = new Map<string, string | undefined>();
  for (const { name, value } of environmentItems(content)) {
    if (name !== "") variables.set(name, value);
  }
  return variables;
}

/**
 * Decodes a request for variables (RFC 1572).
 *
 * @param content The content of a subnegotiation with the command SEND.
 * @returns The requested names and kinds.
 */
export function parseEnvironmentRequest(content: Uint8Array): EnvironmentRequest {
  if (content.length <= 1) return { names: new Map(), all: new Set(["var", "uservar"]) };
  const names = new Map<string, VariableKind>();
  const all = new Set<VariableKind>();
  for (const { kind, name } of environmentItems(content)) {
    if (name === "") all.add(kind);
    else names.set(name, kind);
  }
  return { names, all };
}

/**
 * Checks variables that are to be reported to a server.
 *
 * @param variables The variables by name.
 * @returns The same as a map.
 * @throws {UsageError} If a name is malformed, or the name of the user could be taken for an option of the server's
 *   login program (CVE-2026-24061, CVE-2007-0882).
 */
export function checkEnvironment(variables: Readonly<Record<string, string>>): Environment {
  if (typeof variables !== "object" || variables === null) {
    throw new TypeError("environment must be an object");
  }
  for (const [name, value] of Object.entries(variables)) {
    if (!/^[!-<>-~]{1,255}$/.test(name)) throw new UsageError(`"${name}" names no variable`);
    if (/[\0\r\n]/.test(value)) throw new UsageError(`${name} holds a line end or NUL`);
    if (name === "USER") checkLoginName(value);
  }
  return new Map(Object.entries(variables));
}

/** Commands of the character set option (RFC 2066). */
export const CHARSET = {
  request: 1,
  accepted: 2,
  rejected: 3,
  tableIs: 4,
  tableRejected: 5,
} as const;

/** Encodes a request for one of several character sets, the preferred first (RFC 2066). */
export function formatCharsetRequest(names: readonly string[]): Uint8Array {
  return concat([Uint8Array.of(CHARSET.request), ENCODER.encode(`;${names.join(";")}`)]);
}

/** Encodes the acceptance of a character set (RFC 2066). */
export function formatCharsetAccepted(name: string): Uint8Array {
  return concat([Uint8Array.of(CHARSET.accepted), ENCODER.encode(name)]);
}

/** Decodes the names of a request or of an acceptance (RFC 2066). */
export function parseCharsets(content: Uint8Array): string[] {
  if (content[0] === CHARSET.accepted) return [DECODER.decode(content.subarray(1))];
  let rest = DECODER.decode(content.subarray(1));
  // A peer that could translate says so, with a version in one byte.
  if (/^\[ttable\]/i.test(rest)) rest = rest.slice("[TTABLE]".length + 1);
  const separator = rest.slice(0, 1);
  return separator === "" ? [] : rest.slice(1).split(separator).filter((name) => name !== "");
}
