/**
 * What header fields mean, and which ones a site should have.
 *
 * @module
 */

import type { HttpHeaders } from "../../protocols/http/mod.ts";

/** A judgement. */
export type Verdict = "good" | "weak" | "missing" | "note";

/** One finding. */
export interface HeaderFinding {
  /** How it is judged. */
  readonly verdict: Verdict;
  /** The field, in lower case. */
  readonly name: string;
  /** What is meant, in one line. */
  readonly text: string;
}

/** What fields are for. */
const MEANINGS: Readonly<Record<string, string>> = {
  "accept-ranges": "downloads can be resumed",
  "access-control-allow-origin": "which other sites' scripts may read the response",
  "age": "seconds that a cache has kept the response",
  "alt-svc": "other ways to reach the service, such as HTTP/3",
  "cache-control": "who may keep the response, and for how long",
  "cf-ray": "identifier of the request at Cloudflare",
  "connection": "whether the connection stays open",
  "content-encoding": "how the body is compressed",
  "content-language": "the language of the body",
  "content-length": "bytes of the body",
  "content-security-policy": "where scripts, pictures and frames may come from",
  "content-type": "what the body is, and its charset",
  "cross-origin-embedder-policy": "whether resources of others must agree to be embedded",
  "cross-origin-opener-policy": "whether windows of other sites keep a handle on this one",
  "cross-origin-resource-policy": "which sites may embed the resource",
  "date": "when the response was made",
  "etag": "identifies this version, to ask whether it has changed",
  "expires": "until when caches may keep the response",
  "keep-alive": "how long the connection stays open",
  "last-modified": "when the resource changed",
  "link": "related resources",
  "nel": "where browsers report network errors",
  "permissions-policy": "which features, such as the camera, scripts may use",
  "pragma": "old form of cache-control",
  "referrer-policy": "what other sites learn about where visitors come from",
  "report-to": "where browsers send reports",
  "server": "the server's program",
  "server-timing": "how long the server's steps took",
  "set-cookie": "a cookie",
  "strict-transport-security": "browsers use TLS only",
  "transfer-encoding": "how the body is divided",
  "upgrade": "other protocols that the server speaks",
  "vary": "fields of the request that the response depends on",
  "via": "proxies on the way",
  "x-cache": "whether a cache answered",
  "x-content-type-options": "browsers do not guess the type of the body",
  "x-frame-options": "which sites may show the page in a frame",
  "x-powered-by": "the program behind the server",
  "x-xss-protection": "obsolete, and ignored by browsers",
};

/**
 * Says what a field is for.
 *
 * @param name Its name in lower case.
 * @returns One line; empty if it is not known.
 */
export function meaningOf(name: string): string {
  return Object.hasOwn(MEANINGS, name) ? MEANINGS[name]! : "";
}

/**
 * Judges what protects the visitors of a site.
 *
 * @param headers The fields of a response.
 * @param isSecure Whether it came by TLS.
 * @returns The findings.
 */
export function judgeHeaders(headers: HttpHeaders, isSecure: boolean): HeaderFinding[] {
  const findings: HeaderFinding[] = [];
  const add = (verdict: Verdict, name: string, text: string): void => {
    findings.push({ verdict, name, text });
  };
  if (!isSecure) add("missing", "tls", "anybody on the way can read and change the page");
  else judgeTransport(headers.get("strict-transport-security"), add);
  const policy = headers.get("content-security-policy");
  if (policy === undefined) {
    add("missing", "content-security-policy", "injected scripts would run");
  } else judgePolicy(policy, add);
  if (headers.get("x-content-type-options")?.toLowerCase() === "nosniff") {
    add("good", "x-content-type-options", "types are not guessed");
  } else {add(
      "missing",
      "x-content-type-options",
      "browsers may take an upload for a script: nosniff",
    );}
  const framing = headers.get("x-frame-options");
  if (framing !== undefined || /frame-ancestors/i.test(policy ?? "")) {
    add("good", "x-frame-options", "other sites cannot show the page in a frame");
  } else {add(
      "missing",
      "x-frame-options",
      "other sites can show the page in a frame (clickjacking)",
    );}
  const referrer = headers.get("referrer-policy");
  if (referrer === undefined) {
    add("note", "referrer-policy", "browsers decide: other sites learn the origin");
  } else {
    const isOpen = /unsafe-url|no-referrer-when-downgrade/i.test(referrer);
    add(
      isOpen ? "weak" : "good",
      "referrer-policy",
      isOpen ? "other sites learn whole URLs" : referrer,
    );
  }
  for (const name of ["server", "x-powered-by"]) {
    const value = headers.get(name) ?? "";
    if (/\d/.test(value)) add("note", name, "tells attackers the version");
  }
  for (const cookie of headers.all("set-cookie")) judgeCookie(cookie, isSecure, add);
  const origin = headers.get("access-control-allow-origin");
  if (origin === "*" && headers.get("access-control-allow-credentials") === "true") {
    add("weak", "access-control-allow-origin", "with credentials, '*' is refused by browsers");
  }
  return findings;
}

type Add = (verdict: Verdict, name: string, text: string) => void;

function judgeTransport(field: string | undefined, add: Add): void {
  const name = "strict-transport-security";
  if (field === undefined) return add("missing", name, "the first visit may go without TLS");
  const [, age = "0"] = /max-age\s*=\s*"?(\d{1,12})/i.exec(field) ?? [];
  const days = Math.floor(Number(age) / 86_400);
  if (days < 180) add("weak", name, `${days} days are few; half a year or more is usual`);
  else {add(
      "good",
      name,
      `${days} days${/includesubdomains/i.test(field) ? ", with all names below" : ""}`,
    );}
}

function judgePolicy(policy: string, add: Add): void {
  const name = "content-security-policy";
  const directives = new Map(
    policy.toLowerCase().split(";").map((part) => {
      const [key = "", ...values] = part.trim().split(/\s+/);
      return [key, values];
    }),
  );
  const scripts = directives.get("script-src") ?? directives.get("default-src");
  if (scripts === undefined) add("weak", name, "scripts may come from anywhere");
  else if (
    scripts.includes("'unsafe-inline'") && !scripts.some((one) => /^'(?:nonce|sha\d+)-/.test(one))
  ) {
    add("weak", name, "'unsafe-inline' lets injected scripts run");
  } else if (scripts.includes("*")) add("weak", name, "scripts may come from anywhere");
  else add("good", name, "scripts come from named places only");
}

function judgeCookie(field: string, isSecure: boolean, add: Add): void {
  const [pair = "", ...attributes] = field.split(";");
  const name = pair.split("=", 1)[0]!.trim().slice(0, 100);
  const given = attributes.map((one) => one.split("=", 1)[0]!.trim().toLowerCase());
  const lacking = [
    ...isSecure && !given.includes("secure") ? ["Secure"] : [],
    ...given.includes("httponly") ? [] : ["HttpOnly"],
    ...given.includes("samesite") ? [] : ["SameSite"],
  ];
  if (lacking.length === 0) add("good", "set-cookie", `${name}: Secure, HttpOnly, SameSite`);
  else add("weak", "set-cookie", `${name}: without ${lacking.join(", ")}`);
}
