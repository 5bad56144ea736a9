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
export { connectServer, isLocalConnection, keepsSecrets } from "./connect_channel.ts";
export { DotDecoder, DotEncoder, readDotText, StoredTextEncoder } from "./dot_text.ts";
export { isNamePattern, matchesName } from "./name_pattern.ts";
export {
  formatReply,
  formatReplyForDisplay,
  isPositive,
  readReply,
  type ReplyText,
  toReplyError,
} from "./reply.ts";
