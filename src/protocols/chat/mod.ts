/**
 * The chat system of *Network Programming with Perl*, chapters 19 to 21.
 *
 * @module
 */

export * from "./client.ts";
export * from "./commands.ts";
export * from "./discover.ts";
export * from "./format.ts";
export * from "./groups.ts";
export * from "./news.ts";
export * from "./rooms.ts";
export * from "./wire.ts";
export { CHAT_GROUP_PORT, CHAT_PORT } from "../../reference/usual_places.ts";
