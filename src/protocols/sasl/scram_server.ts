/**
 * The server's side of SCRAM (RFC 5802 §5).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { conclude, prepared } from "./identity.ts";
import type { SaslStep, SaslUsers } from "./mechanism.ts";
import {
  checkProof,
  hmac,
  makeNonce,
  parseScram,
  type ScramHash,
  type ScramKeys,
  scramKeys,
  unescapeName,
} from "./scram.ts";

const ITERATIONS = 4096;

/** Checks a proof of the password, and proves to know it too. */
export class ScramServer {
  readonly #mechanism: "SCRAM-SHA-1" | "SCRAM-SHA-256";
  readonly #hash: ScramHash;
  readonly #users: SaslUsers;
  readonly #salt: Uint8Array;
  readonly #nonce: string;
  #state: "first" | "final" | "proof sent" | "over" = "first";
  #header = "";
  #clientFirst = "";
  #serverFirst = "";
  #user = "";
  #authorizationId = "";
  #known = false;
  #keys: Pick<ScramKeys, "storedKey" | "serverKey"> | undefined;

  /**
   * Prepares for a client.
   * @param mechanism Which hash.
   * @param users Where passwords are looked up.
   * @param fixed For test vectors; random otherwise.
   */
  constructor(
    mechanism: "SCRAM-SHA-1" | "SCRAM-SHA-256",
    users: SaslUsers,
    fixed: { readonly salt?: Uint8Array; readonly nonce?: string } = {},
  ) {
    this.#mechanism = mechanism;
    this.#hash = mechanism === "SCRAM-SHA-1" ? "sha1" : "sha256";
    this.#users = users;
    this.#salt = fixed.salt ?? randomBytes(16);
    this.#nonce = fixed.nonce ?? makeNonce();
  }

  /** Takes the client's next message. */
  async step(message: string): Promise<SaslStep> {
    switch (this.#state) {
      case "first":
        this.#state = "over";
        return await this.#first(message);
      case "final":
        this.#state = "over";
        return this.#final(message);
      case "proof sent":
        this.#state = "over";
        return message === ""
          ? await conclude(this.#mechanism, this.#users, this.#user, this.#authorizationId)
          : { failure: "there is nothing to say after the proof" };
      case "over":
        return { failure: "the attempt is over" };
    }
  }

  async #first(message: string): Promise<SaslStep> {
    const [, header, binding, authorization, bare] =
      /^(([ny]|p=[A-Za-z0-9.-]+),(?:a=([^,]+))?,)(.*)$/s.exec(message) ?? [];
    if (header === undefined || binding!.startsWith("p")) {
      return { failure: "channel binding is not offered" };
    }
    const [n, r] = parseScram(bare!) ?? [];
    const user = n?.[0] === "n" ? unescapeName(n[1]) : undefined;
    const authorizationId = unescapeName(authorization ?? "");
    if (
      user === undefined || user === "" || authorizationId === undefined || r?.[0] !== "r" ||
      r[1] === ""
    ) {
      return { failure: "malformed SCRAM message" };
    }
    const { salt, iterations, keys } = await this.#secretOf(user);
    this.#keys = keys;
    [this.#header, this.#clientFirst] = [header, bare!];
    [this.#user, this.#authorizationId] = [user, authorizationId];
    this.#serverFirst = `r=${r[1]}${this.#nonce},s=${encodeBase64(salt)},i=${iterations}`;
    this.#state = "final";
    return { challenge: Buffer.from(this.#serverFirst) };
  }

  async #secretOf(user: string) {
    if (this.#hash === "sha256" && this.#users.scram !== undefined) {
      const { salt, iterations, ...keys } = await this.#users.scram(user);
      this.#known = true;
      return { salt, iterations, keys };
    }
    const password = await this.#users.password?.(user);
    this.#known = password !== undefined;
    // An unknown user gets a salt and a failure at the end, as one with a wrong password does.
    const secret = password ?? encodeBase64(randomBytes(16));
    const salt = this.#salt;
    const keys = await scramKeys(this.#hash, prepared(secret), salt, ITERATIONS);
    return { salt, iterations: ITERATIONS, keys };
  }

  #final(message: string): SaslStep {
    const at = message.lastIndexOf(",p=");
    const withoutProof = message.slice(0, Math.max(0, at));
    const proof = decodeBase64(message.slice(at + 3));
    const [c, r] = parseScram(withoutProof) ?? [];
    const nonce = parseScram(this.#serverFirst)![0]![1];
    const header = encodeBase64(Buffer.from(this.#header));
    if (
      at < 0 || proof === undefined || c?.[0] !== "c" || c[1] !== header || r?.[0] !== "r" ||
      r[1] !== nonce
    ) return { failure: "malformed SCRAM message" };
    const exchange = `${this.#clientFirst},${this.#serverFirst},${withoutProof}`;
    if (!checkProof(this.#hash, this.#keys!, exchange, proof) || !this.#known) {
      return { failure: "the credentials are wrong" };
    }
    this.#state = "proof sent";
    const signature = hmac(this.#hash, this.#keys!.serverKey, exchange);
    return { challenge: Buffer.from(`v=${encodeBase64(signature)}`) };
  }
}
