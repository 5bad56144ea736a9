/**
 * The only way for a command to the socket: values cannot break out of their line, secrets cannot leak
 * into a transcript.
 *
 * @module
 */

import { InjectionError, Tainted } from "../../net/mod.ts";

/** A value that no transcript shows. */
export class Secret {
  readonly #value: string;

  /**
   * Wraps a secret.
   * @param value The secret.
   */
  constructor(value: string) {
    this.#value = value;
  }

  /** Returns the value, for sending it. */
  reveal(): string {
    return this.#value;
  }

  /** A placeholder. */
  toString(): string {
    return "********";
  }

  /** A placeholder. */
  toJSON(): string {
    return this.toString();
  }
}

/** A value that must be one word: neither empty nor holding a space or control character. */
export class Token {
  /** The word. */
  readonly value: string;

  /**
   * Wraps what should be a word; it is checked when it is sent.
   * @param value The word.
   */
  constructor(value: string) {
    this.value = value;
  }
}

/** The values of a {@link command}. */
export type CommandValue = string | number | Secret | Token;

/** A command line that is safe to send. */
export interface CommandLine {
  /** The line without CRLF. */
  readonly line: string;
  /** The same with secrets masked. */
  readonly shown: string;
  /** The first word in upper case, such as `RCPT`; never an argument. */
  readonly verb: string;
}

/**
 * Builds a command from a template: `` command`RCPT TO:<${address}>` ``.
 *
 * @param parts The fixed text.
 * @param values The values in between: text unchanged, {@link Secret}s masked, {@link Token}s checked.
 * @returns The line.
 * @throws {InjectionError} If a value holds CR, LF or NUL, or a word is none; nothing was sent.
 *
 * @example A password in a command
 * ```ts
 * import { command, Secret } from "@netwright/netwright/wire";
 * const pass = command`PASS ${new Secret("sesame")}`;
 * if (pass.line !== "PASS sesame" || pass.shown !== "PASS ********") throw new Error(pass.shown);
 * ```
 */
export function command(
  parts: TemplateStringsArray,
  ...values: readonly CommandValue[]
): CommandLine {
  const verb = /^[A-Za-z]+/.exec(parts[0] ?? "")?.[0].toUpperCase() ?? "";
  let line = parts[0] ?? "";
  let shown = line;
  values.forEach((value, index) => {
    if (value as unknown instanceof Tainted) {
      throw new InjectionError("a value comes from the network and was not validated", {
        operation: verb === "" ? "build a command" : `build ${verb}`,
      });
    }
    const text = value instanceof Secret
      ? value.reveal()
      : value instanceof Token
      ? value.value
      : String(value);
    refuseLineBreaks(text, verb);
    if (value instanceof Token) refuseSpaces(text, verb);
    const next = parts[index + 1] ?? "";
    line += text + next;
    shown += (value instanceof Secret ? value.toString() : text) + next;
  });
  return { line, shown, verb: verb || (/^\S+/.exec(shown)?.[0].toUpperCase() ?? "") };
}

function refuseLineBreaks(text: string, verb: string): void {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== 0 && code !== 10 && code !== 13) continue;
    const name = code === 0 ? "NUL" : code === 10 ? "LF" : "CR";
    throw new InjectionError(`a value holds ${name}, which would change the command`, {
      operation: verb === "" ? "build a command" : `build ${verb}`,
    });
  }
}

function refuseSpaces(text: string, verb: string): void {
  if (text !== "" && !/[\x00-\x20\x7f]/.test(text)) return;
  throw new InjectionError("a value must be one word, neither empty nor with spaces", {
    operation: `build ${verb}`,
  });
}
