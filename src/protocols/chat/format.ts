/**
 * What a chat server tells, as lines.
 *
 * @module
 */

import type { ChatNews } from "./news.ts";

/** Makes a part of a line stand out. */
export type ChatPaint = (style: "bold" | "good" | "bad", text: string) => string;

/**
 * Writes news as a line.
 *
 * @param news What came; its text is clean.
 * @param paint Makes names stand out. @default {nothing does}
 * @param current The channel whose messages need no name. @default {none}
 * @returns The line.
 */
export function formatNews(
  news: ChatNews,
  paint: ChatPaint = (_, text) => text,
  current?: string | undefined,
): string {
  switch (news.kind) {
    case "message": {
      const channel = news.channel === current ? "" : `[${news.channel}] `;
      return `${channel}${paint("bold", news.from)}: ${news.text}`;
    }
    case "private":
      return `${paint("bold", `*${news.from}*`)} ${news.text}`;
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
