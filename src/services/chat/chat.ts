/**
 * Lets users talk in channels, by datagrams (19.1 and 19.2 of the book's list).
 *
 * @module
 */

import {
  type Address,
  type Capabilities,
  type Endpoint,
  formatEndpoint,
  parseEndpoint,
  UsageError,
} from "../../net/mod.ts";
import {
  CHAT_GROUP_PORT,
  CHAT_PORT,
  type ChatEvent,
  ChatRooms,
  type ChatSeat,
  decodeChat,
  DEFAULT_CHANNELS,
  encodeChat,
} from "../../protocols/chat/mod.ts";
import { GROUP_HOPS, GROUPS, openGroups, placeOf } from "./_chat_groups.ts";
import { chatGuests } from "./_chat_guests.ts";
import type { DatagramOutlet, ServiceModule } from "../core/service.ts";

/** How often silent users are looked for, in milliseconds, at most. */
const LOOK_MS = 5000;

/** How long users who are connected may be silent, in milliseconds. */
const LINES_IDLE_MS = 3_600_000;

/** The chat service. */
export const service: ServiceModule = {
  name: "chat",
  summary: "let users talk in channels",
  port: CHAT_PORT,
  idleMs: 60_000,
  options: {
    channels: { value: "FILE", help: "titles and what they are about, in YAML", yaml: true },
    "max-users": { value: "N", rare: true, help: "at once (default 1000)" },
    "max-per-host": { value: "N", rare: true, help: "users of one host (default 100)" },
    "max-text": { value: "N", rare: true, help: "characters of a message (default 1000)" },
    multicast: { help: "what is said goes to groups, 225.1.0.1 and up" },
    lines: { value: "HOST:PORT", help: "let users connect too (TCP), and type lines" },
    "multicast-port": { value: "N", rare: true, help: "of the groups (default 2028)" },
    interface: { value: "ADDRESS", rare: true, help: "of this host, to reach the groups by" },
    hops: { value: "N", rare: true, help: "routers to the groups, and one (default 64)" },
    rate: { value: "N", rare: true, help: "messages of a user a second (default 10)" },
  },
  optionsAt: (endpoint) => "hostname" in endpoint ? { "listen-host": endpoint.hostname } : {},
  capabilities(options): Capabilities {
    const { multicast, lines } = options;
    const { address } = placeOf(options);
    const sender = { transport: "udp" as const, hostname: address, port: 0 };
    return {
      net: [
        ...(multicast === undefined ? [] : [GROUPS, formatEndpoint(sender)]),
        ...(lines === undefined ? [] : [formatEndpoint(linesOf(lines))]),
      ],
    };
  },
  datagram(options) {
    const channels = options.channels === undefined
      ? undefined
      : parseChannels(JSON.parse(options.channels));
    const limits = {
      maxUsers: numberOf(options["max-users"], "max-users"),
      maxPerHost: numberOf(options["max-per-host"], "max-per-host"),
      maxText: numberOf(options["max-text"], "max-text"),
      perSecond: numberOf(options.rate, "rate"),
    };
    const multicast = options.multicast === undefined ? undefined : {
      port: numberOf(options["multicast-port"], "multicast-port") ?? CHAT_GROUP_PORT,
      hops: numberOf(options.hops, "hops") ?? GROUP_HOPS,
      places: [placeOf(options)],
    };
    let rooms: ChatRooms | undefined;
    let outlet: DatagramOutlet | undefined;
    const teller = new Teller((bytes, to) => outlet?.send(bytes, to));
    return {
      name: "chat",
      async begin(given): Promise<Disposable> {
        outlet = given;
        using begun = new DisposableStack();
        const encode = teller.encoded.bind(teller);
        const titles = Object.keys(channels ?? DEFAULT_CHANNELS);
        const groups = multicast && await openGroups(titles, multicast, given, encode);
        begun.use(groups);
        const opened = rooms = new ChatRooms({
          ...{ ...limits, channels, idleMs: given.idleMs },
          onAct: (text) => given.log?.(text),
          ...groups?.rooms,
        });
        if (options.lines !== undefined) {
          const at = given.talk({
            ...{ name: "chat", endpoint: linesOf(options.lines), ...chatGuests(opened) },
            ...{ maxPeers: limits.maxUsers ?? 1000, idleMs: LINES_IDLE_MS },
          });
          given.log?.(`lines at ${formatEndpoint(at)}`);
        }
        const timer = setInterval(() => {
          for (const nickname of opened.dropSilent()) given.log?.(`${nickname} fell silent`);
        }, Math.min(LOOK_MS, given.idleMs / 2));
        begun.defer(() => clearInterval(timer));
        return begun.move();
      },
      reply(message, sender) {
        const datagram = decodeChat(message);
        if (rooms === undefined) return undefined;
        const seat = teller.seat(sender);
        if (datagram === undefined) {
          seat.tell("error", "unimplemented event code");
          return undefined;
        }
        datagram.text.launder((text) => rooms!.hear(seat, datagram.event, text));
        return undefined;
      },
    };
  },
};

/** Sends events; what many are told is encoded once. */
class Teller {
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
      tell: (event, text) => this.#send(this.encoded(event, text), address),
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

/** Where users connect to. */
function linesOf(text: string): Endpoint {
  const endpoint = parseEndpoint(text, { defaultHost: "127.0.0.1", defaultPort: CHAT_PORT });
  if ("path" in endpoint) throw new UsageError("--lines takes HOST:PORT");
  return endpoint;
}

/** Titles of one word, and what they are about. */
function parseChannels(data: unknown): Record<string, string> {
  const entries = typeof data === "object" && data !== null && !Array.isArray(data)
    ? Object.entries(data)
    : [];
  const isGood = entries.every(([title, text]) =>
    /^\S{1,40}$/.test(title) && typeof text === "string" && /^[^\r\n]{1,200}$/.test(text)
  );
  const titles = new Set(entries.map(([title]) => title.toLowerCase()));
  if (!isGood || entries.length === 0 || titles.size < entries.length) {
    throw new UsageError("a file of channels maps titles of one word to what they are about");
  }
  return Object.fromEntries(entries);
}

function numberOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new UsageError(`--${name} takes a whole number from 1`);
}
