/**
 * SCRAM (RFC 5802, RFC 7677): the arithmetic that both roles share, and its messages.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash, createHmac, pbkdf2 } from "node:crypto";
import { timingSafeEqual } from "../../net/internal.ts";
import { encodeBase64 } from "./base64.ts";

/** The hash of a mechanism. */
export type ScramHash = "sha1" | "sha256";

/** The keys that a server stores for a password, and those that its owner derives from it. */
export interface ScramKeys {
  readonly clientKey: Uint8Array;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

/** Derives the keys of a password (RFC 5802 §3); it takes a while, on purpose, and does not block. */
export async function scramKeys(
  hash: ScramHash,
  password: string,
  salt: Uint8Array,
  iterations: number,
): Promise<ScramKeys> {
  const length = hash === "sha1" ? 20 : 32;
  const salted = await new Promise<Buffer>((resolve, reject) => {
    pbkdf2(
      password,
      salt,
      iterations,
      length,
      hash,
      (error, key) => error === null || error === undefined ? resolve(key) : reject(error),
    );
  });
  const clientKey = hmac(hash, salted, "Client Key");
  return {
    clientKey,
    storedKey: createHash(hash).update(clientKey).digest(),
    serverKey: hmac(hash, salted, "Server Key"),
  };
}

/** The keyed hash of a text. */
export function hmac(hash: ScramHash, key: Uint8Array, text: string): Buffer {
  return createHmac(hash, key).update(text).digest();
}

/** The client's proof: its key under the signature of the whole exchange. */
export function clientProof(hash: ScramHash, keys: ScramKeys, exchange: string): Buffer {
  return xor(keys.clientKey, hmac(hash, keys.storedKey, exchange));
}

/** Whether a proof belongs to the stored key. */
export function checkProof(
  hash: ScramHash,
  keys: Pick<ScramKeys, "storedKey">,
  exchange: string,
  proof: Uint8Array,
): boolean {
  const signature = hmac(hash, keys.storedKey, exchange);
  if (proof.length !== signature.length) return false;
  return timingSafeEqual(createHash(hash).update(xor(proof, signature)).digest(), keys.storedKey);
}

function xor(a: Uint8Array, b: Uint8Array): Buffer {
  return Buffer.from(a.map((byte, index) => byte ^ b[index]!));
}

/** The attributes of a message, in order: `r=…,s=…,i=…`; undefined if it is none. */
export function parseScram(message: string): [name: string, value: string][] | undefined {
  const parts = message.split(",").map((part): [string, string] => [part[0] ?? "", part.slice(2)]);
  const whole = message.split(",").every((part) => /^[A-Za-z]=/.test(part));
  return whole ? parts : undefined;
}

/** Writes a name so that it holds neither comma nor equals sign (RFC 5802 §5.1). */
export function escapeName(name: string): string {
  return name.replaceAll("=", "=3D").replaceAll(",", "=2C");
}

/** Reads a name that was escaped; undefined if it was not done rightly. */
export function unescapeName(name: string): string | undefined {
  if (/=(?!2C|3D)/.test(name)) return undefined;
  return name.replaceAll("=2C", ",").replaceAll("=3D", "=");
}

/** A nonce of printable characters without a comma. */
export function makeNonce(): string {
  return encodeBase64(crypto.getRandomValues(new Uint8Array(18)));
}
