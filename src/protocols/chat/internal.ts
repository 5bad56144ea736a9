/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export { CHAT_COMMANDS, type ChatCommand, chatHelp, parseChatLine } from "./commands.ts";
export { type ChatStyle, formatNews, isMentioned } from "./format.ts";
export { ChatGroups, splitGroup } from "./groups.ts";
export { readNews } from "./news.ts";
export { splitChatText } from "./wire.ts";
