/**
 * Digest authentication (RFC 7616), also as RFC 2069 and RFC 2617 had it.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { type Challenge, quoteParameter } from "../codec/challenges.ts";

/** The algorithms, the best first. */
const ALGORITHMS: readonly (readonly [name: string, hash: string])[] = [
  ["SHA-512-256", "sha512-256"],
  ["SHA-256", "sha256"],
  ["MD5", "md5"],
];

/** A request that is to be authorized. */
export interface DigestRequest {
  /** The method. */
  readonly method: string;
  /** The target, as the request line has it. */
  readonly target: string;
  /** The body's bytes, for servers that want them to be protected too; undefined if they are not known. */
  readonly body?: Uint8Array | undefined;
}

/** Whose request it is. */
export interface DigestUser {
  /** The user's name. */
  readonly user: string;
  /** The password. */
  readonly password: string;
}

/** The answers to one challenge. */
export class DigestSession {
  readonly #parameters: ReadonlyMap<string, string>;
  readonly #algorithm: string;
  readonly #hash: (data: string | Uint8Array) => string;
  #nonce: string;
  #count = 0;

  private constructor(challenge: Challenge, name: string, hash: string) {
    this.#parameters = challenge.parameters;
    this.#algorithm = name;
    this.#hash = (data) => createHash(hash).update(data).digest("hex");
    this.#nonce = challenge.parameters.get("nonce") ?? "";
  }

  /**
   * Chooses the best of several challenges.
   * @param challenges The challenges of a response.
   * @returns The answers to it; undefined if none is of a known algorithm.
   */
  static choose(challenges: readonly Challenge[]): DigestSession | undefined {
    const known = challenges.filter(({ scheme, parameters }) =>
      scheme === "digest" && parameters.has("nonce")
    );
    for (const [name, hash] of ALGORITHMS) {
      for (const challenge of known) {
        const given = challenge.parameters.get("algorithm") ?? "MD5";
        if (given.toUpperCase().replace(/-SESS$/, "") !== name) continue;
        if (qopOf(challenge.parameters) === null) continue;
        return new DigestSession(challenge, given, hash);
      }
    }
    return undefined;
  }

  /** Whether only an answer that protects the body is accepted: then its bytes must be known. */
  get needsBody(): boolean {
    return qopOf(this.#parameters) === "auth-int";
  }

  /**
   * Makes the value of the field `Authorization`.
   * @param request The request.
   * @param user The user.
   * @param cnonce A number used once. @default {random}
   * @returns The value.
   */
  authorize(
    { method, target, body }: DigestRequest,
    { user, password }: DigestUser,
    cnonce: string = crypto.randomUUID().replaceAll("-", ""),
  ): string {
    const realm = this.#parameters.get("realm") ?? "";
    const opaque = this.#parameters.get("opaque");
    const hash = this.#hash;
    const qop = qopOf(this.#parameters);
    const isSession = /-sess$/i.test(this.#algorithm);
    let secret = hash(utf8(`${user}:${realm}:${password}`));
    if (isSession) secret = hash(`${secret}:${this.#nonce}:${cnonce}`);
    const subject = hash(
      utf8(
        `${method}:${target}` +
          (qop === "auth-int" ? `:${hash(body ?? new Uint8Array(0))}` : ""),
      ),
    );
    const nc = (++this.#count).toString(16).padStart(8, "0");
    const proof = qop === undefined
      ? hash(`${secret}:${this.#nonce}:${subject}`)
      : hash(`${secret}:${this.#nonce}:${nc}:${cnonce}:${qop}:${subject}`);
    const isHashed = this.#parameters.get("userhash")?.toLowerCase() === "true";
    const name = isHashed
      ? `username=${quoteParameter(hash(utf8(`${user}:${realm}`)))}`
      : isAscii(user)
      ? `username=${quoteParameter(user)}`
      : `username*=UTF-8''${encodeExtended(user)}`;
    const parts = [
      name,
      `realm=${quoteParameter(realm)}`,
      `nonce=${quoteParameter(this.#nonce)}`,
      `uri=${quoteParameter(target)}`,
      `response="${proof}"`,
    ];
    if (this.#parameters.has("algorithm")) parts.push(`algorithm=${this.#algorithm}`);
    if (opaque !== undefined) parts.push(`opaque=${quoteParameter(opaque)}`);
    if (qop !== undefined) parts.push(`qop=${qop}`, `nc=${nc}`);
    if (qop !== undefined || isSession) parts.push(`cnonce=${quoteParameter(cnonce)}`);
    if (isHashed) parts.push("userhash=true");
    return `Digest ${parts.join(", ")}`;
  }

  /**
   * Takes the next nonce from the field `Authentication-Info`.
   * @param nonce The value of `nextnonce`.
   */
  continueWith(nonce: string): void {
    this.#nonce = nonce;
    this.#count = 0;
  }
}

/** The quality of protection: undefined for RFC 2069, null if none is known. */
function qopOf(parameters: ReadonlyMap<string, string>): "auth" | "auth-int" | undefined | null {
  const offered = parameters.get("qop");
  if (offered === undefined) return undefined;
  const known = offered.toLowerCase().split(/[\s,]+/);
  return known.includes("auth") ? "auth" : known.includes("auth-int") ? "auth-int" : null;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

/** RFC 8187 §3.2.1. */
function encodeExtended(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
