/**
 * The contents of a certificate, and the reasons for rejecting one, in words of our own.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { X509Certificate } from "node:crypto";
import { escapeControls } from "../core/escape_controls.ts";
import { CA_HINT, type TlsSession } from "./_secure_options.ts";

/** Extension 2.5.29.37, extended key usage, and the values that let a client use it (RFC 5280 §4.2.1.12). */
const EXTENDED_KEY_USAGE = Buffer.from([0x55, 0x1d, 0x25]);
const CLIENT_AUTH = Buffer.from([0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02]);
const ANY_USAGE = Buffer.from([0x55, 0x1d, 0x25, 0x00]);

/** Maximum number of names of a certificate that are reported. */
const MAX_NAMES = 20;
const SHORT = { maxLength: 300 };

/** Returns why a date is outside of a certificate's validity; undefined if it is inside. */
function outOfDate(from: string, to: string, now = Date.now()): string | undefined {
  if (now > Date.parse(to)) return `the certificate has expired on ${dayOf(to)}`;
  if (now < Date.parse(from)) return `the certificate is not valid before ${dayOf(from)}`;
  return undefined;
}

function dayOf(date: string): string {
  return new Date(date).toISOString().slice(0, 10);
}

/** The runtime's description of a server's certificate that it rejected. */
export interface RefusedCertificate {
  /** The runtime's code, such as `DEPTH_ZERO_SELF_SIGNED_CERT`. */
  readonly code: string;
  /** The name that it should bear. */
  readonly hostname: string;
  /** The certificate; absent if the peer sent none. */
  readonly raw: Uint8Array | undefined;
}

/** Says in one line why a server's certificate is not accepted, and what to try. */
export function explainRefusal(
  { code, hostname, raw }: RefusedCertificate,
): [reason: string, hint?: string] {
  if (raw === undefined) return ["the peer has no certificate"];
  const certificate = new X509Certificate(Buffer.from(raw));
  if (code === "DEPTH_ZERO_SELF_SIGNED_CERT" || isSelfSigned(certificate)) {
    return ["the certificate is self-signed", CA_HINT];
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return [`the certificate is not for ${hostname} but for ${namesOf(certificate)}`];
  }
  const late = outOfDate(certificate.validFrom, certificate.validTo);
  return late === undefined
    ? ["the certificate is signed by an authority that we do not know", CA_HINT]
    : [late];
}

/**
 * Returns the contents of a certificate.
 *
 * @param raw The certificate (DER).
 * @param refusal Why it is not accepted.
 * @returns The facts, clean to be shown.
 */
export function describeCertificate(
  raw: Uint8Array,
  refusal: string | undefined,
): TlsSession["certificate"] {
  const certificate = new X509Certificate(Buffer.from(raw));
  return {
    names: namesIn(certificate).slice(0, MAX_NAMES).map((name) => escapeControls(name, SHORT)),
    issuer: escapeControls((certificate.issuer ?? "").replaceAll("\n", ", "), SHORT),
    from: new Date(certificate.validFrom),
    until: new Date(certificate.validTo),
    sha256: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
    refusal,
  };
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey);
}

function namesOf(certificate: X509Certificate): string {
  return escapeControls(namesIn(certificate).slice(0, 5).join(", "), { maxLength: 300 }) ||
    "nobody";
}

function commonNamesIn(subject: string): string[] {
  return subject.split("\n").flatMap((line) => /^CN=(.+)$/.exec(line)?.[1] ?? []);
}

function namesIn(certificate: X509Certificate): string[] {
  const names = (certificate.subjectAltName ?? "").split(", ")
    .map((name) => name.replace(/^(DNS|IP Address):/, "")).filter((name) => name !== "");
  // Without alternative names its subject's is what there is.
  return names.length > 0 ? names : commonNamesIn(certificate.subject ?? "");
}

/**
 * Checks a client's certificate: signed by one of the authorities itself, valid today, meant for
 * clients. The runtime asks a client for its certificate but does not check it.
 *
 * @param raw The certificate (DER).
 * @param authorities Who may have signed it (PEM, one or more each).
 * @returns Why it is not accepted; undefined if it is.
 */
export function refuseClient(
  raw: Uint8Array | undefined,
  authorities: readonly string[],
): string | undefined {
  if (raw === undefined) return "the client has no certificate";
  const certificate = new X509Certificate(Buffer.from(raw));
  const issuer = authorities.flatMap(splitPem).map((pem) => new X509Certificate(pem))
    .find((ca) => ca.ca && certificate.checkIssued(ca) && certificate.verify(ca.publicKey));
  if (issuer === undefined) {
    return "the client's certificate is signed by none of the authorities for clients";
  }
  const late = outOfDate(certificate.validFrom, certificate.validTo) ??
    outOfDate(issuer.validFrom, issuer.validTo);
  if (late !== undefined) return late;
  const limited = certificate.raw.includes(EXTENDED_KEY_USAGE);
  if (!limited || certificate.raw.includes(CLIENT_AUTH) || certificate.raw.includes(ANY_USAGE)) {
    return undefined;
  }
  return "the client's certificate is not meant for clients";
}

function splitPem(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

/**
 * The common name of a certificate's subject; undefined if it has none, several, or one that is not a line of
 * text. Not taken from the subject as text, in which another field can hold a line such as `CN=root`.
 */
export function commonNameOf(raw: Uint8Array): string | undefined {
  const { subject } = new X509Certificate(Buffer.from(raw)).toLegacyObject();
  const name: unknown = subject?.CN;
  return typeof name === "string" && escapeControls(name) === name ? name : undefined;
}
