/**
 * The datagrams of the chat system of *Network Programming with Perl*, chapter 19: a code of 16 bits in network order, and
 * text.
 *
 * @module
 */

import { Tainted } from "../../net/mod.ts";

/** What datagrams say, by name. */
export const CHAT_CODES = {
  error: 10,
  loginRequest: 20,
  loginAck: 30,
  logoff: 40,
  joinRequest: 50,
  joinAck: 60,
  partRequest: 70,
  partAck: 80,
  sendPublic: 90,
  publicMessage: 100,
  sendPrivate: 120,
  privateMessage: 130,
  userJoins: 140,
  userParts: 150,
  listChannels: 160,
  channelItem: 170,
  listUsers: 180,
  userItem: 190,
  stillHere: 200,
  setMulticastPort: 210,
} as const;

/** The content of a datagram. */
export type ChatEvent = keyof typeof CHAT_CODES;

const EVENTS: ReadonlyMap<number, ChatEvent> = new Map(
  Object.entries(CHAT_CODES).map(([name, code]) => [code, name as ChatEvent]),
);

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A datagram that came. */
export interface ChatDatagram {
  /** Its code. */
  readonly code: number;
  /** What that means; undefined of one that is not known. */
  readonly event: ChatEvent | undefined;
  /** The text; bytes that are not UTF-8 become U+FFFD. */
  readonly text: Tainted<string>;
}

/**
 * Reads a datagram.
 *
 * @param bytes The datagram.
 * @returns Its content; undefined if it is too short.
 */
export function decodeChat(bytes: Uint8Array): ChatDatagram | undefined {
  if (bytes.length < 2) return undefined;
  const code = bytes[0]! << 8 | bytes[1]!;
  // Programs in C end their texts with NUL.
  const text = decoder.decode(bytes.subarray(2)).replace(/\0+$/, "");
  return { code, event: EVENTS.get(code), text: new Tainted(text) };
}

/**
 * Writes a datagram.
 *
 * @param event The content.
 * @param text Its text.
 * @returns The datagram.
 *
 * @example The greeting of a client
 * ```ts
 * import { encodeChat } from "@netwright/netwright/chat";
 * const bytes = encodeChat("loginRequest", "ann");
 * if (bytes.join() !== "0,20,97,110,110") throw new Error("not as in the book");
 * ```
 */
export function encodeChat(event: ChatEvent, text: string = ""): Uint8Array {
  const code = CHAT_CODES[event];
  const bytes = new Uint8Array(2 + text.length * 3);
  bytes[0] = code >> 8;
  bytes[1] = code & 255;
  const { written } = encoder.encodeInto(text, bytes.subarray(2));
  return bytes.subarray(0, 2 + written);
}

/**
 * Takes a text apart: words, and the rest behind them.
 *
 * @param text The text of a datagram.
 * @param count How many words.
 * @returns So many words, each empty if there are fewer, and the rest.
 */
export function splitChatText(text: string, count: number): string[] {
  const parts: string[] = [];
  let rest = text.trimStart();
  for (let n = 0; n < count; n++) {
    const [, word = "", more = ""] = /^(\S*)\s*(.*)$/su.exec(rest)!;
    parts.push(word);
    rest = more;
  }
  return [...parts, rest];
}
