/**
 * A conversation in a chat: what is typed goes to the server, what it tells is shown.
 *
 * @module
 */

import { UsageError } from "../../net/mod.ts";
import type { ChatClient, ChatNews } from "../../protocols/chat/mod.ts";
import { commonStart, type Completion } from "../terminal/line_input.ts";

/** What may be typed, with what follows it and what it does. */
export const CHAT_COMMANDS: Readonly<Record<string, readonly [operand: string, help: string]>> = {
  channels: ["", "list the channels"],
  join: ["CHANNEL", "enter a channel, or make it the one that you talk in"],
  part: ["[CHANNEL]", "leave a channel"],
  users: ["", "list who is in your channel"],
  public: ["TEXT", "say something; so does a line without a slash"],
  private: ["NICKNAME TEXT", "tell somebody alone; /msg does too"],
  login: ["NICKNAME", "come as somebody else"],
  help: ["", "tell this"],
  quit: ["", "end; Control-D does too"],
};

/** What a line asks of whoever runs the conversation. */
export type ChatLine =
  | { readonly kind: "sent" | "quit" | "help" }
  | { readonly kind: "login"; readonly nickname: string };

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
   * Does what a line says.
   * @param line What was typed.
   * @returns What is left to do.
   * @throws {UsageError} If it makes no sense.
   */
  say(line: string): ChatLine {
    const [, slash, typed = "", rest = ""] = /^\s*(?:(\/)(\S*))?\s*(.*)$/su.exec(line)!;
    if (slash === undefined) {
      if (rest !== "") this.#client.ask("sendPublic", rest);
      return { kind: "sent" };
    }
    const name = commandOf(typed);
    const text = rest.trim();
    const [operand] = CHAT_COMMANDS[name]!;
    if (operand !== "" && !operand.startsWith("[") && text === "") {
      throw new UsageError(`/${name} wants ${operand}`);
    }
    switch (name) {
      case "channels":
        this.#client.ask("listChannels");
        break;
      case "users":
        this.#client.ask("listUsers");
        break;
      case "join":
        this.#client.ask("joinRequest", text);
        break;
      case "part":
        this.#client.ask("partRequest", text);
        break;
      case "public":
        this.#client.ask("sendPublic", text);
        break;
      case "private":
        if (!/\s/.test(text)) throw new UsageError("/private wants NICKNAME TEXT");
        this.#client.ask("sendPrivate", text);
        break;
      case "login":
        return { kind: "login", nickname: text };
      case "help":
        return { kind: "help" };
      case "quit":
        return { kind: "quit" };
    }
    return { kind: "sent" };
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

/** A command by its name, or by what only its name begins with. */
function commandOf(typed: string): string {
  const name = typed.toLowerCase() === "msg" ? "private" : typed.toLowerCase();
  if (Object.hasOwn(CHAT_COMMANDS, name)) return name;
  const meant = Object.keys(CHAT_COMMANDS).filter((one) => name !== "" && one.startsWith(name));
  if (meant.length === 1) return meant[0]!;
  throw new UsageError(`there is no /${typed}; /help tells what there is`);
}
