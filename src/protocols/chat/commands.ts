/**
 * The commands of a chat.
 *
 * @module
 */

import { UsageError } from "../../net/mod.ts";
import type { ChatRequest } from "./client.ts";

/** The commands, with their arguments and summaries. */
export const CHAT_COMMANDS: Readonly<Record<string, readonly [operand: string, help: string]>> = {
  channels: ["", "list the channels"],
  join: ["CHANNEL", "enter a channel, or make it the one that you talk in"],
  part: ["[CHANNEL]", "leave a channel"],
  users: ["", "list the users of your channel"],
  public: ["TEXT", "say something; so does a line without a slash"],
  private: ["NICKNAME TEXT", "send a private message; /msg does too"],
  me: ["TEXT", "say what you do: * ann waves"],
  query: ["[NICKNAME]", "send all further lines to one user; without a name to the channel again"],
  ignore: ["[NICKNAME]", "hide the lines of a user, or show them again; without a name: list them"],
  topic: ["", "show the topic of your channel"],
  login: ["NICKNAME", "change your nickname; /nick does too"],
  help: ["", "show this list"],
  quit: ["", "end; Control-D does too"],
};

/** Beginning of a text that describes an action of its author (XEP-0245); other clients show it unchanged. */
export const ACTION = "/me ";

/** Other names, and beginnings that mean one of several. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["msg", "private"],
  ["nick", "login"],
  ["q", "quit"],
]);

/** The meaning of a line. */
export type ChatCommand =
  | { readonly kind: "ask"; readonly request: ChatRequest; readonly text: string }
  | { readonly kind: "login"; readonly nickname: string }
  | { readonly kind: "query" | "ignore"; readonly nickname: string | undefined }
  | { readonly kind: "nothing" | "quit" | "help" | "topic" };

const REQUESTS: Readonly<Record<string, ChatRequest>> = {
  channels: "listChannels",
  join: "joinRequest",
  part: "partRequest",
  users: "listUsers",
  public: "sendPublic",
  private: "sendPrivate",
};

/**
 * Reads a line.
 *
 * @param line The typed line: a command by its name or a unique beginning of it, or a text.
 * @returns Its meaning.
 * @throws {UsageError} If it makes no sense.
 *
 * @example
 * ```ts
 * import { parseChatLine } from "./commands.ts";
 * const command = parseChatLine("/j Pets");
 * if (command.kind !== "ask" || command.request !== "joinRequest") throw new Error("no command");
 * ```
 */
export function parseChatLine(line: string): ChatCommand {
  const [, slash, typed = "", rest = ""] = /^\s*(?:(\/)(\S*))?\s*(.*)$/su.exec(line)!;
  if (slash === undefined) {
    return rest === "" ? { kind: "nothing" } : { kind: "ask", request: "sendPublic", text: rest };
  }
  const name = commandOf(typed);
  const text = rest.trim();
  const [operand] = CHAT_COMMANDS[name]!;
  const isMissing = operand !== "" && !operand.startsWith("[") && text === "";
  if (isMissing || name === "private" && !/\s/.test(text)) {
    throw new UsageError(`/${typed.toLowerCase()} wants ${operand}`);
  }
  const request = REQUESTS[name];
  if (request !== undefined) return { kind: "ask", request, text };
  switch (name) {
    case "me":
      return { kind: "ask", request: "sendPublic", text: `${ACTION}${text}` };
    case "login":
      return { kind: name, nickname: text };
    case "query":
    case "ignore":
      return { kind: name, nickname: text === "" ? undefined : text };
    case "topic":
    case "quit":
      return { kind: name };
    default:
      return { kind: "help" };
  }
}

/** A command by its name, or by what only its name begins with. */
function commandOf(typed: string): string {
  const name = ALIASES.get(typed.toLowerCase()) ?? typed.toLowerCase();
  if (Object.hasOwn(CHAT_COMMANDS, name)) return name;
  const meant = Object.keys(CHAT_COMMANDS).filter((one) => name !== "" && one.startsWith(name));
  if (meant.length === 1) return meant[0]!;
  throw new UsageError(`unknown command /${typed}; /help lists all`);
}

/**
 * The commands with their summaries, as lines.
 *
 * @param without Names of those that are left out. @default {none}
 * @returns The lines.
 */
export function chatHelp(without: readonly string[] = []): string[] {
  const known = Object.entries(CHAT_COMMANDS).filter(([name]) => !without.includes(name));
  return known.map(([name, [operand, help]]) => `${`/${name} ${operand}`.padEnd(26)} ${help}`);
}
