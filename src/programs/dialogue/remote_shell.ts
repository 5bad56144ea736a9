/**
 * Commands on a machine that has a command line: the output of each, and nothing else.
 *
 * @module
 */

import { InjectionError, NetwrightError } from "../../net/mod.ts";
import type { Conversation, TextPattern } from "./conversation.ts";
import { checkLogin, logIn, type LoginOptions } from "./login.ts";
import type { ScreenPlace } from "./screen.ts";

/** How a {@link RemoteShell} finds its prompt, and its limits. */
export interface RemoteShellOptions {
  /** The login; absent if the server asks for none. */
  readonly login?: LoginOptions | undefined;
  /** The prompt, at the end of the output. @default {learned} */
  readonly prompt?: TextPattern | undefined;
  /** Longest wait for the first prompt, in milliseconds. @default {30000} */
  readonly timeoutMs?: number | undefined;
  /** Longest silence of a command, in milliseconds. @default {60000} */
  readonly idleTimeoutMs?: number | undefined;
  /** Silence after which the last line counts as a prompt, in milliseconds. @default {300} */
  readonly quietMs?: number | undefined;
}

/** How a command ended. */
export interface CommandResult {
  /** Its exit status; undefined if this command line does not report it. */
  readonly status: number | undefined;
  /** Whether the session ended with it. */
  readonly hasEnded: boolean;
}

/** Where a prompt begins in the line that it ends. */
interface FoundPrompt {
  readonly start: number;
  readonly status?: number | undefined;
  /** Whether it cannot be anything else. */
  readonly isSure: boolean;
}

