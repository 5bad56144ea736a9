/**
 * A conversation in a chat: typed lines go to the server, and its messages are shown.
 *
 * @module
 */

import { CHAT_COMMANDS, type ChatCommand, parseChatLine } from "../../protocols/chat/internal.ts";
import type { ChatClient, ChatNews } from "../../protocols/chat/mod.ts";
import { commonStart, type Completion } from "../terminal/line_input.ts";

/** One person in a chat. */
export class ChatTalk {
  readonly #nicknames = new Set<string>();
  readonly #channels = new Set<string>();
  /** Names of ignored users, in lower case, with their original spelling. */
  readonly #ignored = new Map<string, string>();
  /** What channels are about, by their names in lower case. */
  readonly #topics = new Map<string, string>();
  /** The user of a private conversation; undefined if lines go to the channel. */
  query: string | undefined;
  #client: ChatClient;

  /** @param client The session. */
  constructor(client: ChatClient) {
    this.#client = client;
  }

  /** The session. */
  get client(): ChatClient {
    return this.#client;
  }

  /** Goes on in another session. */
  set client(client: ChatClient) {
    this.#client = client;
  }

  /** The channel that one talks in; undefined if there is none. */
  get current(): string | undefined {
    return this.#client.channels.at(-1);
  }

  /** The topic of the current channel; undefined if that is not known. */
  get topic(): string | undefined {
    return this.#topics.get(this.current?.toLowerCase() ?? "");
  }

  /** The ignored users. */
  get ignored(): readonly string[] {
    return [...this.#ignored.values()];
  }

  /**
   * Ignores a user, or stops doing so.
   * @param nickname Who.
   * @returns Whether they are ignored now.
   */
  ignore(nickname: string): boolean {
    const key = nickname.toLowerCase();
    if (this.#ignored.delete(key)) return false;
    this.#ignored.set(key, nickname);
    return true;
  }

  /** Whether news are not to be shown. */
  isIgnored(news: ChatNews): boolean {
    return (news.kind === "message" || news.kind === "private") &&
      this.#ignored.has(news.from.toLowerCase());
  }

  /** Learns names from news, to complete them, and what channels are about. */
  learn(news: ChatNews): void {
    if (news.kind === "entered" || news.kind === "channel") {
      this.#topics.set(news.channel.toLowerCase(), news.description);
    }
    if ("channel" in news) this.#channels.add(news.channel);
    if (news.kind === "message" || news.kind === "private") this.#nicknames.add(news.from);
    if (news.kind === "joined" || news.kind === "user") this.#nicknames.add(news.nickname);
  }

  /**
   * Sends a line's request, if it has one.
   * @param line The typed line.
   * @returns Its meaning.
   * @throws {UsageError} If it makes no sense.
   */
  say(line: string): ChatCommand {
    const command = parseChatLine(line);
    if (command.kind === "query") this.query = command.nickname;
    if (command.kind !== "ask") return command;
    const { request, text } = command;
    // A line that is not a command goes to the other user, or to the channel.
    const isTalk = request === "sendPublic" && !/^\s*\/p/iu.test(line);
    const alone = isTalk && this.query !== undefined;
    const asked = alone
      ? { ...command, request: "sendPrivate" as const, text: `${this.query} ${text}` }
      : command;
    this.#client.ask(asked.request, asked.text);
    return asked;
  }

  /**
   * Finds the candidates at the cursor: commands, channels, nicknames.
   * @param before The text before the cursor.
   */
  complete(before: string): Completion {
    const word = /\S*$/.exec(before)![0];
    const command = /^\s*\/(\S+)\s/.exec(before)?.[1];
    const isCommand = /^\s*\/\S*$/.test(before);
    const names = isCommand
      ? Object.keys(CHAT_COMMANDS).map((name) => `/${name}`)
      : command !== undefined && ["join", "part"].includes(command)
      ? [...this.#channels]
      : [...this.#nicknames];
    const shown = names.filter((name) => name.toLowerCase().startsWith(word.toLowerCase())).sort();
    // In a channel a name at the beginning of a line ends with a colon.
    const behind = isCommand || command !== undefined ? " " : ": ";
    const insert = shown.length === 1 ? shown[0]! + behind : commonStart(shown);
    return { length: word.length, insert: insert === "" ? word : insert, shown };
  }
}
