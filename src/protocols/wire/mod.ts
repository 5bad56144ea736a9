/**
 * The common base of protocols with commands and replies: SMTP, FTP, POP3, NNTP, Travesty.
 *
 * @module
 */

export { STARTTLS_PROTOCOLS } from "../../reference/usual_places.ts";
export { command, type CommandLine, type CommandValue, Secret, Token } from "./command.ts";
export { type ChannelState, CommandChannel } from "./command_channel.ts";
export type { CommandChannelOptions, PipelinedTextOptions } from "./command_channel_options.ts";
export {
  type CommandServerOptions,
  serveCommands,
  type ShortReply,
  type VerbHandler,
} from "./command_server.ts";
export {
  CommandSession,
  type CommandSessionOptions,
  type ReceivedCommand,
} from "./command_session.ts";
export type { ClientTlsMode, LoginClientOptions } from "./client_options.ts";
export { connectChannel, type ConnectChannelOptions } from "./connect_channel.ts";
export type { CapabilityList } from "./text/capability_list.ts";
export type { DotTextOptions } from "./text/dot_text.ts";
export { findNetrc, type NetrcEntry, parseNetrc } from "./netrc.ts";
export { type ProxiedAddresses, readProxyHeader } from "./proxy_protocol.ts";
export type { Reply, ReplyCode, ReplyLimits, ReplyStyle } from "./reply.ts";
export { startTlsDialogue, type StarttlsOptions, type StarttlsProtocol } from "./starttls.ts";
export {
  type Speaker,
  Transcript,
  type TranscriptOptions,
  type TranscriptSink,
} from "./transcript.ts";
