/**
 * The server's side of every mechanism.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash, createHmac, randomBytes } from "node:crypto";
import {
  PLAINTEXT_MECHANISMS,
  SASL_MECHANISMS,
  type SaslMechanism,
  type SaslServer,
  type SaslStep,
  type SaslUsers,
} from "./mechanism.ts";
import { timingSafeEqual } from "../../net/internal.ts";
import { conclude, prepared } from "./identity.ts";
import { unescapeName } from "./scram.ts";
import { ScramServer } from "./scram_server.ts";

/** Longest message of a client that is looked at, in bytes. */
const MAX_MESSAGE_BYTES = 16_384;

/**
 * Lists the mechanisms that a server can offer.
 *
 * @param users The users.
 * @param secure Whether the connection is confidential; mechanisms with clear-text secrets are left out otherwise.
 * @returns Their names.
 *
 * @example A server that keeps passwords
 * ```ts
 * import { offeredMechanisms } from "@netwright/netwright/sasl";
 * const users = { password: (user: string) => Promise.resolve(user === "ann" ? "sesame" : undefined) };
 * const names = offeredMechanisms(users, false).join(" ");
 * if (names !== "SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5") throw new Error(names);
 * ```
 */
export function offeredMechanisms(users: SaslUsers, secure: boolean): SaslMechanism[] {
  return SASL_MECHANISMS.filter((name) =>
    canOffer(name, users) && (secure || !PLAINTEXT_MECHANISMS.includes(name))
  );
}

function canOffer(name: SaslMechanism, users: SaslUsers): boolean {
  switch (name) {
    case "EXTERNAL":
      return users.external?.() !== undefined;
    case "OAUTHBEARER":
    case "XOAUTH2":
      return users.checkToken !== undefined;
    case "PLAIN":
    case "LOGIN":
      return users.checkPassword !== undefined || users.password !== undefined;
    case "ANONYMOUS":
      return users.anonymous === true;
    case "SCRAM-SHA-256":
      return users.password !== undefined || users.scram !== undefined;
    default:
      return users.password !== undefined;
  }
}

/**
 * Begins an attempt of a client.
 *
 * @param mechanism Which; the caller has checked that it is offered.
 * @param users The users.
 * @returns The server's side. A client that fails gets no reason, and its messages do not reveal whether a user
 * exists.
 *
 * @example Take `PLAIN`
 * ```ts
 * import { saslServer } from "@netwright/netwright/sasl";
 * const users = { checkPassword: (_: string, password: string) => Promise.resolve(password === "sesame") };
 * const step = await saslServer("PLAIN", users).step(new TextEncoder().encode("\0ann\0sesame"));
 * if (!("identity" in step) || step.identity.user !== "ann") throw new Error("refused");
 * ```
 */
export function saslServer(mechanism: SaslMechanism, users: SaslUsers): SaslServer {
  const next = conversationOf(mechanism, users);
  return {
    mechanism,
    clientFirst: mechanism !== "LOGIN" && mechanism !== "CRAM-MD5",
    async step(message): Promise<SaslStep> {
      if (message.length > MAX_MESSAGE_BYTES) return { failure: "the message is too long" };
      let text: string;
      try {
        text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(message);
      } catch {
        return { failure: "the message is not UTF-8" };
      }
      return await next(text);
    },
  };
}

/** An attempt as a function that takes each message and gives the step. */
function conversationOf(
  mechanism: SaslMechanism,
  users: SaslUsers,
): (text: string) => Promise<SaslStep> {
  if (mechanism === "SCRAM-SHA-1" || mechanism === "SCRAM-SHA-256") {
    const scram = new ScramServer(mechanism, users);
    return (text) => scram.step(text);
  }
  const steps = converse(mechanism, users);
  // A generator takes its first message at its first `yield`, which it must have reached.
  const ready = steps.next("");
  return async (text) => {
    await ready;
    return (await steps.next(text)).value ?? { failure: "the attempt is over" };
  };
}

/** Each `yield` gives a step and takes the next message; the first one takes the first message. */
async function* converse(
  mechanism: Exclude<SaslMechanism, "SCRAM-SHA-1" | "SCRAM-SHA-256">,
  users: SaslUsers,
): AsyncGenerator<SaslStep, SaslStep | undefined, string> {
  const first = yield { failure: "" };
  switch (mechanism) {
    case "PLAIN": {
      const [authorizationId, user, password, more] = first.split("\0");
      if (user === undefined || password === undefined || more !== undefined || user === "") {
        return { failure: "malformed PLAIN message" };
      }
      const known = await checkPassword(users, user, password);
      return await conclude(mechanism, users, known ? user : undefined, authorizationId);
    }
    case "LOGIN": {
      const user = yield { challenge: Buffer.from("Username:") };
      const password = yield { challenge: Buffer.from("Password:") };
      const known = await checkPassword(users, user, password);
      return await conclude(mechanism, users, known ? user : undefined);
    }
    case "CRAM-MD5": {
      const challenge = `<${randomBytes(16).toString("hex")}.${Date.now()}@netwright>`;
      const answer = yield { challenge: Buffer.from(challenge) };
      const space = answer.lastIndexOf(" ");
      const user = answer.slice(0, Math.max(0, space));
      const password = await users.password?.(user);
      const digest = createHmac("md5", password ?? "").update(challenge).digest("hex");
      const same = sameText(digest, answer.slice(space + 1)) && password !== undefined;
      return await conclude(mechanism, users, same ? user : undefined);
    }
    case "EXTERNAL":
      return await conclude(mechanism, users, users.external?.(), first);
    case "ANONYMOUS":
      return await conclude(mechanism, users, users.anonymous === true ? "anonymous" : undefined);
    case "XOAUTH2": {
      const [, user, token] = /^user=([^\x01]+)\x01auth=Bearer ([^\x01]+)\x01\x01$/i.exec(first) ??
        [];
      const known = user !== undefined && await checkToken(users, user, token!);
      if (!known) yield { challenge: Buffer.from(`{"status":"401","schemes":"bearer"}`) };
      return await conclude(mechanism, users, known ? user : undefined);
    }
    case "OAUTHBEARER": {
      const [, name] = /^[ny],a=([^,]*),\x01/.exec(first) ?? [];
      const [, token] = /\x01auth=Bearer ([^\x01]+)\x01(?:[^\x01]+\x01)*\x01$/i.exec(first) ?? [];
      const user = name === undefined ? undefined : unescapeName(name);
      const known = user !== undefined && token !== undefined &&
        await checkToken(users, user, token);
      if (!known) yield { challenge: Buffer.from(`{"status":"invalid_token"}`) };
      return await conclude(mechanism, users, known ? user : undefined);
    }
  }
}

async function checkPassword(users: SaslUsers, user: string, password: string): Promise<boolean> {
  if (user === "" || password === "") return false;
  if (users.checkPassword !== undefined) return await users.checkPassword(user, password);
  const stored = await users.password?.(user);
  return sameText(prepared(stored ?? ""), prepared(password)) && stored !== undefined;
}

async function checkToken(users: SaslUsers, user: string, token: string): Promise<boolean> {
  return await users.checkToken?.(user, token) ?? false;
}

/** Compares texts of any length in a time that does not depend on the position of a difference. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
