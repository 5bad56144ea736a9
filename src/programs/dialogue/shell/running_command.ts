/**
 * A command on another machine, from its start to the next prompt.
 *
 * @module
 */

import { NetwrightError } from "../../../net/mod.ts";
import type { CommandOutput } from "./command_output.ts";
import type { Conversation } from "../core/conversation.ts";
import {
  type FoundPrompt,
  isLike,
  mayBePrompt,
  mayChangePrompt,
  pageKey,
  type PromptFinder,
  SETTLED_MS,
  type UniquePrompt,
} from "./prompt.ts";
import type { ScreenPlace } from "../screen/screen.ts";
import type { ShellSetup } from "./shell_setup.ts";

/** Silence after which an unknown line is tried as a prompt, in milliseconds. */
const UNKNOWN_MS = 1500;
/** The last line of a shell that was set up. */
const END_LINE = /^nw-[0-9a-f]{8} end \d{1,3}\n/gm;
/** Most pages of one output that are turned. */
const MAX_PAGES = 100_000;

/** How a command ended. */
export interface CommandResult {
  /** Its exit status; undefined if this command line does not report it. */
  readonly status: number | undefined;
  /** Whether the session ended with it. */
  readonly hasEnded: boolean;
}

/** The parts of a shell that a command needs. */
export interface ShellParts {
  readonly conversation: Conversation;
  readonly finder: PromptFinder;
  readonly scrolled: string[];
  readonly idleTimeoutMs: number;
  readonly quietMs: number;
  readonly setup: ShellSetup | undefined;
  readonly isEchoing: boolean;
  readonly promptNow: () => FoundPrompt | undefined;
}

/** A command that was sent. */
export class RunningCommand {
  readonly #command: string;
  readonly #output: CommandOutput;
  readonly #shell: ShellParts;
  /** The unique prompt that came. */
  unique: UniquePrompt | undefined;
  /** A prompt that was not known before. */
  learned: string | undefined;

  /**
   * @param command The command, for messages.
   * @param output Receives its output.
   * @param shell The command line.
   */
  constructor(command: string, output: CommandOutput, shell: ShellParts) {
    this.#command = command;
    this.#output = output;
    this.#shell = shell;
  }

  /** Passes on the output until the prompt comes. */
  async finish(): Promise<CommandResult> {
    const { conversation, idleTimeoutMs, promptNow } = this.#shell;
    const { screen } = conversation;
    let pages = 0;
    let mayTry = mayChangePrompt(this.#command);
    for (let hasText = false;;) {
      const line = screen.lineToCursor() ?? "";
      const found = hasText ? promptNow() : undefined;
      const key = hasText && found === undefined ? pageKey(line) : undefined;
      const isUnknown = hasText && mayTry && found === undefined && mayBePrompt(line);
      if (found?.settledMs === 0) return await this.#end(found);
      const settledMs = found?.settledMs ?? (key === undefined ? Infinity : SETTLED_MS);
      const waitMs = Math.min(idleTimeoutMs, settledMs, isUnknown ? UNKNOWN_MS : Infinity);
      const got = await conversation.more(waitMs);
      if (got === "text") {
        hasText = true;
        await this.#output.add(this.#shell.scrolled.splice(0).join(""));
      } else if (got === "end") return await this.#ended();
      else if (found !== undefined) return await this.#end(found);
      else if (key !== undefined) {
        if (++pages > MAX_PAGES) throw new NetwrightError(`more than ${MAX_PAGES} pages`);
        await conversation.send(key);
      } else if (isUnknown && waitMs < idleTimeoutMs) {
        mayTry = false;
        const result = await this.#tryPrompt(line);
        if (result !== undefined) return result;
      } else {
        await this.#output.add(screen.unread());
        await this.#output.end();
        const waits = /[:?\]>]\s*$/.test(line) ? ", which seems to wait for input," : "";
        const reason = `no prompt came after ${JSON.stringify(this.#command)}${waits}`;
        throw conversation.timeout(reason, idleTimeoutMs);
      }
    }
  }

  /** Ends at a prompt. */
  async #end({ start, status, unique }: FoundPrompt): Promise<CommandResult> {
    this.unique = unique;
    const { screen } = this.#shell.conversation;
    await this.#passRest(screen.placeBefore(screen.lineBeforeCursor().length - start));
    return { status, hasEnded: false };
  }

  async #passRest(end: ScreenPlace): Promise<void> {
    const { conversation: { screen }, finder, setup } = this.#shell;
    // A shell inside another may have ended.
    const text = finder.withoutPrefix(screen.textFrom(screen.mark, end)).replace(END_LINE, "");
    await this.#output.add(setup?.filler === undefined ? text : text.replace(setup.filler, ""));
    await this.#output.end();
  }

  /** Ends with the session; a shell prints its status last. */
  async #ended(): Promise<CommandResult> {
    const { conversation, setup } = this.#shell;
    // Some shells show their prompt once more.
    const again = setup && new RegExp(setup.prompt.source.replace(/\$$/, ""), "g");
    const unread = conversation.screen.unread();
    const rest = again === undefined ? unread : unread.replaceAll(again, "");
    const match = setup?.end?.exec(rest) ?? null;
    await this.#output.add(match === null ? rest : rest.slice(0, match.index));
    await this.#output.end();
    if (conversation.failure !== undefined) throw conversation.failure;
    return { status: match === null ? undefined : Number(match[1]), hasEnded: true };
  }

  /** Presses Enter: a line that comes again is the new prompt. */
  async #tryPrompt(line: string): Promise<CommandResult | undefined> {
    const { conversation, finder, quietMs } = this.#shell;
    const { screen } = conversation;
    const begin = screen.placeBefore(line.length);
    if (!this.#shell.isEchoing) screen.write("\r\n");
    await conversation.sendLine("");
    let got = await conversation.more(UNKNOWN_MS);
    while (got === "text") got = await conversation.more(quietMs);
    const again = screen.lineToCursor();
    if (again === undefined || !isLike(line, again) || screen.cursor.row === begin.row) {
      return undefined;
    }
    finder.learn(again);
    this.learned = again;
    await this.#passRest(begin);
    return { status: undefined, hasEnded: false };
  }
}
