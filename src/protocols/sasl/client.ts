/**
 * The client's side of every mechanism.
 *
 * @module
 */

import { createHmac } from "node:crypto";
import { escapeControls, InjectionError, ProtocolError, UnsupportedError } from "../../net/mod.ts";
import type { Secret } from "../wire/mod.ts";
import type { SaslClient, SaslCredentials, SaslMechanism } from "./mechanism.ts";
import { PLAINTEXT_MECHANISMS, SASL_MECHANISMS } from "./mechanism.ts";
import { saslPrep } from "./saslprep.ts";
import { escapeName } from "./scram.ts";
import { ScramClient } from "./scram_client.ts";

const CONTEXT = { operation: "authenticate" };
const encoder = new TextEncoder();

/**
 * Begins an attempt.
 *
 * @param mechanism Which.
 * @param credentials The client's credentials; a mechanism takes the parts that it needs.
 * @returns The client's side.
 * @throws {TypeError} If the mechanism needs credentials that are missing.
 * @throws {InjectionError} If they hold characters that the mechanism cannot carry, such as NUL in `PLAIN`.
 *
 * @example The one message of `PLAIN`
 * ```ts
 * import { saslClient } from "@netwright/netwright/sasl";
 * import { Secret } from "@netwright/netwright/wire";
 * const client = saslClient("PLAIN", { user: "tim", password: new Secret("tanstaaftanstaaf") });
 * const message = new TextDecoder().decode(await client.respond(new Uint8Array(0)));
 * if (message !== "\0tim\0tanstaaftanstaaf") throw new Error(message);
 * ```
 */
export function saslClient(mechanism: SaslMechanism, credentials: SaslCredentials): SaslClient {
  const { user, authorizationId = "" } = credentials;
  for (const name of [user, authorizationId]) refuse(name, /\0/, "NUL");
  switch (mechanism) {
    case "PLAIN": {
      const password = passwordOf(credentials);
      return sequence(mechanism, true, [
        () => `${authorizationId}\0${saslPrep(user)}\0${password}`,
      ]);
    }
    case "LOGIN": {
      const password = passwordOf(credentials);
      return sequence(mechanism, false, [() => user, () => password]);
    }
    case "CRAM-MD5": {
      const password = passwordOf(credentials);
      return sequence(mechanism, false, [
        (challenge) => `${user} ${createHmac("md5", password).update(challenge).digest("hex")}`,
      ]);
    }
    case "EXTERNAL":
      return sequence(mechanism, true, [() => authorizationId]);
    case "ANONYMOUS":
      return sequence(mechanism, true, [() => user]);
    case "XOAUTH2": {
      refuse(user, /\x01/, "^A");
      const message = `user=${user}\x01auth=Bearer ${tokenOf(credentials)}\x01\x01`;
      // The next challenge is an error in JSON; an empty answer lets the server end the attempt.
      return sequence(mechanism, true, [() => message, () => ""]);
    }
    case "OAUTHBEARER":
      return sequence(mechanism, true, [() => bearerMessage(credentials), () => "\x01"]);
    case "SCRAM-SHA-1":
    case "SCRAM-SHA-256":
      return new ScramClient(mechanism, credentials, passwordOf(credentials));
  }
}

/** The criteria of {@link chooseMechanism}. */
export interface MechanismChoice {
  /** The mechanisms that the server offers, in its spelling. */
  readonly offered: readonly string[];
  /** The client's credentials. */
  readonly credentials: SaslCredentials;
  /** Whether the connection is confidential: inside TLS, or on this host. */
  readonly secure: boolean;
  /** The mechanism that the user asked for. */
  readonly requested?: string | undefined;
}

