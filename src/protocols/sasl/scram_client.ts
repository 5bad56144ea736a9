/**
 * The client's side of SCRAM (RFC 5802 §5).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { timingSafeEqual } from "../../net/internal.ts";
import { escapeControls, LimitError, ProtocolError } from "../../net/mod.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import type { SaslClient, SaslCredentials } from "./mechanism.ts";
import { saslPrep } from "./saslprep.ts";
import {
  clientProof,
  escapeName,
  hmac,
  makeNonce,
  parseScram,
  type ScramHash,
  scramKeys,
} from "./scram.ts";

const CONTEXT = { operation: "authenticate" };
/** RFC 7677 §4 asks for at least so many. */
const MIN_ITERATIONS = 4096;
/** More would keep this processor busy for seconds, on a server's word. */
const MAX_ITERATIONS = 2_000_000;

/** Proves the password without showing it, and has the server prove that it knows it too. */
export class ScramClient implements SaslClient {
  readonly mechanism: "SCRAM-SHA-1" | "SCRAM-SHA-256";
  readonly clientFirst = true;
  readonly #hash: ScramHash;
  readonly #password: string;
  readonly #header: string;
  readonly #bare: string;
  readonly #nonce: string;
  #state: "first" | "final" | "signature" | "proven" = "first";
  #signature: Uint8Array = new Uint8Array(0);

  /**
   * Prepares the attempt.
   * @param mechanism Which hash.
   * @param credentials The user.
   * @param password The password.
   * @param nonce For test vectors; random otherwise.
   */
  constructor(
    mechanism: "SCRAM-SHA-1" | "SCRAM-SHA-256",
    { user, authorizationId }: SaslCredentials,
    password: string,
    nonce: string = makeNonce(),
  ) {
    this.mechanism = mechanism;
    this.#hash = mechanism === "SCRAM-SHA-1" ? "sha1" : "sha256";
    this.#password = saslPrep(password);
    this.#nonce = nonce;
    // No channel binding: the runtime does not give a TLS session's keys away.
    this.#header = authorizationId === undefined ? "n,," : `n,a=${escapeName(authorizationId)},`;
    this.#bare = `n=${escapeName(saslPrep(user))},r=${nonce}`;
  }

  async respond(challenge: Uint8Array): Promise<Uint8Array> {
    const text = new TextDecoder().decode(challenge);
    switch (this.#state) {
      case "first":
        this.#state = "final";
        return Buffer.from(this.#header + this.#bare);
      case "final":
        return Buffer.from(await this.#prove(text));
      case "signature":
        this.#check(text);
        return new Uint8Array(0);
      case "proven":
        throw broken("it continues after its proof", text);
    }
  }

  finish(): void {
    if (this.#state !== "proven") throw broken("it has not proven that it knows the password", "");
  }

  async #prove(serverFirst: string): Promise<string> {
    const attributes = parseScram(serverFirst);
    const [r, s, i] = attributes ?? [];
    if (r?.[0] !== "r" || s?.[0] !== "s" || i?.[0] !== "i") {
      throw broken("it sent no salt", serverFirst);
    }
    const nonce = r[1];
    if (!nonce.startsWith(this.#nonce) || nonce.length === this.#nonce.length) {
      throw broken("its nonce does not go on from ours", serverFirst);
    }
    const salt = decodeBase64(s[1]);
    if (salt === undefined || salt.length === 0 || !/^[1-9]\d{0,9}$/.test(i[1])) {
      throw broken("it sent no salt", serverFirst);
    }
    const iterations = Number(i[1]);
    if (iterations < MIN_ITERATIONS) {
      throw broken(`it asks for only ${iterations} iterations`, serverFirst);
    }
    if (iterations > MAX_ITERATIONS) {
      throw new LimitError(`the server asks for more than ${MAX_ITERATIONS} iterations`, {
        ...CONTEXT,
        limit: MAX_ITERATIONS,
      });
    }
    const keys = await scramKeys(this.#hash, this.#password, salt, iterations);
    const withoutProof = `c=${encodeBase64(Buffer.from(this.#header))},r=${nonce}`;
    const exchange = `${this.#bare},${serverFirst},${withoutProof}`;
    this.#signature = hmac(this.#hash, keys.serverKey, exchange);
    this.#state = "signature";
    return `${withoutProof},p=${encodeBase64(clientProof(this.#hash, keys, exchange))}`;
  }

  #check(serverFinal: string): void {
    const [first] = parseScram(serverFinal) ?? [];
    if (first?.[0] === "e") {
      throw broken(`it refuses: ${escapeControls(first[1], { maxLength: 100 })}`, "");
    }
    const signature = first?.[0] === "v" ? decodeBase64(first[1]) : undefined;
    if (signature === undefined || !timingSafeEqual(signature, this.#signature)) {
      throw broken("its proof is wrong: it does not know the password", serverFinal);
    }
    this.#state = "proven";
  }
}

function broken(reason: string, received: string): ProtocolError {
  return new ProtocolError(`the server does not keep to SCRAM: ${reason}`, {
    ...CONTEXT,
    received: escapeControls(received, { maxLength: 200 }),
  });
}
