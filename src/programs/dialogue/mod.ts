/**
 * Conversations with programs that were made for people: logins, command lines, expect and send scripts.
 *
 * @module
 */

export { Conversation, type ConversationOptions, type Expected } from "./core/conversation.ts";
export type { PatternMatch, TextPattern } from "./core/text_pattern.ts";
export { logIn, type LoginOptions } from "./shell/login.ts";
export { parseScript, type ParseScriptOptions } from "./script/parse_script.ts";
export type { ScriptFile, ScriptProblem } from "./script/script_values.ts";
export { RemoteShell, type RemoteShellOptions } from "./shell/remote_shell.ts";
export type { CommandResult } from "./shell/running_command.ts";
export { Screen, type ScreenOptions, type ScreenPlace } from "./screen/screen.ts";
export { runScript, type RunScriptOptions } from "./script/run_script.ts";
export type {
  Alternative,
  Condition,
  ExpectedText,
  Script,
  ScriptPosition,
  SecretSource,
  Step,
} from "./script/script.ts";
