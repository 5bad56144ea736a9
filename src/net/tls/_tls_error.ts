/**
 * What TLS says when it fails, in words of our own.
 *
 * @module
 */

import { escapeControls } from "../core/escape_controls.ts";
import { NetwrightError, TlsError } from "../core/errors.ts";
import { CA_HINT } from "./_secure_options.ts";
import { toNetwrightError } from "../core/system_errors.ts";

/**
 * Describes an error of TLS in our words.
 *
 * @param error The thrown value.
 * @param context The operation, and its peer.
 * @returns A `TlsError`, or the usual error if it is not of TLS.
 */
export function toTlsError(error: unknown, context: { operation: string; peer: string }): unknown {
  if (error instanceof TlsError) return error;
  const known = toNetwrightError(error, context);
  if (known instanceof NetwrightError && !(known instanceof TlsError)) return known;
  const text = error instanceof Error ? error.message : String(error);
  const [reason, hint] = explain(escapeControls(text, { maxLength: 1000 }));
  return new TlsError(reason, { ...context, hint, cause: error });
}

/** Said where the certificate itself cannot be seen. */
export const UNTRUSTED = "the certificate is signed by itself or an unknown authority";

function explain(text: string): [reason: string, hint?: string] {
  if (/received fatal alert/i.test(text)) {
    const alert = /alert: (\w+)/.exec(text)?.[1] ?? "";
    const words = alert.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
    return /ca$|certificate/i.test(alert)
      ? [`the peer does not accept our certificate: ${words}`]
      : [`the peer refuses: ${words}`];
  }
  if (/UnknownIssuer/i.test(text)) return [UNTRUSTED, CA_HINT];
  if (/CaUsedAsEndEntity/i.test(text)) {
    return ["the server shows the certificate of an authority (CA:TRUE) as its own"];
  }
  const names = /certificate is only valid for (.*)$/.exec(text)?.[1];
  if (names !== undefined) {
    const list = [...names.matchAll(/"([^"]*)"/g)].slice(0, 5).map((match) => match[1]).join(", ");
    return [`the certificate is not for this name but for ${list || "no name"}`];
  }
  if (/NotValidForName|not valid for name/i.test(text)) {
    return ["the certificate is not for this name"];
  }
  const moment = /not valid (?:after|before) (\d+)/.exec(text)?.[1];
  const day = moment === undefined
    ? ""
    : new Date(Number(moment) * 1000).toISOString().slice(0, 10);
  if (/certificate expired/i.test(text)) return [`the certificate has expired on ${day}`];
  if (/not valid yet/i.test(text)) return [`the certificate is not valid before ${day}`];
  if (/sent no certificates/i.test(text)) return ["the client has no certificate"];
  if (/corrupt|wrong version|InvalidContentType|packet length|UNEXPECTED_MESSAGE/i.test(text)) {
    return ["the peer does not speak TLS here"];
  }
  return [text];
}
