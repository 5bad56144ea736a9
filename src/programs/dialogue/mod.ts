/**
 * Conversations with programs that were made for people: logins, command lines, expect and send scripts.
 *
 * @module
 */

export { Conversation, type ConversationOptions, type Expected } from "./conversation.ts";
export type { PatternMatch, TextPattern } from "./text_pattern.ts";
export { logIn, type LoginOptions } from "./login.ts";
export { parseScript, type ParseScriptOptions } from "./parse_script.ts";
export type { ScriptFile, ScriptProblem } from "./script_values.ts";
export { RemoteShell, type RemoteShellOptions } from "./remote_shell.ts";
export type { CommandResult } from "./running_command.ts";
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
