/**
 * The groups of a chat whose channels are multicast (chapter 21 of the book): joined while the user is in a channel.
 *
 * @module
 */

import { groupVersion } from "../../net/internal.ts";
import {
  type Address,
  escapeControls,
  type MulticastInterface,
  MulticastReceiver,
  type Network,
  NetwrightError,
} from "../../net/mod.ts";
import { CHAT_GROUP_PORT } from "../../reference/usual_places.ts";
import { type ChatEvent, decodeChat } from "./wire.ts";

/** Options for joining the groups of channels. */
export interface ChatGroupsOptions {
  /** The interfaces on which to join them. @default {the one of the system's route} */
  readonly places?: readonly MulticastInterface[] | undefined;
  /** Addresses of the server beside the one that it was called by. @default {none} */
  readonly servers?: readonly string[] | undefined;
}

/** Callbacks for messages of groups. */
export interface ChatGroupsNews {
  /** A datagram of the server to the group of a channel; its text is clean. */
  onEvent(event: ChatEvent, text: string): void;
  /** Something is wrong with a group; the text is clean. */
  onTrouble(text: string): void;
}

/** Maximum number of groups: the server chooses them, and each has a socket. */
const MAX_GROUPS = 100;
/** The events that a group may carry. */
const EVENTS: ReadonlySet<ChatEvent> = new Set(["publicMessage", "userJoins", "userParts"]);

/**
 * Removes the group from the acknowledgement of a channel.
 *
 * @param description What follows the number of users: `225.1.0.5 Cats and dogs`, or only the latter.
 * @returns The group, if there is one, and the description.
 */
export function splitGroup(
  description: string,
): { readonly group: string | undefined; readonly description: string } {
  const [, word = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(description) ?? [];
  return groupVersion(word) !== undefined
    ? { group: word, description: rest }
    : { group: undefined, description };
}

/** The groups of the channels that one is in. */
export class ChatGroups {
  readonly #network: Network;
  readonly #options: ChatGroupsOptions;
  readonly #servers: ReadonlySet<string>;
  readonly #news: ChatGroupsNews;
  /** Channels whose groups are joined, or being joined. */
  readonly #requested = new Set<string>();
  readonly #receivers = new Map<string, MulticastReceiver>();
  readonly #strangers = new Set<string>();
  #port = CHAT_GROUP_PORT;

  /**
   * Enters no group yet.
   * @param network Where.
   * @param server The server's address.
   * @param options Interfaces, other addresses of the server.
   * @param news The callbacks.
   */
  constructor(network: Network, server: string, options: ChatGroupsOptions, news: ChatGroupsNews) {
    this.#network = network;
    this.#options = options;
    this.#servers = new Set([server, ...(options.servers ?? [])]);
    this.#news = news;
  }

  /**
   * Reads the port of later groups from the server's message.
   * @param text The message.
   */
  setPort(text: string): void {
    const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
    if (port >= 1 && port <= 65_535) this.#port = port;
    else this.#news.onTrouble("the server sent a malformed port for its groups");
  }

  /**
   * Joins the group of a channel.
   * @param channel The channel's title.
   * @param group The group's address.
   */
  async enter(channel: string, group: string): Promise<void> {
    if (this.#requested.has(channel)) return;
    if (this.#requested.size >= MAX_GROUPS) {
      return this.#news.onTrouble(`too many groups: the group of ${channel} is not joined`);
    }
    this.#requested.add(channel);
    try {
      const endpoint = { transport: "udp" as const, hostname: group, port: this.#port };
      const receiver = await MulticastReceiver.join(this.#network, endpoint, this.#options);
      // It may have been left meanwhile.
      if (!this.#requested.has(channel)) return await receiver[Symbol.asyncDispose]();
      this.#receivers.set(channel, receiver);
      void this.#receive(channel, receiver);
    } catch (error) {
      this.#requested.delete(channel);
      if (!(error instanceof NetwrightError)) throw error;
      this.#news.onTrouble(`cannot join the group of ${channel}: ${error.message}`);
    }
  }

  /**
   * Leaves the group of a channel.
   * @param channel The channel's title.
   */
  async leave(channel: string): Promise<void> {
    const receiver = this.#receivers.get(channel);
    this.#requested.delete(channel);
    this.#receivers.delete(channel);
    await receiver?.[Symbol.asyncDispose]();
  }

  /** Leaves all groups. */
  async close(): Promise<void> {
    for (const channel of [...this.#requested]) await this.leave(channel);
  }

  async #receive(channel: string, receiver: MulticastReceiver): Promise<void> {
    while (this.#receivers.get(channel) === receiver) {
      try {
        const [bytes, sender] = await receiver.receive();
        if (!this.#isServer(sender)) continue;
        const datagram = decodeChat(bytes);
        if (datagram?.event === undefined || !EVENTS.has(datagram.event)) continue;
        const text = datagram.text.validate((said) => escapeControls(said, { maxLength: 4000 }));
        this.#news.onEvent(datagram.event, text);
      } catch (error) {
        // Left.
        if (this.#receivers.get(channel) !== receiver) return;
        await this.leave(channel);
        const reason = error instanceof Error ? error.message : String(error);
        this.#news.onTrouble(
          `the group of ${channel} was left: ${escapeControls(reason)}`,
        );
      }
    }
  }

  /** Anyone can send to a group: only the server is trusted, and other senders are reported once. */
  #isServer(sender: Address): boolean {
    if (!("hostname" in sender)) return false;
    const { hostname } = sender;
    if (this.#servers.has(hostname)) return true;
    if (!this.#strangers.has(hostname) && this.#strangers.size < 10) {
      this.#strangers.add(hostname);
      this.#news.onTrouble(`${hostname} sends to a group of this chat, and is not the server`);
    }
    return false;
  }
}
