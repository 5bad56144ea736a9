/**
 * What is typed in a chat.
 *
 * @module
 */

import { UsageError } from "../../net/mod.ts";
import type { ChatRequest } from "./client.ts";

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

/** What a line means. */
export type ChatCommand =
  | { readonly kind: "ask"; readonly request: ChatRequest; readonly text: string }
  | { readonly kind: "login"; readonly nickname: string }
  | { readonly kind: "nothing" | "quit" | "help" };

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
 * @param line What was typed: a command by its name or what only its name begins with, or what is said.
 * @returns What it means.
 * @throws {UsageError} If it makes no sense.
 *
 * @example
 * ```ts
 * import { parseChatLine } from "@netwright/netwright/chat";
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
    throw new UsageError(`/${name} wants ${operand}`);
  }
  const request = REQUESTS[name];
  if (request !== undefined) return { kind: "ask", request, text };
  if (name === "login") return { kind: "login", nickname: text };
  return { kind: name === "quit" ? "quit" : "help" };
}

/** A command by its name, or by what only its name begins with. */
function commandOf(typed: string): string {
  const name = typed.toLowerCase() === "msg" ? "private" : typed.toLowerCase();
  if (Object.hasOwn(CHAT_COMMANDS, name)) return name;
  const meant = Object.keys(CHAT_COMMANDS).filter((one) => name !== "" && one.startsWith(name));
  if (meant.length === 1) return meant[0]!;
  throw new UsageError(`there is no /${typed}; /help tells what there is`);
}

/** The commands, each with what it does, as lines. */
export function chatHelp(): string[] {
  return Object.entries(CHAT_COMMANDS).map(([name, [operand, help]]) =>
    `${`/${name} ${operand}`.padEnd(26)} ${help}`
  );
}
