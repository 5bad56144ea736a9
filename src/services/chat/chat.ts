/**
 * Lets users talk in channels, by datagrams (19.1 and 19.2 of the book's list).
 *
 * @module
 */

import { fromDocument } from "../core/document.ts";
import {
  type Capabilities,
  formatEndpoint,
  type HostEndpoint,
  type MulticastInterface,
  parseEndpoint,
  parseIp,
  UsageError,
} from "../../net/mod.ts";
import { CHAT_GROUP_PORT, CHAT_PORT } from "../../reference/usual_places.ts";
import type { ServiceArguments, ServiceModule } from "../core/service.ts";
import type { ChatConfiguration } from "./_chat_configuration.ts";

/** Where the groups are. */
const GROUPS = "225.1.0.0/24";
/** Maximum number of hops of multicast datagrams, as in the book. */
const GROUP_HOPS = 64;

/** The chat service. */
export const service: ServiceModule<ChatConfiguration> = {
  name: "chat",
  summary: "host a chat with channels",
  port: CHAT_PORT,
  isForPeople: true,
  idleTimeoutMs: 60_000,
  options: {
    channels: { value: "FILE", help: "lines 'TITLE: TOPIC' (YAML)", yaml: "text" },
    "max-users": { value: "N", rare: true, help: "at once (default 1000)" },
    "max-per-host": { value: "N", rare: true, help: "users of one host (default 100)" },
    "max-text": { value: "N", rare: true, help: "characters of a message (default 1000)" },
    multicast: { help: "send channels to multicast groups, 225.1.0.1 and up" },
    lines: { value: "HOST:PORT", help: "let users connect too (TCP), and type lines" },
    "multicast-port": { value: "N", rare: true, help: "of the groups (default 2028)" },
    interface: { value: "ADDRESS", rare: true, help: "of this host, to reach the groups by" },
    hops: { value: "N", rare: true, help: "time to live: routers on the way and one (default 64)" },
    rate: { value: "N", rare: true, help: "messages of a user a second (default 10)" },
  },
  parse(args) {
    const { options } = args;
    const place = placeOf(args);
    return {
      channels: fromDocument(args, "channels", parseChannels),
      maxUsers: numberOf(options["max-users"], "max-users"),
      maxPerHost: numberOf(options["max-per-host"], "max-per-host"),
      maxText: numberOf(options["max-text"], "max-text"),
      perSecond: numberOf(options.rate, "rate"),
      multicast: options.multicast === undefined ? undefined : {
        port: numberOf(options["multicast-port"], "multicast-port") ?? CHAT_GROUP_PORT,
        hops: numberOf(options.hops, "hops") ?? GROUP_HOPS,
        places: [place],
      },
      lines: linesOf(options.lines),
      telnet: telnetOf(args),
    };
  },
  capabilities({ multicast, lines }): Capabilities {
    const senders = multicast?.places.map(({ address }) =>
      formatEndpoint({ transport: "udp", hostname: address, port: 0 })
    );
    return {
      net: [
        ...(senders === undefined ? [] : [GROUPS, ...senders]),
        ...(lines === undefined ? [] : [formatEndpoint(lines)]),
      ],
    };
  },
  datagram: async (configuration) => {
    return (await import("./_chat_service.ts")).chatService(configuration);
  },
};

/** Groups are reached by the interface that the server listens on, if it is one. */
function placeOf({ options, endpoint }: ServiceArguments): MulticastInterface {
  const { interface: chosen } = options;
  const listens = endpoint !== undefined && "hostname" in endpoint ? endpoint.hostname : undefined;
  const address = chosen ?? (parseIp(listens ?? "")?.version === 4 ? listens! : "0.0.0.0");
  if (parseIp(address)?.version === 4) return { name: address, address, index: 0 };
  throw new UsageError(`--interface takes an IPv4 address of this host, not ${chosen}`);
}

/** Where users connect to. */
function linesOf(text: string | undefined): HostEndpoint | undefined {
  if (text === undefined) return undefined;
  const endpoint = parseEndpoint(text, { defaultHost: "127.0.0.1", defaultPort: CHAT_PORT });
  if ("path" in endpoint) throw new UsageError("--lines takes HOST:PORT");
  return endpoint;
}

function telnetOf({ telnet = false, options }: ServiceArguments): boolean {
  if (telnet && options.lines === undefined) throw new UsageError("--telnet requires --lines");
  return telnet;
}

/** Titles of one word, and their topics. */
function parseChannels(data: unknown): Record<string, string> {
  const entries = typeof data === "object" && data !== null && !Array.isArray(data)
    ? Object.entries(data)
    : [];
  const isGood = entries.every(([title, text]) =>
    /^\S{1,40}$/.test(title) && typeof text === "string" && /^[^\r\n]{1,200}$/.test(text)
  );
  const titles = new Set(entries.map(([title]) => title.toLowerCase()));
  if (!isGood || entries.length === 0 || titles.size < entries.length) {
    throw new UsageError("a file of channels must map titles of one word to topics");
  }
  return Object.fromEntries(entries);
}

function numberOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new UsageError(`--${name} takes a whole number from 1`);
}
