/**
 * Logins at servers and proxies: Basic (RFC 7617), Digest (RFC 7616), Bearer (RFC 6750).
 *
 * @module
 */

import type { Secret } from "../../wire/mod.ts";
import { parseChallenges } from "../codec/challenges.ts";
import type { HttpHeaders } from "../codec/headers.ts";
import type { DigestSession } from "./digest.ts";

/** Who logs in, and how. */
export interface HttpCredentials {
  /** The user's name; none with a token. */
  readonly user?: string | undefined;
  /** The password. */
  readonly password?: Secret | undefined;
  /** A token (RFC 6750). It is sent at once. */
  readonly token?: Secret | undefined;
  /** The scheme: the best that the server asks for, or this one. Basic and Bearer are sent at once then. @default {"any"} */
  readonly scheme?: "any" | "basic" | "digest" | undefined;
}

/** The part of a request that a login depends on. */
export interface AuthorizedRequest {
  /** The method. */
  readonly method: string;
  /** What the request line asks for. */
  readonly target: string;
  /** The body, if it is in memory. */
  readonly body?: Uint8Array | undefined;
}

/** Logs in at one server or proxy. */
export class Authenticator {
  readonly #credentials: HttpCredentials;
  readonly #challengeField: string;
  readonly #infoField: string;
  #scheme: "none" | "basic" | "digest" = "none";
  #digest: DigestSession | undefined;

  /**
   * Keeps the credentials.
   * @param credentials Who logs in.
   * @param at Whether it is a server or a proxy that asks.
   */
  constructor(credentials: HttpCredentials, at: "server" | "proxy" = "server") {
    this.#credentials = credentials;
    this.#challengeField = at === "server" ? "www-authenticate" : "proxy-authenticate";
    this.#infoField = at === "server" ? "authentication-info" : "proxy-authentication-info";
    if (credentials.scheme === "basic") this.#scheme = "basic";
  }

  /** Whether the next request is authorized in a way that shows the password to anybody who listens. */
  get isReadable(): boolean {
    return this.#credentials.token !== undefined || this.#scheme === "basic";
  }

  /**
   * Gives the value of `Authorization` for a request.
   * @param request The request.
   * @returns The value; undefined as long as the server has not asked.
   */
  authorize(request: AuthorizedRequest): string | undefined {
    const { user = "", password, token } = this.#credentials;
    if (token !== undefined) return `Bearer ${token.reveal()}`;
    const secret = password?.reveal() ?? "";
    if (this.#scheme === "basic") {
      return `Basic ${new TextEncoder().encode(`${user}:${secret}`).toBase64()}`;
    }
    return this.#digest?.authorize(request, { user, password: secret });
  }

  /**
   * Takes a response: a challenge, or the next nonce.
   * @param headers Its fields.
   * @param isRefusal Whether it asks for a login (401, 407).
   * @param wasSent Whether the request was authorized.
   * @param hasBody Whether the body is in memory, for servers that want it protected.
   * @returns Whether the same request, authorized, may be accepted.
   */
  async learn(
    headers: HttpHeaders,
    isRefusal: boolean,
    wasSent: boolean,
    hasBody: boolean,
  ): Promise<boolean> {
    if (!isRefusal) {
      const next = /(?:^|[\s,])nextnonce\s*=\s*"([^"\\]*)"/i.exec(
        headers.get(this.#infoField) ?? "",
      );
      if (next !== null) this.#digest?.continueWith(next[1]!);
      return false;
    }
    const { token, scheme = "any" } = this.#credentials;
    if (token !== undefined) return false;
    const challenges = parseChallenges(headers.all(this.#challengeField));
    if (scheme !== "basic") {
      const { DigestSession } = await import("./digest.ts");
      const session = DigestSession.choose(challenges);
      if (session !== undefined && (!session.needsBody || hasBody)) {
        const isStale = challenges.some(({ scheme, parameters }) =>
          scheme === "digest" && parameters.get("stale")?.toLowerCase() === "true"
        );
        // A second refusal is final, unless only the nonce was too old.
        const isFinal = wasSent && this.#scheme === "digest" && !isStale;
        [this.#digest, this.#scheme] = [session, "digest"];
        return !isFinal;
      }
    }
    if (scheme === "digest" || !challenges.some(({ scheme }) => scheme === "basic")) return false;
    const isFinal = wasSent && this.#scheme === "basic";
    this.#scheme = "basic";
    return !isFinal;
  }
}
