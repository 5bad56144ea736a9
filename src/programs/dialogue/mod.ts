/**
 * Conversations with programs that talk to people: logins, command lines, and what is waited for and sent.
 *
 * @module
 */

export {
  Conversation,
  type ConversationOptions,
  type Expected,
  type PatternMatch,
  type TextPattern,
} from "./conversation.ts";
export { logIn, type LoginOptions } from "./login.ts";
export { type CommandResult, RemoteShell, type RemoteShellOptions } from "./remote_shell.ts";
export { Screen, type ScreenOptions, type ScreenPlace } from "./screen.ts";