/**
 * Picks the best mechanism that both sides know. Mechanisms that send a secret in clear text are
 * not picked unless the connection is confidential.
 *
 * @param choice What there is.
 * @returns The mechanism.
 * @throws {UnsupportedError} If there is none; the message says why.
 *
 * @example Rather not in plain text
 * ```ts
 * import { chooseMechanism } from "@netwright/netwright/sasl";
 * import { Secret } from "@netwright/netwright/wire";
 * const credentials = { user: "ann", password: new Secret("sesame") };
 * const offered = ["PLAIN", "CRAM-MD5"];
 * const mechanism = chooseMechanism({ offered, credentials, secure: false });
 * if (mechanism !== "CRAM-MD5") throw new Error(mechanism);
 * ```
 */
export function chooseMechanism(choice: MechanismChoice): SaslMechanism {
  const { credentials, secure, requested } = choice;
  const offered = new Set(choice.offered.map((name) => name.toUpperCase()));
  const usable = SASL_MECHANISMS.filter((name) =>
    requested === undefined ? isImplied(name, credentials) : name === requested.toUpperCase()
  );
  const both = usable.filter((name) => offered.has(name));
  const picked = both.find((name) => secure || !PLAINTEXT_MECHANISMS.includes(name));
  if (picked !== undefined) {
    const proof = proofOf(picked);
    if (proof === undefined || credentials[proof] !== undefined) return picked;
    throw new UnsupportedError(`${picked} requires a ${proof}`, CONTEXT);
  }
  if (both.length > 0) {
    throw new UnsupportedError(`${both.join(" and ")} would send the secret in clear text`, {
      ...CONTEXT,
      hint: "use TLS",
    });
  }
  const list = escapeControls([...offered].join(" "), { maxLength: 200 }) || "no mechanism";
  throw new UnsupportedError(`the server offers ${list}; none of it can be used`, CONTEXT);
}

/** The kind of secret that a mechanism uses. */
function proofOf(name: SaslMechanism): "token" | "password" | undefined {
  if (name === "EXTERNAL" || name === "ANONYMOUS") return undefined;
  return name === "XOAUTH2" || name === "OAUTHBEARER" ? "token" : "password";
}

/** Whether credentials by themselves ask for a mechanism; the others must be wanted by name. */
function isImplied(name: SaslMechanism, { password, token }: SaslCredentials): boolean {
  const proof = proofOf(name);
  if (proof === undefined) return false;
  return proof === "token" ? token !== undefined : password !== undefined && token === undefined;
}

/** A mechanism whose messages follow each other without any proof of the server. */
function sequence(
  mechanism: SaslMechanism,
  clientFirst: boolean,
  messages: readonly ((challenge: Uint8Array) => string)[],
): SaslClient {
  let next = 0;
  return {
    mechanism,
    clientFirst,
    respond(challenge): Promise<Uint8Array> {
      const message = messages[next++];
      return message === undefined
        ? Promise.reject(new ProtocolError(`${mechanism} has no more messages`, CONTEXT))
        : Promise.resolve(encoder.encode(message(challenge)));
    },
    finish(): void {},
  };
}

function bearerMessage(credentials: SaslCredentials): string {
  const { user, host, port } = credentials;
  refuse(`${user}${host ?? ""}`, /\x01/, "^A");
  const server = (host === undefined ? "" : `host=${host}\x01`) +
    (port === undefined ? "" : `port=${port}\x01`);
  return `n,a=${escapeName(user)},\x01${server}auth=Bearer ${tokenOf(credentials)}\x01\x01`;
}

function passwordOf({ password }: SaslCredentials): string {
  return revealed(password, "a password");
}

function tokenOf({ token }: SaslCredentials): string {
  const text = revealed(token, "a token");
  refuse(text, /[\x00-\x20\x7f]/, "a space or a control character");
  return text;
}

function revealed(secret: Secret | undefined, what: string): string {
  if (secret === undefined) throw new TypeError(`the mechanism needs ${what}`);
  const text = secret.reveal();
  refuse(text, /\0/, "NUL");
  return text;
}

function refuse(text: string, what: RegExp, name: string): void {
  if (what.test(text)) throw new InjectionError(`the credentials hold ${name}`, CONTEXT);
}
