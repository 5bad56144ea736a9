/**
 * How a client logs in (RFC 9051 §6.2.2, §6.2.3, RFC 4959).
 *
 * @module
 */

import { ProtocolError, UnsupportedError } from "../../../net/mod.ts";
import type { SaslCredentials } from "../../sasl/mod.ts";
import { keepsSecrets } from "../../wire/internal.ts";
import { Secret } from "../../wire/mod.ts";
import { type CommandPiece, quoted } from "../codec/command_piece.ts";
import type { StatusResponse } from "../codec/response.ts";
import type { ImapSessionOptions } from "./client_options.ts";
import type { ImapConnection } from "./connection.ts";

/** Names the command LOGIN where a mechanism is asked for; `LOGIN` is the SASL mechanism. */
const LOGIN_COMMAND = "LOGIN-COMMAND";

/** A session before the login. */
export interface LoginSession {
  /** Carries the commands. */
  readonly connection: ImapConnection;
  /** How it connected. */
  readonly options: ImapSessionOptions;
  /** The capabilities of the server, in upper case. */
  readonly capabilities: ReadonlySet<string>;
}

/**
 * Logs in, by the best way that both sides know.
 *
 * @param session The session.
 * @param credentials Who logs in.
 * @returns The completion of the command.
 * @throws {UnsupportedError} If no mechanism can be used, also because a password would go over the network in clear text.
 * @throws {ReplyError} If the server refuses.
 */
export async function logIn(
  session: LoginSession,
  credentials: SaslCredentials,
): Promise<StatusResponse> {
  const { capabilities, connection, options: { mechanism, insecureAuth, endpoint } } = session;
  const isSafe = keepsSecrets(connection.connection) || insecureAuth === true;
  const requested = mechanism?.toUpperCase();
  const mayUseCommand = !capabilities.has("LOGINDISABLED") && credentials.password !== undefined;
  if (requested === LOGIN_COMMAND) return await login(session, credentials, isSafe);
  const offered = [...capabilities].filter((name) => name.startsWith("AUTH="))
    .map((name) => name.slice(5));
  // Loaded only for logins: it is slow to load.
  const { chooseMechanism } = await import("../../sasl/mod.ts");
  let chosen;
  try {
    chosen = chooseMechanism({ offered, credentials, secure: isSafe, requested });
  } catch (error) {
    const canFallBack = requested === undefined && error instanceof UnsupportedError;
    if (!canFallBack || !mayUseCommand) throw error;
    return await login(session, credentials, isSafe, error);
  }
  const { authenticate } = await import("../../sasl/internal.ts");
  const server = "hostname" in endpoint ? { host: endpoint.hostname, port: endpoint.port } : {};
  const attempt = new Attempt(session, chosen);
  await authenticate(chosen, { ...server, ...credentials }, attempt, connection.peer);
  return attempt.completion!;
}

/** One attempt by AUTHENTICATE. */
class Attempt {
  /** The completion of the command, once the client is logged in. */
  completion: StatusResponse | undefined;
  readonly #session: LoginSession;
  readonly #mechanism: string;
  /** The next challenge. */
  #challenge = Promise.withResolvers<string>();
  /** The response to the challenge that is here. */
  #response = Promise.withResolvers<Secret | string>();
  /** Whether a challenge is here that has no response. */
  #isAsked = false;
  /** Resolves when the command is complete. */
  #completed: Promise<undefined> | undefined;

  constructor(session: LoginSession, mechanism: string) {
    this.#session = session;
    this.#mechanism = mechanism;
  }

  async begin(initial: Secret | undefined): Promise<string | undefined> {
    const { capabilities, connection } = this.#session;
    const isInitial = initial !== undefined &&
      (capabilities.has("SASL-IR") || capabilities.has("IMAP4REV2"));
    this.#completed = connection.execute({
      verb: "AUTHENTICATE",
      pieces: isInitial ? [`${this.#mechanism} `, initial] : [this.#mechanism],
      alone: true,
      onContinue: async (text) => {
        if (this.#isAsked) {
          throw new ProtocolError("the server sends a challenge before the response", {
            operation: "log in",
            peer: connection.peer,
          });
        }
        this.#isAsked = true;
        this.#challenge.resolve(text);
        return await this.#response.promise;
      },
    }).then((completion) => {
      this.completion = completion;
      return undefined;
    });
    const challenge = await this.#next();
    if (challenge === undefined || isInitial || initial === undefined) return challenge;
    // The server asks for the initial response, which it cannot take with the command.
    return await this.respond(initial.reveal() === "=" ? new Secret("") : initial);
  }

  async respond(response: Secret | string): Promise<string | undefined> {
    const { resolve } = this.#response;
    // Before it is sent: the next challenge may come at once.
    this.#isAsked = false;
    this.#challenge = Promise.withResolvers();
    this.#response = Promise.withResolvers();
    resolve(response);
    return await this.#next();
  }

  async cancel(): Promise<void> {
    // The server completes the command with BAD.
    await this.respond("*").catch(() => {});
  }

  #next(): Promise<string | undefined> {
    return Promise.race([this.#challenge.promise, this.#completed!]);
  }
}

async function login(
  session: LoginSession,
  { user, password }: SaslCredentials,
  isSafe: boolean,
  cause?: unknown,
): Promise<StatusResponse> {
  const context = { operation: "log in", peer: session.connection.peer };
  if (session.capabilities.has("LOGINDISABLED")) {
    throw new UnsupportedError("the server does not take passwords here", {
      ...context,
      hint: "use TLS",
    });
  }
  if (password === undefined) throw new UnsupportedError("LOGIN requires a password", context);
  if (!isSafe) {
    throw new UnsupportedError("the password would be sent in clear text", {
      ...context,
      hint: "use TLS",
      ...(cause !== undefined && { cause }),
    });
  }
  return await session.connection.execute({
    verb: "LOGIN",
    pieces: [quoted(user), " ", secret(quoted(password.reveal()))],
    alone: true,
  });
}

/** Hides a string from transcripts. */
function secret(piece: CommandPiece): CommandPiece {
  if (typeof piece === "string") return new Secret(piece);
  return piece instanceof Secret ? piece : { ...piece, isSecret: true };
}
