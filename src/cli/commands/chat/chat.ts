/**
 * `netwright chat`: talks in a chat (19.1 and 19.2 of the book's list).
 *
 * @module
 */

import { type Endpoint, parseEndpoint, union, UsageError } from "../../../net/mod.ts";
import { CHAT_PORT } from "../../../reference/usual_places.ts";
import type { Arguments } from "../../command/arguments.ts";
import { unknownServerCapabilities } from "../../chat/discovery_options.ts";
import { GROUPS } from "../../chat/groups.ts";
import { commandByArguments } from "../../command/arguments_plan.ts";
import { CONNECTION_OPTIONS } from "../../command/common_options.ts";
import { connectionCapabilities } from "../../connect/connecting.ts";
import { INTERFACE_OPTION } from "../../connect/multicast.ts";

/** The command. */
export const command = commandByArguments({
  name: "chat",
  summary: "talk with others in a chat",
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
    multicast: { help: "hear the groups of a server that has such" },
    ...INTERFACE_OPTION,
    discover: { help: "find the server on this host's subnets" },
    wait: {
      value: "SECONDS",
      help: "for answers, once standard input has ended (default 1)",
    },
    log: { value: "FILE", help: "add all that is shown to this file" },
    port: { value: "N", rare: true, help: "of the server to be found (default 2027)" },
    ...CONNECTION_OPTIONS,
  },
  async capabilities(args, host) {
    const { endpoint } = placeOf(args);
    const server = endpoint === undefined
      ? unknownServerCapabilities(args, host)
      : await connectionCapabilities(args, host, [endpoint]);
    const log = args.value("log");
    return union(
      server,
      ...args.has("multicast") ? [GROUPS] : [],
      ...log === undefined ? [] : [{ write: [log] }],
    );
  },
});

export function placeOf(
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
