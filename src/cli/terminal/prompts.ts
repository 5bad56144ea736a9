/**
 * Questions to the person at the terminal, with and without echo (appendix A of the book's list).
 *
 * `@std/cli` has `promptSecret`, but it blocks the event loop, writes to standard output, and shows the length.
 *
 * @module
 */

import { escapeControls, LimitError, UsageError } from "../../net/mod.ts";
import { Secret } from "../../protocols/wire/mod.ts";
import { InterruptedError } from "./interrupt.ts";
import type { Terminal } from "./terminal.ts";

/** How to ask. */
export interface PromptOptions {
  /** Taken for an empty answer, and shown in brackets. */
  readonly default?: string | undefined;
  /** Longest answer in characters. @default {1024} */
  readonly maxLength?: number | undefined;
}

/**
 * Asks for a line, which is shown while it is typed.
 *
 * @param terminal Where.
 * @param question Without its colon.
 * @param options Default and limit.
 * @returns The answer.
 * @throws {UsageError} If no person sits there, or the person ends the input (Control-D).
 * @throws {InterruptedError} On Control-C; the terminal is restored.
 * @throws {LimitError} If the answer is too long.
 */
export async function askLine(
  terminal: Terminal,
  question: string,
  options: PromptOptions = {},
): Promise<string> {
  const shown = options.default === undefined ? question : `${question} [${options.default}]`;
  const answer = await ask(terminal, shown, true, options.maxLength);
  return answer === "" ? options.default ?? "" : answer;
}

/**
 * Asks for a secret; nothing of it is shown, not even its length.
 *
 * @param terminal Where.
 * @param question Without its colon.
 * @param options Limit.
 * @returns The answer.
 * @throws As {@link askLine} does.
 */
export async function askSecret(
  terminal: Terminal,
  question: string,
  options: Pick<PromptOptions, "maxLength"> = {},
): Promise<Secret> {
  return new Secret(await ask(terminal, question, false, options.maxLength));
}

async function ask(
  terminal: Terminal,
  question: string,
  echo: boolean,
  maxLength = 1024,
): Promise<string> {
  const context = { operation: "ask", peer: escapeControls(question, { maxLength: 200 }) };
  if (!terminal.isTerminal) throw new UsageError("a prompt requires a terminal", context);
  terminal.setRaw(true);
  try {
    await terminal.write(`${context.peer}: `);
    const decoder = new TextDecoder();
    // One byte at a time: text that is typed ahead stays for the next question.
    const buffer = new Uint8Array(1);
    const typed: string[] = [];
    while (true) {
      const count = await terminal.read(buffer);
      if (count === null) throw new UsageError("the input ended without an answer", context);
      for (const key of decoder.decode(buffer.subarray(0, count), { stream: true })) {
        switch (key) {
          case "\r":
          case "\n":
            return typed.join("");
          case "\x03":
            throw new InterruptedError("SIGINT");
          case "\x04":
            if (typed.length === 0) {
              throw new UsageError("the input ended without an answer", context);
            }
            return typed.join("");
          case "\x7f":
          case "\b":
            if (typed.pop() !== undefined && echo) await terminal.write("\b \b");
            break;
          case "\x15":
            if (echo) await terminal.write("\b \b".repeat(typed.length));
            typed.length = 0;
            break;
          default:
            if (key < " ") break;
            if (typed.push(key) > maxLength) {
              const reason = `the answer is longer than ${maxLength} characters`;
              throw new LimitError(reason, { ...context, limit: maxLength });
            }
            if (echo) await terminal.write(key);
        }
      }
    }
  } finally {
    terminal.setRaw(false);
    await terminal.write("\r\n");
  }
}
