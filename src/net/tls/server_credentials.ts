/**
 * Validation of a server's certificate and private key before it listens.
 *
 * @module
 */

import { UnsupportedError, UsageError } from "../core/errors.ts";
import { isRuntimeAtLeast, type RuntimeVersion } from "../core/runtime_version.ts";

/** Certificate chain and private key of a server. */
export interface ServerCredentials {
  /** Certificate chain (PEM), the server's own certificate first. */
  readonly cert: string;
  /** Private key of the first certificate (PEM), not encrypted. */
  readonly key: string;
}

/** First release of the runtime whose server side of TLS completes a handshake. */
const FIRST_WITH_SERVER_TLS: RuntimeVersion = [2, 7, 14];

/**
 * Validates the credentials of a TLS server: both parse, and the key belongs to the first certificate.
 *
 * @param credentials Certificate chain and key.
 * @param now Current time in milliseconds since 1970.
 * @returns Warnings, one line each: a certificate that has expired or is not valid yet.
 * @throws {UsageError} If the certificate or the key cannot be read, or they do not belong together.
 * @throws {UnsupportedError} If this runtime cannot be a TLS server.
 *
 * @example Refuse a certificate that is none
 * ```ts
 * import { checkServerCredentials } from "./server_credentials.ts";
 * let refused = false;
 * try {
 *   checkServerCredentials({ cert: "not a certificate", key: "not a key" });
 * } catch {
 *   refused = true;
 * }
 * if (!refused) throw new Error("accepted");
 * ```
 */
export function checkServerCredentials(
  { cert, key }: ServerCredentials,
  now: number = Date.now(),
): string[] {
  requireServerTls();
  const { X509Certificate, createPrivateKey, createPublicKey } = nodeCrypto();
  const certificate = parse(() => new X509Certificate(firstCertificate(cert)), "certificate");
  const privateKey = parse(() => createPrivateKey(key), "private key");
  const spki = { type: "spki", format: "pem" } as const;
  if (certificate.publicKey.export(spki) !== createPublicKey(privateKey).export(spki)) {
    throw new UsageError("the private key does not belong to the certificate");
  }
  if (now > Date.parse(certificate.validTo)) {
    return [`the certificate expired on ${dayOf(certificate.validTo)}`];
  }
  if (now < Date.parse(certificate.validFrom)) {
    return [`the certificate is not valid before ${dayOf(certificate.validFrom)}`];
  }
  return [];
}

/**
 * Refuses runtimes on which the server side of TLS never completes a handshake.
 *
 * @param version Version of the runtime.
 * @throws {UnsupportedError} If it is too old.
 */
export function requireServerTls(version: string = Deno.version.deno): void {
  if (isRuntimeAtLeast(FIRST_WITH_SERVER_TLS, version)) return;
  throw new UnsupportedError(`this build cannot serve TLS: its runtime is Deno ${version}`, {
    operation: "serve TLS",
    hint: `use Deno ${FIRST_WITH_SERVER_TLS.join(".")} or later`,
  });
}

/** The first certificate of a chain; text before it, as `openssl x509 -text` writes, is skipped. */
function firstCertificate(pem: string): string {
  const begin = pem.indexOf("-----BEGIN CERTIFICATE-----");
  return begin < 0 ? pem : pem.slice(begin);
}

/** Loads `node:crypto` at the first use: importing it at the top would cost every command 20 ms. */
function nodeCrypto(): typeof import("node:crypto") {
  const { process } = globalThis as unknown as {
    process: { getBuiltinModule(name: string): typeof import("node:crypto") };
  };
  return process.getBuiltinModule("node:crypto");
}

function parse<T>(read: () => T, name: string): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`the ${name} is not valid PEM, or of an unknown kind`, { cause: error });
  }
}

function dayOf(date: string): string {
  return new Date(date).toISOString().slice(0, 10);
}
