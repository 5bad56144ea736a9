/**
 * Logging in where a program asks a person for a name and a password.
 *
 * @module
 */

import { checkLoginName } from "../../../net/internal.ts";
import { NetwrightError } from "../../../net/mod.ts";
import type { Secret } from "../../../protocols/wire/mod.ts";
import type { Conversation } from "../core/conversation.ts";
import type { TextPattern } from "../core/text_pattern.ts";

/** The user's name and password, and the questions for them. */
export interface LoginOptions {
  /** The name of the user. */
  readonly user: string;
  /** The password; absent if none will be asked for. */
  readonly password?: Secret | undefined;
  /** The question for the name, at the end of the output. @default {`login:`, `Username:` and the like} */
  readonly loginPrompt?: TextPattern | undefined;
  /** The question for the password. @default {`Password:` and the like, in several languages} */
  readonly passwordPrompt?: TextPattern | undefined;
  /** Longest time for all of it, in milliseconds. @default {30000} */
  readonly timeoutMs?: number | undefined;
}

const LOGIN_PROMPT =
  /\b(?:log ?in(?: as)?|user ?name|user|usuario|benutzer(?:name)?|utente) ?: ?$/i;
const PASSWORD_PROMPT =
  /(?:pass(?:word|wort|phrase|code)|kennwort|mot de passe|contrase\u00f1a|clave|senha|wachtwoord)[^:]{0,60}: ?$/i;
const REJECTED =
  /login incorrect|incorrect login|login failed|authentication fail|access denied|permission denied|bad passwords?|invalid (?:login|password|user)/i;

/** How long a prompt must stay the last that is shown, in milliseconds: a text may only look like one. */
const SETTLED_MS = 80;
/** After such a silence a console may wait for a key, in milliseconds. */
const WAKE_MS = 3000;

/**
 * Answers the questions for name and password, each once. No later question gets the password.
 *
 * @param conversation The conversation, at its beginning.
 * @param options Who logs in.
 * @returns Resolves when the password was sent, or something else than a question for it was shown.
 * @throws {UsageError} If the name could be taken for an option of a login program.
 * @throws {NetwrightError} If the login is rejected.
 * @throws {TimeoutError|DisconnectedError} If no question comes; the message has the last lines of the screen.
 */
export async function logIn(conversation: Conversation, options: LoginOptions): Promise<void> {
  const { user, password, timeoutMs = 30_000 } = options;
  const { loginPrompt = LOGIN_PROMPT, passwordPrompt = PASSWORD_PROMPT } = options;
  checkLoginName(user);
  const end = performance.now() + timeoutMs;
  let hasSentUser = false;
  let hasWoken = false;
  while (true) {
    const line = conversation.screen.lineToCursor() ?? "";
    const asksUser = loginPrompt.exec(line) !== null;
    const asksPassword = passwordPrompt.exec(line) !== null;
    const left = end - performance.now();
    const waitMs = asksUser || asksPassword ? SETTLED_MS : hasWoken ? left : WAKE_MS;
    const got = await conversation.more(Math.max(0, Math.min(left, waitMs)));
    if (got === "text") continue;
    if (got === "end") throw conversation.ended("the session ended before the login");
    if (asksPassword) {
      if (password === undefined) {
        throw rejected(conversation, `a password is asked for, and there is none for ${user}`);
      }
      return await conversation.sendLine(password);
    }
    if (asksUser) {
      if (hasSentUser) throw rejected(conversation, `${user} cannot log in`);
      hasSentUser = true;
      // The question must not count twice.
      await conversation.sendLine(user);
      await passLine(conversation, end);
    } else if (performance.now() >= end) {
      throw conversation.timeout(
        hasSentUser ? "no prompt came" : "no question for a login came",
        timeoutMs,
      );
    } else if (hasSentUser && line.trim() !== "") return;
    else if (!hasWoken) {
      hasWoken = true;
      if (!hasSentUser) await conversation.sendLine("");
    }
  }
}

/** Waits until something follows the question on the screen. */
async function passLine(conversation: Conversation, end: number): Promise<void> {
  const { row } = conversation.screen.cursor;
  while (conversation.screen.cursor.row === row) {
    const left = end - performance.now();
    if (left <= 0 || await conversation.more(Math.min(left, WAKE_MS)) !== "text") return;
  }
}

/**
 * Throws if the screen reports that the login was rejected.
 *
 * @param conversation The conversation.
 * @param options Who logs in.
 * @throws {NetwrightError} If it was.
 */
export function checkLogin(conversation: Conversation, options: LoginOptions): void {
  const line = conversation.screen.lineToCursor() ?? "";
  const lines = conversation.screen.lastLines(3);
  const { loginPrompt = LOGIN_PROMPT, passwordPrompt = PASSWORD_PROMPT } = options;
  if (
    lines.some((text) => REJECTED.test(text)) || loginPrompt.exec(line) !== null ||
    passwordPrompt.exec(line) !== null
  ) throw rejected(conversation, `the login of ${options.user} was rejected`);
}

/**
 * Checks whether a line asks for a name or a password.
 *
 * @param line The line at the cursor.
 * @returns Whether it does.
 */
export function asksForLogin(line: string): boolean {
  return LOGIN_PROMPT.test(line) || PASSWORD_PROMPT.test(line);
}

function rejected(conversation: Conversation, reason: string): NetwrightError {
  return new NetwrightError(reason, { operation: "log in", hint: conversation.lastSeen() });
}
