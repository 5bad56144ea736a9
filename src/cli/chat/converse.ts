/**
 * Runs a conversation in a chat, at a terminal or by lines.
 *
 * @module
 */

import { delay } from "../../net/internal.ts";
import { escapeControls, LineReader, NetwrightError, UsageError } from "../../net/mod.ts";
import {
  type ChatCommand,
  chatHelp,
  type ChatStyle,
  formatNews,
  isMentioned,
} from "../../protocols/chat/internal.ts";
import type { ChatClient, ChatNews } from "../../protocols/chat/mod.ts";
import type { AppendedLines } from "../../stores/internal.ts";
import type { Context } from "../command/context.ts";
import type { Style } from "../terminal/output.ts";
import { describeFailure } from "../terminal/failure.ts";
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
  /** Takes each line that is shown; absent if none are kept. */
  readonly log?: AppendedLines | undefined;
}

/** Longest wait in milliseconds, at exit, for sent lines to arrive. */
const QUIT_MS = 3000;
const BELL = "\x07";

/**
 * Talks until the lines end.
 *
 * @param options Who, and where.
 * @param context Where the command runs.
 */
export async function converse(
  options: ConverseOptions,
  context: Context,
): Promise<void> {
  const client = await options.login(options.nickname);
  await using talk = new Conversation(client, options, context);
  await talk.run();
}

/** One conversation; it may go over to another session, by another name. */
class Conversation implements AsyncDisposable {
  readonly #options: ConverseOptions;
  readonly #context: Context;
  readonly #talk: ChatTalk;
  /** Where a person types; absent where lines come from elsewhere. */
  readonly #input: LineInput | undefined;
  #failed = Promise.withResolvers<never>();
  #lastNews = performance.now();
  /** Channels that were entered, in lower case. */
  readonly #entered = new Set<string>();

  constructor(client: ChatClient, options: ConverseOptions, context: Context) {
    this.#options = options;
    this.#context = context;
    this.#talk = new ChatTalk(client);
    this.#failed.promise.catch(() => {});
    if (context.stdin.isTerminal && options.terminal.isTerminal) {
      this.#input = new LineInput(options.terminal, {
        interruptEnds: true,
        // The server sends one's own lines back, which shows that they arrived.
        stays: (line) => line.trimStart().startsWith("/") || this.#talk.query !== undefined,
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
      await Promise.race([this.#receive(), this.#failed.promise, stopped.promise]);
    } finally {
      signal.removeEventListener("abort", stop);
      if (this.#input !== undefined) this.#options.terminal.setRaw(false);
    }
  }

  /** Shows the events of a session, and enters channels. */
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
    if (this.#talk.isIgnored(news)) return;
    const plain = formatNews(news);
    this.#keep(plain);
    if (news.kind === "entered") this.#entered.add(news.channel.toLowerCase());
    if (this.#context.json) {
      return await stdout.json({ time: new Date().toISOString(), ...news });
    }
    const input = this.#input;
    if (input === undefined || !stdout.isTerminal) {
      await stdout.line(plain);
    }
    if (input === undefined) return;
    const time = new Date().toTimeString().slice(0, 5);
    const { nickname } = this.#talk.client;
    const isForUs = news.kind === "private" ||
      news.kind === "message" && news.from !== nickname && isMentioned(news.text, nickname);
    await input.setPrompt(this.#prompt);
    const paint = (style: ChatStyle, text: string): string =>
      stdout.paint(styleOf(style, text), text);
    const line = formatNews(news, { paint, current: this.#talk.current, nickname });
    await input.print(`${isForUs ? BELL : ""}${time} ${line}`);
  }

  /** Adds a line to the log. */
  #keep(line: string): void {
    this.#options.log?.add(`${new Date().toISOString()} ${line}`);
  }

  get #prompt(): string {
    const { query, current = "no channel" } = this.#talk;
    return `${escapeControls(query === undefined ? current : `*${query}*`, { maxLength: 20 })}> `;
  }

  /** Executes the typed lines until the input ends. */
  async #receive(): Promise<void> {
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
        await Promise.race([this.#talk.client.settled, delay(QUIT_MS, this.#context.signal)]);
        return "quit";
      }
      await this.#carryOut(meant);
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

  async #carryOut(meant: ChatCommand): Promise<void> {
    switch (meant.kind) {
      case "ask":
        // The server does not announce it: it is sent to the other user alone.
        if (meant.request === "sendPrivate") this.#keep(`-> ${escapeControls(meant.text)}`);
        return;
      case "help":
        return await this.#help();
      case "login":
        return await this.#loginAs(meant.nickname);
      case "topic":
        return await this.#remark(this.#talk.topic ?? "nothing is known of this channel");
      case "query":
        return await this.#remark(
          meant.nickname === undefined
            ? "lines go to the channel again"
            : `lines go to ${meant.nickname} alone; /query ends that`,
        );
      case "ignore": {
        const { nickname } = meant;
        const { ignored } = this.#talk;
        if (nickname === undefined) {
          return await this.#remark(
            ignored.length === 0 ? "no user is ignored" : ignored.join(" "),
          );
        }
        const isIgnored = this.#talk.ignore(nickname);
        return await this.#remark(
          `${nickname} is ${isIgnored ? "ignored" : "not ignored any more"}`,
        );
      }
    }
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
    await this.#context.stderr.line(escapeControls(text));
  }

  /** The last request has no answer yet. */
  async #linger(): Promise<void> {
    const { lingerMs } = this.#options;
    await this.#talk.client.settled;
    while (true) {
      const left = this.#lastNews + lingerMs - performance.now();
      if (left <= 0) break;
      await delay(left, this.#context.signal);
    }
    this.#requireSuccess();
  }

  /**
   * Checks that the requests of a script succeeded.
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
    const shown = escapeControls(missing, { maxLength: 80 });
    throw new NetwrightError(`the channel ${shown} was not entered`, context);
  }

  /** Logs off. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#options.log?.flush();
    await this.#talk.client[Symbol.asyncDispose]();
  }
}

/** Colours of names. */
const NAME_STYLES = ["yellow", "blue", "magenta", "cyan", "good", "bold"] as const;

/** The highlighting of a part of a line; a name has always the same colour. */
function styleOf(style: ChatStyle, text: string): Style {
  if (style === "mention") return "marked";
  if (style !== "name") return style;
  let sum = 0;
  for (const letter of text.replace(/^\*(.*)\*$/su, "$1").toLowerCase()) {
    sum = (sum * 31 + letter.codePointAt(0)!) % 1_000_003;
  }
  return NAME_STYLES[sum % NAME_STYLES.length]!;
}
