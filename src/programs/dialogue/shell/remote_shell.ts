/**
 * Commands on a machine that has a command line: the output of each, and nothing else.
 *
 * @module
 */

import { InjectionError, NetwrightError } from "../../../net/mod.ts";
import { CommandOutput } from "./command_output.ts";
import type { Conversation } from "../core/conversation.ts";
import type { TextPattern } from "../core/text_pattern.ts";
import { asksForLogin, checkLogin, logIn, type LoginOptions } from "./login.ts";
import {
  type FoundPrompt,
  isLike,
  isShellPrompt,
  pageKey,
  PromptFinder,
  SETTLED_MS,
  type UniquePrompt,
} from "./prompt.ts";
import { type CommandResult, RunningCommand } from "./running_command.ts";
import { otherSetup, posixSetup, type ShellSetup } from "./shell_setup.ts";

/** How a {@link RemoteShell} finds its prompt, and its limits. */
export interface RemoteShellOptions {
  /** The login; absent if the server asks for none. */
  readonly login?: LoginOptions | undefined;
  /** The prompt, at the end of the output; only blanks may follow. @default {learned} */
  readonly prompt?: TextPattern | undefined;
  /** Longest wait for the first prompt, in milliseconds. @default {30000} */
  readonly timeoutMs?: number | undefined;
  /** Longest silence of a command, in milliseconds. @default {60000} */
  readonly idleTimeoutMs?: number | undefined;
  /** Silence after which the last line counts as a prompt, in milliseconds. @default {300} */
  readonly quietMs?: number | undefined;
}

/** Times that Enter is pressed to see the prompt again. */
const MAX_TRIES = 5;
/** Most lines of a prompt before its last one. */
const MAX_PREFIX = 5;
/** Silence after which a shell is given up that does not take its new prompt, in milliseconds. */
const SETUP_MS = 2000;
/** How long the end of a session is waited for, in milliseconds. */
const END_MS = 500;
const INTERRUPT = "\x03";

/** A command line of another machine. */
export class RemoteShell {
  readonly #conversation: Conversation;
  readonly #finder: PromptFinder;
  readonly #idleTimeoutMs: number;
  readonly #quietMs: number;
  #setup: ShellSetup | undefined;
  /** Those of all shells, which may be inside of one another. */
  readonly #setups: ShellSetup[] = [];
  #isAsking = false;
  /** Shells that do not echo commands. */
  readonly #silent = new Set<UniquePrompt>();
  /** The prompt that came last, if it is unique. */
  #unique: UniquePrompt | undefined;
  /** Output of the current command that has left the screen. */
  readonly #scrolled: string[];

  private constructor(
    conversation: Conversation,
    scrolled: string[],
    options: RemoteShellOptions,
  ) {
    this.#conversation = conversation;
    this.#scrolled = scrolled;
    this.#idleTimeoutMs = options.idleTimeoutMs ?? 60_000;
    this.#quietMs = options.quietMs ?? 300;
    this.#finder = new PromptFinder(options.prompt, this.#quietMs);
  }

  /**
   * Logs in, and finds the prompt.
   *
   * @param start Begins the conversation; it passes on rows that leave the screen.
   * @param options Login and prompt.
   * @returns The command line.
   * @throws {NetwrightError} If the login is rejected.
   * @throws {TimeoutError|DisconnectedError} If no prompt comes; the message has the last lines of the screen.
   */
  static async open(
    start: (
      onScroll: (text: string, row: number, isContinued: boolean) => void,
    ) => Conversation,
    options: RemoteShellOptions = {},
  ): Promise<RemoteShell> {
    const scrolled: string[] = [];
    const conversation = start((text, row, isContinued) => {
      const { mark } = conversation.screen;
      if (mark.row > row) return;
      scrolled.push(text.slice(mark.row === row ? mark.column : 0) + (isContinued ? "" : "\n"));
    });
    try {
      const shell = new RemoteShell(conversation, scrolled, options);
      if (options.login !== undefined) await logIn(conversation, options.login);
      await shell.#findPrompt(options);
      return shell;
    } catch (error) {
      conversation[Symbol.dispose]();
      throw error;
    }
  }

  /** Whether the session is over. */
  get hasEnded(): boolean {
    return this.#conversation.hasEnded;
  }

  /** Whether exit statuses are reported. */
  get reportsStatus(): boolean {
    return this.#setup?.end !== undefined;
  }

  async #findPrompt({ login, timeoutMs = 30_000 }: RemoteShellOptions): Promise<void> {
    const end = performance.now() + timeoutMs;
    if (this.#finder.isNamed) return await this.#awaitNamed(end, timeoutMs, login);
    const line = await this.#learnPrompt(end, timeoutMs, login);
    if (isShellPrompt(line)) await this.#setUpShell();
  }

