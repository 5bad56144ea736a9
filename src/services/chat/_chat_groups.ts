/**
 * The multicast groups of a chat's channels, as the server sends to them (chapter 21 of the book).
 *
 * @module
 */

import {
  escapeControls,
  type MulticastInterface,
  MulticastSender,
  UsageError,
} from "../../net/mod.ts";
import type { ChatEvent, ChatRoomsOptions } from "../../protocols/chat/mod.ts";
import type { DatagramOutlet } from "../core/service.ts";

const UDP = { transport: "udp" } as const;

/** How the groups of channels are sent to. */
export interface GroupsPlan {
  readonly port: number;
  readonly hops: number;
  readonly places: readonly MulticastInterface[];
}

/** Opens the groups of channels: the first has the first address, and so on. */
export async function openGroups(
  titles: readonly string[],
  { port, ...plan }: GroupsPlan,
  { network, log }: DatagramOutlet,
  encode: (event: ChatEvent, text: string) => Uint8Array,
): Promise<
  Disposable & { readonly rooms: Pick<ChatRoomsOptions, "groupOf" | "groupPort" | "toGroup"> }
> {
  if (titles.length > 254) throw new UsageError("there are 254 groups, and more channels");
  const addressOf = (index: number): string => `225.1.0.${index + 1}`;
  const sender = await MulticastSender.open(
    network,
    { ...UDP, hostname: addressOf(0), port },
    plan,
  );
  return {
    rooms: {
      groupPort: port,
      groupOf: (title) => addressOf(titles.indexOf(title)),
      toGroup: (hostname, event, text) => {
        sender.send(encode(event, text), { ...UDP, hostname, port }).catch((error) =>
          log?.(`${hostname}: ${escapeControls(String(error))}`)
        );
      },
    },
    [Symbol.dispose]: () => sender[Symbol.dispose](),
  };
}
