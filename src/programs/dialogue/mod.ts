/**
 * Conversations with programs that were made for people: logins, command lines, expect and send scripts.
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
export {
  parseScript,
  type ParseScriptOptions,
  type ScriptFile,
  type ScriptProblem,
} from "./parse_script.ts";
export { type CommandResult, RemoteShell, type RemoteShellOptions } from "./remote_shell.ts";
export { Screen, type ScreenOptions, type ScreenPlace } from "./screen.ts";
export { runScript, type RunScriptOptions } from "./run_script.ts";
export type {
  Alternative,
  Condition,
  ExpectedText,
  Script,
  ScriptPosition,
  SecretSource,
  Step,
} from "./script.ts";
