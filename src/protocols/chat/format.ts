/**
 * The messages of a chat server, as lines.
 *
 * @module
 */

import { ACTION } from "./commands.ts";
import type { ChatNews } from "./news.ts";

/** The role of a part of a line. */
export type ChatStyle = "name" | "mention" | "good" | "bad";

/** How lines are written. */
export interface ChatFormat {
  /** Highlights a part of a line. @default {none is highlighted} */
  readonly paint?: ((style: ChatStyle, text: string) => string) | undefined;
  /** The channel whose messages need no name. @default {none} */
  readonly current?: string | undefined;
  /** The reader, whose name is highlighted in the messages of others. */
  readonly nickname?: string | undefined;
}

/**
 * Checks whether a text mentions a user.
 *
 * @param text The text.
 * @param nickname The name.
 * @returns Whether the name is a word of it, in letters of any case.
 */
export function isMentioned(text: string, nickname: string): boolean {
  const name = nickname.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}])${name}(?![\\p{L}\\p{N}])`, "iu").test(text);
}

/**
 * Writes news as a line.
 *
 * @param news The message; its text is clean.
 * @param format How.
 * @returns The line.
 */
export function formatNews(news: ChatNews, format: ChatFormat = {}): string {
  const { paint = (_, text) => text, current, nickname } = format;
  const said = (from: string, text: string): string => {
    const isHere = nickname !== undefined && from !== nickname && isMentioned(text, nickname);
    return isHere ? paint("mention", text) : text;
  };
  switch (news.kind) {
    case "message": {
      const channel = news.channel === current ? "" : `[${news.channel}] `;
      return news.text.startsWith(ACTION)
        ? `${channel}* ${paint("name", news.from)} ${
          said(news.from, news.text.slice(ACTION.length))
        }`
        : `${channel}${paint("name", news.from)}: ${said(news.from, news.text)}`;
    }
    case "private":
      return news.text.startsWith(ACTION)
        ? `* ${paint("name", `*${news.from}*`)} ${news.text.slice(ACTION.length)}`
        : `${paint("name", `*${news.from}*`)} ${news.text}`;
    case "joined":
      return paint("good", `-- ${news.nickname} enters ${news.channel}`);
    case "parted":
      return paint("good", `-- ${news.nickname} leaves ${news.channel}`);
    case "entered":
      return paint("good", `-- you are in ${news.channel} with ${news.users} in all`) +
        `: ${news.description}`;
    case "left":
      return paint("good", `-- you left ${news.channel}`);
    case "channel":
      return `   ${news.channel.padEnd(20)} ${`${news.users}`.padStart(5)}  ${news.description}`;
    case "user":
      return `   ${news.nickname.padEnd(20)} ${formatSeconds(news.seconds)}  ${
        news.channels.join(" ")
      }`;
    case "error":
      return paint("bad", `-- ${news.text}`);
    case "again":
      return paint("good", "-- the server is back, and has let us in again");
    case "silent":
      return paint("bad", `-- nothing from the server for ${news.seconds} s; still trying`);
  }
}

function formatSeconds(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours}:${`${minutes}`.padStart(2, "0")}:${`${seconds % 60}`.padStart(2, "0")}`.padStart(
    9,
  );
}
