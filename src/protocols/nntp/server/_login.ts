/**
 * Login, TLS and compression (RFC 4643, RFC 4642, RFC 8054).
 *
 * @module
 */

import { escapeControls, singleLine, type Tainted } from "../../../net/mod.ts";
import type { SaslMechanism } from "../../sasl/mod.ts";
import { Refusal } from "./_refusal.ts";
import { type NntpServerSession, wordsOf } from "./_session.ts";

/** Replies to malformed attempts. */
const MALFORMED = {
  "unsupported": [503, "mechanism not supported"],
  "arguments": [501, "AUTHINFO SASL takes a mechanism and one response"],
  "initial response": [482, "this mechanism takes no initial response"],
  "malformed": [482, "malformed base64, or the login was cancelled"],
} as const;

/** The mechanisms that are offered now; loaded only when needed, for it is slow. */
export async function mechanismsFor(state: NntpServerSession): Promise<readonly SaslMechanism[]> {
  const { options: { users }, isConfidential } = state;
  if (users === undefined) return [];
  const { offeredMechanisms } = await import("../../sasl/mod.ts");
  return offeredMechanisms(users, isConfidential);
}

/** AUTHINFO. */
export async function authinfo(
  state: NntpServerSession,
  argument: Tainted<string>,
): Promise<"quit" | void> {
  const { options: { users } } = state;
  if (users === undefined) throw new Refusal(502, "logins are not offered");
  if (state.user !== undefined) throw new Refusal(502, "you have logged in already");
  if (state.isCompressed) throw new Refusal(502, "log in before COMPRESS");
  // A password may begin and end with spaces.
  const [, verb = "", rest = ""] = /^[ \t]*([A-Za-z]+)(?:[ \t](.*))?$/s.exec(
    argument.validate(singleLine),
  ) ?? [];
  const keyword = verb.toUpperCase();
  if (keyword === "SASL") return await sasl(state, rest);
  if (keyword !== "USER" && keyword !== "PASS") {
    throw new Refusal(501, "AUTHINFO USER, PASS or SASL");
  }
  if (!state.isConfidential) throw new Refusal(483, "passwords in clear text require TLS");
  if (rest === "") throw new Refusal(501, `AUTHINFO ${keyword} takes one argument`);
  if (keyword === "USER") {
    state.claimed = rest.replace(/^[ \t]+|[ \t]+$/g, "");
    return await state.reply(381, "send AUTHINFO PASS");
  }
  const name = state.claimed;
  state.claimed = undefined;
  if (name === undefined) throw new Refusal(482, "send AUTHINFO USER first");
  const { saslServer } = await import("../../sasl/mod.ts");
  const message = new TextEncoder().encode(`\0${name}\0${rest}`);
  const step = await saslServer("PLAIN", users).step(message);
  return "identity" in step ? await welcome(state, step.identity.user) : await refuse(state, name);
}

async function sasl(state: NntpServerSession, argument: string): Promise<"quit" | void> {
  const { options: { users }, session } = state;
  const { authenticateSession } = await import("../../sasl/internal.ts");
  const outcome = await authenticateSession(session, argument.replace(/^[ \t]+|[ \t]+$/g, ""), {
    users: users!,
    offered: await mechanismsFor(state),
    challenge: 383,
    empty: "=",
  });
  if ("user" in outcome) return await welcome(state, outcome.user);
  if (outcome.failure === "failed") return await refuse(state, outcome.name ?? "");
  const [code, text] = MALFORMED[outcome.failure];
  await state.reply(code, text);
}

async function welcome(state: NntpServerSession, user: string): Promise<void> {
  state.user = user;
  await state.reply(281, "you have logged in");
}

async function refuse(state: NntpServerSession, name: string): Promise<"quit" | void> {
  const { onRefused, maxFailures = 3 } = state.options;
  onRefused?.(escapeControls(name, { maxLength: 200 }));
  await state.reply(481, "login failed");
  return ++state.failures >= maxFailures ? "quit" : undefined;
}

/** STARTTLS. */
export async function startTls(state: NntpServerSession, argument: Tainted<string>): Promise<void> {
  const { options: { tls }, session } = state;
  if (wordsOf(argument).length > 0) throw new Refusal(501, "STARTTLS takes no argument");
  if (state.isSecure || state.user !== undefined || state.isCompressed) {
    throw new Refusal(502, "too late for STARTTLS");
  }
  if (tls === undefined) throw new Refusal(580, "this server has no certificate");
  await state.reply(382, "begin TLS negotiation");
  await session.upgrade(tls);
  state.isSecure = true;
  state.reset();
}

/** COMPRESS. */
export async function compress(state: NntpServerSession, argument: Tainted<string>): Promise<void> {
  const [algorithm, ...rest] = wordsOf(argument);
  if (algorithm === undefined || rest.length > 0) {
    throw new Refusal(501, "COMPRESS takes an algorithm");
  }
  if (state.isCompressed) throw new Refusal(502, "the dialogue is compressed already");
  if (algorithm.toUpperCase() !== "DEFLATE") throw new Refusal(503, "only DEFLATE is known");
  await state.reply(206, "compression begins");
  await state.session.compress();
  state.isCompressed = true;
}
