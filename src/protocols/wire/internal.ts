/**
 * What other rooms of the house use beside the public names of this one.
 *
 * @module
 */

export {
  type ChannelTlsOptions,
  reportTls,
  secureOptionsOf,
  startChannelTls,
  tlsMode,
} from "./channel_tls.ts";
export { LOGIN_CLIENT_RULES, loginServer } from "./client_options.ts";
export { parseCommand } from "./command_session.ts";
export { type CapabilityList, NO_CAPABILITIES, parseCapabilities } from "./text/capability_list.ts";
export { encodeLines, replyWithStoredText, writeLines } from "./stored_text.ts";
export { Turns } from "./turns.ts";
export { TextLines } from "./text/text_lines.ts";
export { connectServer, isLocalConnection, keepsSecrets } from "./connect_channel.ts";
export { DotDecoder, DotEncoder, readDotText, StoredTextEncoder } from "./text/dot_text.ts";
export { compilePattern, isNamePattern, matchesName } from "./text/name_pattern.ts";
export {
  formatReply,
  formatReplyForDisplay,
  isPositive,
  readReply,
  type ReplyText,
  toReplyError,
} from "./reply.ts";
