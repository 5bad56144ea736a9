/**
 * Runs a conversation in a chat, at a terminal or by lines.
 *
 * @module
 */

import { cleanText, LineReader, NetwrightError, pause, UsageError } from "../../net/mod.ts";
import { type ChatClient, chatHelp, type ChatNews, formatNews } from "../../protocols/chat/mod.ts";
import type { Arguments } from "../arguments.ts";
import type { Context } from "../context.ts";
import { describeFailure } from "../failure.ts";
import { LineInput } from "../terminal/line_input.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { ChatTalk } from "./talk.ts";

/** How a conversation is run. */
export interface ConverseOptions {
  /** Logs in by a name. */
  readonly login: (nickname: string) => Promise<ChatClient>;
  /** The first name. */
  readonly nickname: string;
  /** Channels to enter. */
  readonly channels: readonly string[];
  /** How long answers are waited for when standard input has ended, in milliseconds. */
  readonly lingerMs: number;
  /** Where a person may sit. */
  readonly terminal: Terminal;
}

/** Longest wait in milliseconds, at exit, for sent lines to arrive. */
const QUIT_MS = 3000;
const BELL = "\x07";

/**
 * Talks until the lines end.
 *
 * @param options Who, and where.
 * @param args The command line.
 * @param context Where the command runs.
 */
export async function converse(
  options: ConverseOptions,
  args: Arguments,
  context: Context,
): Promise<void> {
  const client = await options.login(options.nickname);
  await using talk = new Conversation(client, options, args, context);
  await talk.run();
}

/** One conversation; it may go over to another session, by another name. */
class Conversation implements AsyncDisposable {
  readonly #options: ConverseOptions;
  readonly #args: Arguments;
  readonly #context: Context;
  readonly #talk: ChatTalk;
  /** Where a person types; absent where lines come from elsewhere. */
  readonly #input: LineInput | undefined;
  #failed = Promise.withResolvers<never>();
  #lastNews = performance.now();
  /** Channels that were entered, in lower case. */
  readonly #entered = new Set<string>();

  constructor(client: ChatClient, options: ConverseOptions, args: Arguments, context: Context) {
    this.#options = options;
    this.#args = args;
    this.#context = context;
    this.#talk = new ChatTalk(client);
    this.#failed.promise.catch(() => {});
    if (context.stdin.isTerminal && options.terminal.isTerminal) {
      this.#input = new LineInput(options.terminal, {
        interruptEnds: true,
        // What one says comes back from the server, which shows that it was heard.
        stays: (line) => line.trimStart().startsWith("/"),
        complete: (before) => Promise.resolve(this.#talk.complete(before)),
      });
    }
  }

  async run(): Promise<void> {
    const { signal } = this.#context;
    const stopped = Promise.withResolvers<never>();
    const stop = (): void => stopped.reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      this.#begin(this.#options.channels);
      await Promise.race([this.#hear(), this.#failed.promise, stopped.promise]);
    } finally {
      signal.removeEventListener("abort", stop);
      if (this.#input !== undefined) this.#options.terminal.setRaw(false);
    }
  }

  /** Tells what comes in a session, and enters channels. */
  #begin(channels: readonly string[]): void {
    const { client } = this.#talk;
    const reading = (async (): Promise<void> => {
      for await (const news of client.news()) await this.#show(news);
    })();
    reading.catch((error) => this.#failed.reject(error));
    for (const channel of channels) client.ask("joinRequest", channel);
  }

  async #show(news: ChatNews): Promise<void> {
    this.#lastNews = performance.now();
    const { stdout } = this.#context;
    this.#talk.learn(news);
    if (news.kind === "entered") this.#entered.add(news.channel.toLowerCase());
    if (this.#args.has("json")) {
      return await stdout.json({ time: new Date().toISOString(), ...news });
    }
    const input = this.#input;
    if (input === undefined || !stdout.isTerminal) {
      await stdout.line(formatNews(news));
    }
    if (input === undefined) return;
    const time = new Date().toTimeString().slice(0, 5);
    const bell = news.kind === "private" ? BELL : "";
    await input.setPrompt(this.#prompt);
    const line = formatNews(news, (style, text) => stdout.paint(style, text), this.#talk.current);
    await input.print(`${bell}${time} ${line}`);
  }

  get #prompt(): string {
    return `${cleanText(this.#talk.current ?? "no channel", { maxLength: 20 })}> `;
  }

  /** Does what is typed, until that ends. */
  async #hear(): Promise<void> {
    const input = this.#input;
    if (input === undefined) {
      const lines = new LineReader(this.#context.stdin, { maxLineBytes: 8192 });
      for (let line = await lines.readLine(); line !== undefined; line = await lines.readLine()) {
        if (await this.#run(line) === "quit") return;
      }
      return await this.#linger();
    }
    while (true) {
      const line = await input.read(this.#prompt);
      if (line === undefined || await this.#run(line) === "quit") return;
    }
  }

  async #run(line: string): Promise<"quit" | undefined> {
    try {
      const meant = this.#talk.say(line);
      if (meant.kind === "quit") {
        await Promise.race([this.#talk.client.settled, pause(QUIT_MS, this.#context.signal)]);
        return "quit";
      }
      if (meant.kind === "help") await this.#help();
      if (meant.kind === "login") await this.#loginAs(meant.nickname);
    } catch (error) {
      // A person may try again; a script ends at its first mistake, after its earlier lines were sent.
      if (this.#input === undefined) {
        await this.#talk.client.settled;
        throw error;
      }
      await this.#remark(describeFailure(error));
    }
    return undefined;
  }

  async #loginAs(nickname: string): Promise<void> {
    const before = this.#talk.client;
    if (nickname === before.nickname) throw new UsageError(`you are ${nickname}`);
    this.#talk.client = await this.#options.login(nickname);
    this.#begin(before.channels);
    await before[Symbol.asyncDispose]();
  }

  async #help(): Promise<void> {
    for (const line of chatHelp()) await this.#remark(line);
  }

  async #remark(text: string): Promise<void> {
    await this.#context.stderr.line(cleanText(text));
  }

  /** What was asked last is still to be answered. */
  async #linger(): Promise<void> {
    const { lingerMs } = this.#options;
    await this.#talk.client.settled;
    while (true) {
      const left = this.#lastNews + lingerMs - performance.now();
      if (left <= 0) break;
      await pause(left, this.#context.signal);
    }
    this.#requireSuccess();
  }

  /**
   * What a script asked for must have happened.
   * @throws {NetwrightError} If a line was not delivered, or a channel not entered.
   */
  #requireSuccess(): void {
    const { undelivered, peer } = this.#talk.client;
    const context = { operation: "chat", peer };
    if (undelivered > 0) {
      const lines = undelivered === 1 ? "1 line was" : `${undelivered} lines were`;
      throw new NetwrightError(`${lines} not delivered`, context);
    }
    const missing = this.#options.channels.find((name) => !this.#entered.has(name.toLowerCase()));
    if (missing === undefined) return;
    const shown = cleanText(missing, { maxLength: 80 });
    throw new NetwrightError(`the channel ${shown} was not entered`, context);
  }

  /** Logs off. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#talk.client[Symbol.asyncDispose]();
  }
}
