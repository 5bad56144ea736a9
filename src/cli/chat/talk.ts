/**
 * A conversation in a chat: what is typed goes to the server, what it tells is shown.
 *
 * @module
 */

import {
  CHAT_COMMANDS,
  type ChatClient,
  type ChatCommand,
  type ChatNews,
  parseChatLine,
} from "../../protocols/chat/mod.ts";
import { commonStart, type Completion } from "../terminal/line_input.ts";

/** One person in a chat. */
export class ChatTalk {
  readonly #nicknames = new Set<string>();
  readonly #channels = new Set<string>();
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

  /** Learns names from news, to complete them. */
  learn(news: ChatNews): void {
    if ("channel" in news) this.#channels.add(news.channel);
    if (news.kind === "message" || news.kind === "private") this.#nicknames.add(news.from);
    if (news.kind === "joined" || news.kind === "user") this.#nicknames.add(news.nickname);
  }

  /**
   * Does what a line says, if it asks something of the server.
   * @param line What was typed.
   * @returns What it means.
   * @throws {UsageError} If it makes no sense.
   */
  say(line: string): ChatCommand {
    const command = parseChatLine(line);
    if (command.kind === "ask") this.#client.ask(command.request, command.text);
    return command;
  }

  /**
   * Finds what may stand at the cursor: commands, channels, nicknames.
   * @param before What is before the cursor.
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
    // Whoever is spoken to in a channel is named with a colon.
    const behind = isCommand || command !== undefined ? " " : ": ";
    const insert = shown.length === 1 ? shown[0]! + behind : commonStart(shown);
    return { length: word.length, insert: insert === "" ? word : insert, shown };
  }
}