  /** Waits for the prompt that the user named. */
  async #awaitNamed(end: number, timeoutMs: number, login?: LoginOptions): Promise<void> {
    while (true) {
      const line = this.#conversation.screen.lineToCursor();
      const isThere = line !== undefined && this.#finder.find(line) !== undefined;
      const left = end - performance.now();
      const got = await this.#more(isThere ? SETTLED_MS : left, login);
      if (got === "text") continue;
      if (!isThere) {
        throw this.#conversation.timeout("the prompt of --prompt did not come", timeoutMs);
      }
      return this.#finder.noteFirst(line);
    }
  }

  /** Learns the prompt: the line that comes again when Enter is pressed. */
  async #learnPrompt(end: number, timeoutMs: number, login?: LoginOptions): Promise<string> {
    const { screen } = this.#conversation;
    let before: { readonly line: string; readonly row: number } | undefined;
    for (let tries = 0; tries < MAX_TRIES;) {
      const left = end - performance.now();
      const line = screen.lineToCursor() ?? "";
      const isCandidate = line.trim() !== "";
      const got = await this.#more(isCandidate ? Math.min(left, this.#quietMs) : left, login);
      if (got === "text") continue;
      if (performance.now() >= end || !isCandidate) break;
      if (login !== undefined) checkLogin(this.#conversation, login);
      else if (asksForLogin(line)) {
        throw new NetwrightError("the server asks for a login", {
          operation: "find the prompt",
          hint: "--login NAME; --prompt PATTERN if that is the prompt",
        });
      }
      if (before !== undefined && isLike(before.line, line)) {
        this.#finder.learn(line, this.#linesBetween(before.row));
        return line;
      }
      before = { line, row: screen.cursor.row };
      tries++;
      await this.#conversation.sendLine("");
      // The silence begins with the first answer.
      await this.#more(end - performance.now(), login);
    }
    throw this.#conversation.timeout("no prompt was found (--prompt names one)", timeoutMs);
  }

  /** The lines behind a row, up to the row of the cursor. */
  #linesBetween(row: number): string[] {
    const { screen } = this.#conversation;
    const count = screen.cursor.row - row - 1;
    if (count < 1 || count > MAX_PREFIX) return [];
    const text = screen.textFrom({ row: row + 1, column: 0 }, { row: row + 1 + count, column: 0 });
    return text.split("\n").slice(0, count);
  }

  async #more(waitMs: number, login?: LoginOptions): Promise<"text" | "silence"> {
    const got = await this.#conversation.more(Math.max(0, waitMs));
    this.#scrolled.length = 0;
    if (got !== "end") return got;
    if (login !== undefined) checkLogin(this.#conversation, login);
    throw this.#conversation.ended("the session ended before a prompt came");
  }

  /** Sets a unique prompt with the exit status in a shell of UNIX; another command line keeps its own. */
  async #setUpShell(): Promise<void> {
    const id = crypto.randomUUID().slice(0, 8);
    const { screen } = this.#conversation;
    // Messages are for people who did not type this.
    this.#conversation.tidy = (text) =>
      text.replaceAll(new RegExp(`nw-${id} (?:\\S+ ){1,2}`, "g"), "$ ")
        .replace(/^.*(?:PROMPT_COMMAND=|function fish_prompt|set prompt=).*$/, "");
    const begin = screen.cursor;
    const first = posixSetup(id);
    const isDone = await this.#trySetup(first) || await this.#tryOther(screen.textFrom(begin), id);
    if (isDone) await this.#checkEcho(`true ${id}`);
  }

  async #tryOther(answer: string, id: string): Promise<boolean> {
    const setup = otherSetup(answer, id);
    return setup !== undefined && await this.#trySetup(setup);
  }

  /** Sends a setup; gives whether the shell took it. */
  async #trySetup(setup: ShellSetup): Promise<boolean> {
    const conversation = this.#conversation;
    const { screen } = conversation;
    this.#finder.addUnique(setup);
    screen.setMark();
    await conversation.sendLine(setup.command);
    for (let hasText = false;;) {
      const found = hasText ? this.#promptNow() : undefined;
      if (found?.unique === setup) {
        this.#setup = setup;
        this.#setups.push(setup);
        return true;
      }
      const key = hasText ? pageKey(screen.lineToCursor() ?? "") : undefined;
      const waitMs = key === undefined && found === undefined ? SETUP_MS : this.#quietMs;
      if (await this.#more(waitMs) === "text") hasText = true;
      // A device may explain at length that it does not know this.
      else if (key !== undefined) await conversation.send(key);
      else {
        // A line that was not accepted may wait to be edited.
        if (found === undefined) await this.#cancel();
        this.#finder.removeUnique(setup);
        return false;
      }
    }
  }

  async #cancel(): Promise<void> {
    await this.#conversation.send(INTERRUPT);
    while (await this.#more(this.#quietMs) === "text");
  }

  /** Finds out whether a command that prints nothing is echoed. */
  async #checkEcho(command: string): Promise<void> {
    const setup = this.#setup!;
    this.#silent.add(setup);
    let shown = "";
    await this.run(command, (text) => {
      shown += text;
    });
    if (shown.includes(command)) this.#silent.delete(setup);
  }

  /** Finds a prompt behind the last input. */
  #promptNow(): FoundPrompt | undefined {
    const { screen } = this.#conversation;
    const line = screen.lineBeforeCursor();
    // Where nothing is echoed, the output begins right behind the prompt of before.
    const isSameRow = screen.mark.row === screen.cursor.row;
    const begin = isSameRow
      ? Math.max(0, line.length - screen.textFrom(screen.mark, screen.cursor).length)
      : 0;
    const unread = line.slice(begin);
    const found = this.#finder.findUnique(unread) ??
      (screen.lineToCursor() === undefined ? undefined : this.#finder.find(unread));
    return found && { ...found, start: begin + found.start };
  }

  /**
   * Runs a command.
   *
   * @param command One line.
   * @param onOutput Called with its output, in order; awaited.
   * @returns How it ended.
   * @throws {InjectionError} If the command holds control characters; nothing is sent.
   * @throws {TimeoutError} If it is silent for too long; its output was passed on before.
   * @throws {DisconnectedError} If the connection broke.
   */
  async run(
    command: string,
    onOutput: (text: string) => void | Promise<void>,
  ): Promise<CommandResult> {
    if (/[\x00-\x1f\x7f]/.test(command)) {
      throw new InjectionError("a command is one line without tabs and control characters");
    }
    const conversation = this.#conversation;
    const { screen } = conversation;
    // Messages of the machine since the last prompt.
    while (await conversation.more(0) === "text");
    const line = screen.lineToCursor() ?? "";
    const found = this.#finder.findUnique(line);
    const prompt = line.slice(found?.start ?? 0);
    const unique = found?.unique ?? this.#unique;
    const isEchoing = unique === undefined || !this.#silent.has(unique);
    screen.forgetBefore();
    // Without an echo the cursor stays behind the prompt, where output could overwrite it.
    if (!isEchoing) screen.write("\r\n");
    screen.setMark();
    this.#scrolled.length = 0;
    const output = new CommandOutput(isEchoing ? { command, prompt } : undefined, onOutput);
    await conversation.sendLine(command);
    const running = new RunningCommand(command, output, {
      isEchoing,
      conversation,
      finder: this.#finder,
      scrolled: this.#scrolled,
      idleTimeoutMs: this.#idleTimeoutMs,
      quietMs: this.#quietMs,
      setup: this.#setup,
      promptNow: () => this.#promptNow(),
    });
    const result = await running.finish();
    this.#unique = running.unique;
    // A shell inside another may have ended.
    this.#setup = this.#setups.find((setup) => setup === running.unique);
    if (running.learned !== undefined) await this.#adopt(running.learned);
    if (result.status !== undefined || result.hasEnded) return result;
    return { ...result, status: await this.#askStatus() };
  }

  /** Sets up a shell that a command has started. */
  async #adopt(line: string): Promise<void> {
    if (isShellPrompt(line)) await this.#setUpShell();
  }

  /** Asks a shell for the status of the last command that does not show it in its prompt. */
  async #askStatus(): Promise<number | undefined> {
    const status = this.#unique === this.#setup ? this.#setup?.status : undefined;
    if (status === undefined || this.#isAsking) return undefined;
    this.#isAsking = true;
    let text = "";
    await this.run(status.command, (part) => {
      text += part;
    }).finally(() => this.#isAsking = false);
    const digits = status.pattern.exec(text)?.[1];
    return digits === undefined ? undefined : Number(digits);
  }

  /** Leaves the command line, and closes the connection. */
  async close(): Promise<void> {
    try {
      if (!this.hasEnded) await this.#conversation.sendLine("exit");
      for (let turns = 0; turns < 10 && await this.#conversation.more(END_MS) === "text"; turns++);
    } catch {
      // The session is over, in one way or the other.
    } finally {
      this.#conversation[Symbol.dispose]();
    }
  }
}
