/**
 * The messages of a chat server to its clients.
 *
 * @module
 */

import { splitGroup } from "./groups.ts";
import { type ChatEvent, splitChatText } from "./wire.ts";

/** A message of the server; all text is clean. */
export type ChatNews =
  | {
    readonly kind: "message";
    readonly channel: string;
    readonly from: string;
    readonly text: string;
  }
  | { readonly kind: "private"; readonly from: string; readonly text: string }
  | { readonly kind: "joined" | "parted"; readonly channel: string; readonly nickname: string }
  | {
    readonly kind: "entered" | "left" | "channel";
    readonly channel: string;
    readonly users: number;
    /** The multicast group that the channel's traffic goes to, if that is so. */
    readonly group?: string;
    readonly description: string;
  }
  | {
    readonly kind: "user";
    readonly nickname: string;
    readonly seconds: number;
    readonly channels: readonly string[];
  }
  | { readonly kind: "error"; readonly text: string }
  /** The server forgot us, or is back: the login and the channels were asked for anew. */
  | { readonly kind: "again" }
  /** Nothing came from the server for long. */
  | { readonly kind: "silent"; readonly seconds: number };

/**
 * Reads the message of an event.
 *
 * @param event The event.
 * @param text Its text, which is clean.
 * @returns The news; undefined of an event that is none, or an error, which is more than news.
 */
export function readNews(event: ChatEvent, text: string): ChatNews | undefined {
  switch (event) {
    case "joinAck":
      return { kind: "entered", ...channelOf(text) };
    case "partAck":
      return { kind: "left", ...channelOf(text) };
    case "channelItem":
      return { kind: "channel", ...channelOf(text) };
    case "publicMessage": {
      const [channel = "", from = "", said = ""] = splitChatText(text, 2);
      return { kind: "message", channel, from, text: said };
    }
    case "privateMessage": {
      const [from = "", said = ""] = splitChatText(text, 1);
      return { kind: "private", from, text: said };
    }
    case "userJoins":
    case "userParts": {
      const [channel = "", nickname = ""] = splitChatText(text, 2);
      return { kind: event === "userJoins" ? "joined" : "parted", channel, nickname };
    }
    case "userItem": {
      const [nickname = "", seconds = "", rest = ""] = splitChatText(text, 2);
      const channels = rest.split(" ").filter((title) => title !== "");
      return { kind: "user", nickname, seconds: Number(seconds) || 0, channels };
    }
    default:
      return undefined;
  }
}

function channelOf(text: string) {
  const [channel = "", users = "", rest = ""] = splitChatText(text, 2);
  const { group, description } = splitGroup(rest);
  return { channel, users: Number(users) || 0, ...(group !== undefined && { group }), description };
}
