/**
 * `netwright chat`: talks in a chat (19.1 and 19.2 of the book's list).
 *
 * @module
 */

import { union } from "../../../net/internal.ts";
import {
  type Capabilities,
  type Endpoint,
  type MulticastInterface,
  parseEndpoint,
  UsageError,
} from "../../../net/mod.ts";
import { CHAT_PORT } from "../../../reference/usual_places.ts";
import type { Arguments } from "../../command/arguments.ts";
import {
  type DiscoveryPlan,
  planDiscovery,
  unknownServerCapabilities,
} from "../../chat/discovery_options.ts";
import { GROUPS } from "../../chat/groups.ts";
import type { Command } from "../../command/command.ts";
import { CONNECTION_OPTIONS } from "../../command/common_options.ts";
import {
  connectionCapabilities,
  type ConnectionOptions,
  connectionOptions,
} from "../../connect/connecting.ts";
import { chosenPlaces, INTERFACE_OPTION } from "../../connect/multicast.ts";

/** Who talks where, and how. */
export interface ChatPlan {
  /** The server; absent if it is looked for. */
  readonly server: Endpoint | undefined;
  /** How it is looked for. */
  readonly discovery: DiscoveryPlan | undefined;
  /** How connections are made. */
  readonly connection: ConnectionOptions;
  /** Who talks. */
  readonly nickname: string | undefined;
  /** Channels to enter. */
  readonly channels: readonly string[];
  /** Whether to join the multicast groups. */
  readonly multicast: boolean;
  /** The interfaces on which to join them, if the user chose some. */
  readonly places: readonly MulticastInterface[] | undefined;
  /** Time for answers once standard input has ended, in milliseconds. */
  readonly lingerMs: number;
  /** A file that gets all that is shown. */
  readonly log: string | undefined;
  /** What that needs. */
  readonly needs: Capabilities;
}

/** The command. */
export const command: Command<ChatPlan> = {
  name: "chat",
  summary: "chat with other users, over UDP or multicast",
  operands: "[NICKNAME@]HOST[:PORT]|NICKNAME",
  count: { min: 1, max: 1 },
  examples: [
    "chat ann@chat.example.org --join Weather",
    "chat ann --discover --multicast",
  ],
  details:
    "Lines go to the channel that was joined last; /help lists what else may be typed. At a terminal\n" +
    "Tab completes names, and private messages ring the bell.",
  options: {
    join: { value: "CHANNEL", short: "j", many: true, help: "enter this channel" },
    multicast: { help: "join the channels' multicast groups" },
    ...INTERFACE_OPTION,
    discover: { help: "find a server on the local networks" },
    wait: {
      value: "SECONDS",
      help: "wait for replies after the end of standard input (default 1)",
    },
    log: { value: "FILE", help: "append everything that is shown to this file" },
    port: { value: "N", rare: true, help: "of the server to be found (default 2027)" },
    ...CONNECTION_OPTIONS,
  },
  async plan(args, host) {
    const { endpoint, nickname } = placeOf(args);
    const multicast = args.has("multicast");
    const log = args.value("log");
    const discovery = endpoint === undefined ? planDiscovery(args, host) : undefined;
    const server = discovery === undefined
      ? await connectionCapabilities(args, host, [endpoint!])
      : unknownServerCapabilities(discovery, host);
    return {
      server: endpoint,
      discovery,
      connection: connectionOptions(args),
      nickname,
      channels: args.values("join"),
      multicast,
      places: multicast ? chosenPlaces(args, host, 4) : undefined,
      lingerMs: args.milliseconds("wait", 1000),
      log,
      needs: union(
        server,
        ...multicast ? [GROUPS] : [],
        ...log === undefined ? [] : [{ write: [log] }],
      ),
    };
  },
  capabilities: ({ needs }) => needs,
};

function placeOf(
  args: Arguments,
): { readonly endpoint?: Endpoint; readonly nickname?: string | undefined } {
  const [text = ""] = args.operands;
  const at = text.lastIndexOf("@");
  if (args.has("discover")) {
    if (at >= 0) throw new UsageError("--discover finds the server: give a nickname alone");
    return { nickname: text };
  }
  const endpoint = parseEndpoint(text.slice(at + 1), { defaultPort: CHAT_PORT, transport: "udp" });
  return at < 0 ? { endpoint } : { endpoint, nickname: text.slice(0, at) };
}
