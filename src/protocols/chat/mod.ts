/**
 * The chat system of *Network Programming with Perl*, chapters 19 to 21.
 *
 * @module
 */

export { CHAT_PORT } from "../../reference/usual_places.ts";
export { ChatClient, type ChatClientOptions, type ChatRequest } from "./client.ts";
export { discoverChat, type DiscoverOptions } from "./discover.ts";
export type { ChatNews } from "./news.ts";
export {
  type ChatLimits,
  ChatRooms,
  type ChatRoomsOptions,
  type ChatSeat,
  DEFAULT_CHANNELS,
} from "./rooms.ts";
export { CHAT_CODES, type ChatDatagram, type ChatEvent, decodeChat, encodeChat } from "./wire.ts";
export type { ChatGroupsOptions } from "./groups.ts";