/** How long a text that looks like a prompt must stay the last one, in milliseconds. */
const SETTLED_MS = 60;
/** Times that Enter is pressed to see the prompt again. */
const MAX_TRIES = 5;
/** Longest wait for the answer of a shell to its new prompt, in milliseconds. */
const SETUP_MS = 5000;
/** Most pages of one output that are turned. */
const MAX_PAGES = 100_000;
/** The last line of a page: of network devices, `more` and `less`. */
const PAGE =
  /(?:-{2,}\s*\(?more\b.{0,60}|<-{1,3} ?more ?-{1,3}>|\(q\)uit.{0,20}|press any key.{0,40}|\(more \d{1,3}%\).{0,60}|^\s*:|^lines \d+-\d+.{0,60})\s*$/i;
/** The last line of the last page of `less`, which must be left. */
const LAST_PAGE = /\(END\)\s*$/;

/** A command line of another machine. */
export class RemoteShell {
  readonly #conversation: Conversation;
  readonly #idleTimeoutMs: number;
  readonly #quietMs: number;
  /** Finds the prompt at the end of a line. */
  #find: (line: string) => FoundPrompt | undefined = () => undefined;
  /** Whether commands are shown again by the other side. */
  #isEchoing = true;
  /** Output of the current command that has left the screen. */
  #scrolled: string[] = [];

  private constructor(conversation: Conversation, options: RemoteShellOptions) {
    this.#conversation = conversation;
    this.#idleTimeoutMs = options.idleTimeoutMs ?? 60_000;
    this.#quietMs = options.quietMs ?? 300;
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
      const shell = new RemoteShell(conversation, options);
      shell.#scrolled = scrolled;
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

  async #findPrompt(options: RemoteShellOptions): Promise<void> {
    const { prompt, login, timeoutMs = 30_000 } = options;
    const end = performance.now() + timeoutMs;
    if (prompt !== undefined) {
      this.#find = (line) => {
        const match = prompt.exec(line);
        if (match === null || match.index + match[0].length !== line.length) return undefined;
        return { start: match.index, isSure: false };
      };
      return await this.#awaitPrompt(end, timeoutMs, login);
    }
    const found = await this.#learnPrompt(end, timeoutMs, login);
    this.#find = (line) => promptLike(found, line);
    if (/[$#%>] $/.test(found)) await this.#setUpShell();
  }

  /** Waits for a prompt that is known. */
  async #awaitPrompt(end: number, timeoutMs: number, login?: LoginOptions): Promise<void> {
    while (true) {
      const found = this.#promptNow() !== undefined;
      const left = end - performance.now();
      const got = await this.#more(found ? SETTLED_MS : left, login);
      if (got === "silence" && found) return;
      if (got === "silence") throw this.#conversation.timeout("no prompt came", timeoutMs);
    }
  }

  /** Learns the prompt: the line that comes again when Enter is pressed. */
  async #learnPrompt(end: number, timeoutMs: number, login?: LoginOptions): Promise<string> {
    const { screen } = this.#conversation;
    let before: string | undefined;
    for (let tries = 0; tries < MAX_TRIES;) {
      const left = end - performance.now();
      const line = screen.lineToCursor() ?? "";
      const isCandidate = line.trim() !== "";
      const got = await this.#more(isCandidate ? Math.min(left, this.#quietMs) : left, login);
      if (got === "text") continue;
      if (performance.now() >= end || !isCandidate) break;
      if (login !== undefined) checkLogin(this.#conversation, login);
      if (before !== undefined && promptLike(before, line)?.start === 0) return line;
      before = line;
      tries++;
      const { row } = screen.cursor;
      await this.#conversation.sendLine("");
      while (screen.cursor.row === row) {
        if (await this.#more(Math.max(0, end - performance.now()), login) === "silence") break;
      }
    }
    throw this.#conversation.timeout("no prompt was found (--prompt names one)", timeoutMs);
  }

  async #more(waitMs: number, login?: LoginOptions): Promise<"text" | "silence"> {
    const got = await this.#conversation.more(Math.max(0, waitMs));
    this.#scrolled.length = 0;
    if (got !== "end") return got;
    if (login !== undefined) checkLogin(this.#conversation, login);
    throw this.#conversation.ended("the session ended before a prompt came");
  }

  /**
   * Sets a unique prompt with the exit status in a shell of UNIX. Another command line reports
   * an unknown command, and keeps its prompt.
   */
  async #setUpShell(): Promise<void> {
    const id = crypto.randomUUID().slice(0, 8);
    // zsh expands %?, the others $?; neither expands both.
    const setUp = ` stty -echo 2>/dev/null; [ -n "$ZSH_VERSION" ] && unsetopt zle prompt_sp; ` +
      `PAGER=cat; SYSTEMD_PAGER=; export PAGER SYSTEMD_PAGER; PROMPT_COMMAND= PS2= PS1='nw-${id} $? %? '; export PS1`;
    const told = new RegExp(`nw-${id} (?:(\\d{1,3}) %\\?|\\$\\? (\\d{1,3})) $`);
    const old = this.#find;
    this.#find = (line) => {
      // Only the end of a long line can be a prompt.
      const from = Math.max(0, line.length - 100);
      const match = told.exec(line.slice(from));
      if (match === null) return old(line);
      return { start: from + match.index, status: Number(match[1] ?? match[2]), isSure: true };
    };
    await this.#conversation.sendLine(setUp);
    const end = performance.now() + SETUP_MS;
    const { row } = this.#conversation.screen.cursor;
    while (true) {
      const found = this.#conversation.screen.cursor.row > row ? this.#promptNow() : undefined;
      if (found?.isSure) break;
      const left = end - performance.now();
      const key = pageKey(this.#conversation.screen.lineToCursor() ?? "");
      const waitMs = key === undefined && found === undefined ? left : this.#quietMs;
      if (await this.#more(Math.min(left, waitMs)) === "text") continue;
      if (key === undefined || left <= 0) {
        // Another prompt came: it is no such shell.
        this.#find = old;
        return;
      }
      // A device may explain at length that it does not know this.
      await this.#conversation.send(key);
    }
    this.#isEchoing = await this.#shows(`: ${id}`);
  }

  /** Finds out whether a command that prints nothing is shown. */
  async #shows(command: string): Promise<boolean> {
    let shown = "";
    this.#isEchoing = false;
    await this.run(command, (text) => {
      shown += text;
    });
    return shown.includes(command);
  }

  /** Finds a prompt behind the last input. */
  #promptNow(): FoundPrompt | undefined {
    const { screen } = this.#conversation;
    const line = screen.lineToCursor();
    if (line === undefined) return undefined;
    // Where nothing is echoed, the output begins right behind the prompt of before.
    const isSameRow = screen.mark.row === screen.cursor.row;
    const begin = isSameRow
      ? Math.max(0, line.length - screen.textFrom(screen.mark, screen.cursor).length)
      : 0;
    const found = this.#find(line.slice(begin));
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
    if (/[\x00-\x08\x0a-\x1f\x7f]/.test(command)) {
      throw new InjectionError("a command is one line without control characters");
    }
    const conversation = this.#conversation;
    const { screen } = conversation;
    screen.setMark();
    this.#scrolled.length = 0;
    const prompt = screen.lineToCursor() ?? "";
    const output = new CommandOutput(this.#isEchoing ? { command, prompt } : undefined, onOutput);
    await conversation.sendLine(command);
    let pages = 0;
    /** Passes on the rows that have left the screen. */
    const passOn = async (): Promise<void> => {
      await output.add(this.#scrolled.splice(0).join(""));
    };
    /** Passes on the rest, up to a place. */
    const finish = async (end?: ScreenPlace): Promise<void> => {
      await output.add(screen.textFrom(screen.mark, end));
      await output.end();
    };
    for (let hasText = false;;) {
      const found = hasText ? this.#promptNow() : undefined;
      const key = hasText && found === undefined ? pageKey(screen.lineToCursor() ?? "") : undefined;
      let got: "text" | "end" | "silence" = "silence";
      if (found?.isSure !== true) {
        const waitMs = found !== undefined || key !== undefined ? SETTLED_MS : this.#idleTimeoutMs;
        got = await conversation.more(waitMs);
      }
      if (got === "text") {
        hasText = true;
        await passOn();
      } else if (got === "end") {
        await finish();
        if (conversation.failure !== undefined) throw conversation.failure;
        return { status: undefined, hasEnded: true };
      } else if (found !== undefined) {
        const length = screen.lineToCursor()!.length;
        await finish(screen.placeBefore(length - found.start));
        return { status: found.status, hasEnded: false };
      } else if (key !== undefined) {
        if (++pages > MAX_PAGES) throw new NetwrightError(`more than ${MAX_PAGES} pages`);
        screen.expectBlanking();
        await conversation.send(key);
      } else {
        await finish();
        throw conversation.timeout(
          `no prompt came after ${JSON.stringify(command)}`,
          this.#idleTimeoutMs,
        );
      }
    }
  }

  /** Leaves the command line, and closes the connection. */
  async close(): Promise<void> {
    try {
      if (!this.hasEnded) await this.#conversation.sendLine("exit");
      for (let turns = 0; turns < 10 && await this.#conversation.more(500) === "text"; turns++);
    } catch {
      // The session is over, in one way or the other.
    } finally {
      this.#conversation[Symbol.dispose]();
    }
  }
}

/** The output of a command, without the line that echoes the command itself. */
class CommandOutput {
  readonly #echo: { readonly command: string; readonly prompt: string } | undefined;
  readonly #onOutput: (text: string) => void | Promise<void>;
  /** The first line, until it is complete. */
  #first: string | undefined = "";

  constructor(
    echo: { readonly command: string; readonly prompt: string } | undefined,
    onOutput: (text: string) => void | Promise<void>,
  ) {
    this.#echo = echo;
    this.#onOutput = onOutput;
    if (echo === undefined) this.#first = undefined;
  }

  async add(text: string): Promise<void> {
    if (this.#first === undefined) {
      if (text !== "") await this.#onOutput(text);
      return;
    }
    this.#first += text;
    const end = this.#first.indexOf("\n");
    if (end < 0) return;
    const [line, rest] = [this.#first.slice(0, end), this.#first.slice(end + 1)];
    this.#first = undefined;
    await this.add(this.#isEcho(line) ? rest : `${line}\n${rest}`);
  }

  /** An unfinished first line is output, unless it shows the command. */
  async end(): Promise<void> {
    const line = this.#first;
    this.#first = undefined;
    if (line !== undefined && line !== "" && !this.#isEcho(line)) await this.#onOutput(line);
  }

  #isEcho(line: string): boolean {
    const { command, prompt } = this.#echo!;
    const shown = line.trimEnd();
    return shown === command.trimEnd() || shown === (prompt + command).trimEnd();
  }
}

/** The key that leads on from a page; undefined if the line is not the end of one. */
function pageKey(line: string): string | undefined {
  const end = line.slice(-200);
  return LAST_PAGE.test(end) ? "q" : PAGE.test(end) ? " " : undefined;
}

/**
 * Finds a prompt that is like one that was learned: the same but for numbers, and for the modes of routers.
 *
 * @param learned The prompt.
 * @param line A line that ends at the cursor.
 * @returns Where it begins: at the margin, or not at all.
 */
function promptLike(learned: string, line: string): FoundPrompt | undefined {
  const plain = (text: string): string => text.replace(/\d+/g, "0").trimEnd();
  if (plain(line) === plain(learned)) return { start: 0, isSure: false };
  // Host names of routers stay, what follows changes with the mode: router>, router#, router(config-if)#.
  const router = /^[\w.@-]{1,64}(?=[>#]$)/.exec(learned.trimEnd())?.[0];
  if (router === undefined || !line.startsWith(router)) return undefined;
  return /^(?:\([\w./:-]{1,64}\))?[>#]$/.test(line.slice(router.length).trimEnd())
    ? { start: 0, isSure: false }
    : undefined;
}
