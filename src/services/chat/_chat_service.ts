/**
 * Lets users talk in channels, by datagrams.
 *
 * @module
 */

import { type Address, formatEndpoint } from "../../net/mod.ts";
import {
  type ChatEvent,
  ChatRooms,
  type ChatSeat,
  decodeChat,
  DEFAULT_CHANNELS,
  encodeChat,
} from "../../protocols/chat/mod.ts";
import type { DatagramOutlet, DatagramService } from "../core/service.ts";
import { openGroups } from "./_chat_groups.ts";
import { chatGuests } from "./_chat_guests.ts";
import type { ChatConfiguration } from "./_chat_configuration.ts";

/** How often silent users are looked for, in milliseconds, at most. */
const LOOK_MS = 5000;

/** How long users who are connected may be silent, in milliseconds. */
const LINES_IDLE_MS = 3_600_000;

/**
 * Lets users talk.
 *
 * @param configuration The channels, limits, and ways of delivery.
 * @returns The service.
 */
export function chatService(configuration: ChatConfiguration): DatagramService {
  const { channels, multicast, lines, telnet, ...limits } = configuration;
  let rooms: ChatRooms | undefined;
  let outlet: DatagramOutlet | undefined;
  const notifier = new Notifier((bytes, to) => outlet?.send(bytes, to));
  return {
    name: "chat",
    async begin(given): Promise<Disposable> {
      outlet = given;
      using begun = new DisposableStack();
      const encode = notifier.encoded.bind(notifier);
      const titles = Object.keys(channels ?? DEFAULT_CHANNELS);
      const groups = multicast && await openGroups(titles, multicast, given, encode);
      begun.use(groups);
      const opened = rooms = new ChatRooms({
        ...limits,
        channels,
        idleTimeoutMs: given.idleTimeoutMs,
        onAct: (text) => given.log?.(text),
        ...groups?.rooms,
      });
      if (lines !== undefined) {
        const at = given.talk({
          ...{ name: "chat", endpoint: lines, telnet, ...chatGuests(opened) },
          ...{ maxPeers: limits.maxUsers ?? 1000, idleTimeoutMs: LINES_IDLE_MS },
        });
        given.log?.(`lines at ${formatEndpoint(at)}`);
      }
      const timer = setInterval(() => {
        for (const nickname of opened.dropSilent()) given.log?.(`${nickname} fell silent`);
      }, Math.min(LOOK_MS, given.idleTimeoutMs / 2));
      begun.defer(() => clearInterval(timer));
      return begun.move();
    },
    reply(message, sender) {
      const datagram = decodeChat(message);
      if (rooms === undefined) return undefined;
      const seat = notifier.seat(sender);
      if (datagram === undefined) {
        seat.send("error", "unimplemented event code");
        return undefined;
      }
      datagram.text.validate((text) => rooms!.receive(seat, datagram.event, text));
      return undefined;
    },
  };
}

/** Sends events; an event for many users is encoded once. */
class Notifier {
  readonly #send: (bytes: Uint8Array, to: Address) => void;
  #last:
    | { readonly event: ChatEvent; readonly text: string; readonly bytes: Uint8Array }
    | undefined;

  constructor(send: (bytes: Uint8Array, to: Address) => void) {
    this.#send = send;
  }

  seat(address: Address): ChatSeat {
    return {
      key: formatEndpoint(address),
      host: "hostname" in address ? address.hostname : address.transport,
      send: (event, text) => this.#send(this.encoded(event, text), address),
    };
  }

  /** Writes an event; the last one is kept. */
  encoded(event: ChatEvent, text: string): Uint8Array {
    if (this.#last?.text !== text || this.#last.event !== event) {
      this.#last = { event, text, bytes: encodeChat(event, text) };
    }
    return this.#last.bytes;
  }
}
